#include "conformance/findings.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/check.h"

namespace counterpart::conformance {

size_t collect(std::vector<Finding>& findings, Finding finding) {
  const auto same = std::find_if(findings.begin(), findings.end(), [&](const Finding& other) {
    return other.check == finding.check && other.subject == finding.subject && other.message == finding.message;
  });
  if (same == findings.end()) {
    findings.push_back(std::move(finding));
    return findings.size() - 1;
  }
  same->count += finding.count;
  same->level = std::min(same->level, finding.level);
  return static_cast<size_t>(same - findings.begin());
}

std::vector<StaleKnown> mark_known(std::vector<Finding>& findings, const std::vector<KnownFailure>& known,
                                   bool is_whole) {
  std::vector<StaleKnown> stale;
  for (const KnownFailure& entry : known) {
    if (find_check(entry.check) == nullptr) {
      std::vector<std::string> names;
      for (const Check& check : all_checks()) names.emplace_back(check.id);
      stale.push_back(
          {entry.check, entry.on,
           fmt::format("there is no check \"{}\"; {}", entry.check, document::suggestion(entry.check, names)),
           entry.where});
      continue;
    }
    bool hides = false;
    std::string other_message;
    for (Finding& finding : findings) {
      if (finding.check != entry.check || finding.subject != entry.on) continue;
      if (!entry.message.empty() && finding.message != entry.message) {
        other_message = finding.message;
        continue;
      }
      finding.known = entry.reason.empty() ? "listed as known" : entry.reason;
      hides = true;
    }
    if (hides) continue;
    if (!other_message.empty()) {
      stale.push_back({entry.check, entry.on, "its message changed: " + other_message, entry.where});
    } else if (is_whole) {
      stale.push_back({entry.check, entry.on, "it no longer occurs", entry.where});
    }
  }
  return stale;
}

std::vector<KnownFailure> known_of(const std::vector<Finding>& findings, const std::vector<KnownFailure>& known) {
  std::vector<KnownFailure> all;
  for (const Finding& finding : findings) {
    const auto before = std::find_if(known.begin(), known.end(), [&](const KnownFailure& entry) {
      return entry.check == finding.check && entry.on == finding.subject &&
             (entry.message.empty() || entry.message == finding.message);
    });
    KnownFailure entry{finding.check, finding.subject, finding.message, "", {}};
    if (before != known.end()) entry = *before;
    const bool listed = std::any_of(all.begin(), all.end(), [&](const KnownFailure& other) {
      return other.check == entry.check && other.on == entry.on && other.message == entry.message;
    });
    if (!listed) all.push_back(std::move(entry));
  }
  return all;
}

}  // namespace counterpart::conformance

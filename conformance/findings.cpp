#include "conformance/findings.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/check.h"

namespace counterpart::conformance {

namespace {

bool says_the_same(const KnownFailure& entry, const Finding& finding) {
  return entry.message.empty() || entry.message == finding.message;
}

/// Why `on` ("operation", or "operation/response") names nothing of the contract; "": it does.
std::string unknown_subject(const contract::Contract& contract, const std::string& on) {
  const size_t slash = std::min(on.find('/'), on.size());
  const std::string id = on.substr(0, slash);
  const contract::Operation* const operation = contract.find_operation(id);
  std::vector<std::string> names;
  if (operation == nullptr) {
    for (const contract::Operation& other : contract.operations) names.push_back(other.id);
    return fmt::format("there is no operation \"{}\"; {}", id, document::suggestion(id, names));
  }
  if (slash == on.size()) return "";
  const std::string response = on.substr(slash + 1);
  if (operation->find_response(response) != nullptr) return "";
  for (const auto& other : operation->responses) names.push_back(other->name);
  return fmt::format("{} has no response \"{}\"; {}", id, response, document::suggestion(response, names));
}

}  // namespace

const KnownFailure* known_entry(const Finding& finding, const std::vector<KnownFailure>& known) {
  const auto entry = std::find_if(known.begin(), known.end(), [&](const KnownFailure& one) {
    return one.check == finding.check && one.on == finding.subject && says_the_same(one, finding);
  });
  return entry == known.end() ? nullptr : &*entry;
}

bool is_same_cause(const Finding& a, const Finding& b) {
  return a.check == b.check && a.subject == b.subject && a.message == b.message;
}

size_t collect(std::vector<Finding>& findings, Finding finding) {
  const auto same = std::find_if(findings.begin(), findings.end(),
                                 [&](const Finding& other) { return is_same_cause(other, finding); });
  if (same == findings.end()) {
    findings.push_back(std::move(finding));
    return findings.size() - 1;
  }
  same->count += finding.count;
  same->level = std::min(same->level, finding.level);
  return static_cast<size_t>(same - findings.begin());
}

Unused unused_entries(const contract::Contract& contract, const std::vector<Finding>& findings,
                      const std::vector<KnownFailure>& known,
                      const std::function<std::string(const KnownFailure&)>& why_undecided) {
  Unused unused;
  std::vector<StaleKnown>& stale = unused.stale;
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
    for (const Finding& finding : findings) {
      if (finding.check != entry.check || finding.subject != entry.on) continue;
      if (says_the_same(entry, finding)) {
        hides = true;
      } else if (finding.known.empty()) {
        other_message = finding.message;
      }
    }
    if (hides) continue;
    if (!other_message.empty()) {
      stale.push_back({entry.check, entry.on, "its message changed: " + other_message, entry.where});
    } else if (std::string unknown = unknown_subject(contract, entry.on); !unknown.empty()) {
      stale.push_back({entry.check, entry.on, std::move(unknown), entry.where});
    } else if (const std::string reason = why_undecided(entry); !reason.empty()) {
      unused.undecided.push_back({entry.check, entry.on, reason, entry.where});
    } else {
      stale.push_back({entry.check, entry.on, not_seen, entry.where});
    }
  }
  return unused;
}

std::vector<KnownFailure> known_of(const std::vector<Finding>& findings, const std::vector<KnownFailure>& known,
                                   const std::vector<StaleKnown>& stale) {
  std::vector<KnownFailure> all;
  for (const KnownFailure& entry : known) {
    const bool is_stale = std::any_of(stale.begin(), stale.end(), [&](const StaleKnown& one) {
      return one.check == entry.check && one.on == entry.on && one.where.line == entry.where.line;
    });
    if (!is_stale) all.push_back(entry);
  }
  for (const Finding& finding : findings) {
    for (const Cause& cause : finding.also) all.push_back({cause.check, cause.subject, cause.message, "", {}});
    if (!finding.also.empty() || known_entry(finding, all) != nullptr) continue;
    all.push_back({finding.check, finding.subject, finding.message, "", {}});
  }
  return all;
}

}  // namespace counterpart::conformance

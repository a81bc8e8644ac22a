#include "conformance/same_answer.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/check.h"

namespace counterpart::conformance {

namespace {

/// The one status that every operation was answered with; 0: there is none, or too few operations to say so.
int only_status(const StatusesByOperation& statuses) {
  constexpr size_t operations_min = 2;
  if (statuses.size() < operations_min || statuses.begin()->second.size() != 1) return 0;
  const std::set<int>& first = statuses.begin()->second;
  const bool same = std::all_of(statuses.begin(), statuses.end(), [&](const auto& one) { return one.second == first; });
  return same ? *first.begin() : 0;
}

/// Whether it is about which answer came, not about what is in it.
bool says_what_came(const Finding& finding) {
  const Check* check = find_check(finding.check);
  if (check == nullptr || !finding.known.empty() || finding.exchanges.empty()) return false;
  const bool is_of_bodies = check->judges_bodies || finding.check == "content-type" || finding.check == "headers" ||
                            finding.check == "response-time";
  const Exchange& last = finding.exchanges.back();
  // A documented answer that changes from one read to the next is something else.
  const bool is_of_change = finding.check == "repeatable" && !last.got.empty();
  return !is_of_bodies && !is_of_change && last.reply.kind == Reply::Kind::answered;
}

std::string operation_of(const Finding& finding) { return finding.subject.substr(0, finding.subject.find('/')); }

Finding joined(const std::vector<Finding>& findings, const std::vector<bool>& is_one, int status, size_t operations) {
  Finding all;
  for (size_t i = 0; i < findings.size(); ++i) {
    const Finding& finding = findings[i];
    if (!is_one[i]) continue;
    if (all.also.empty()) {
      all = finding;
      all.count = 0;
    }
    all.count += finding.count;
    all.level = std::min(all.level, finding.level);
    all.also.push_back({finding.check, finding.subject, finding.message, finding.count});
  }
  all.subject = "every operation";
  all.message = fmt::format("whatever is asked, the answer has status {}: {} operations", status, operations);
  all.expected = "the answers that the documents give";
  all.actual = fmt::format("status {} each time", status);
  all.expected_body.reset();
  all.actual_body.reset();
  return all;
}

}  // namespace

void join_same_answers(const StatusesByOperation& statuses, Report& report) {
  const int status = only_status(statuses);
  if (status == 0) return;
  std::vector<bool> is_one;
  std::set<std::string> operations;
  for (const Finding& finding : report.findings) {
    is_one.push_back(says_what_came(finding));
    if (is_one.back()) operations.insert(operation_of(finding));
  }
  const bool all_have_one =
      std::all_of(statuses.begin(), statuses.end(), [&](const auto& one) { return operations.contains(one.first); });
  if (!all_have_one) return;
  std::vector<Finding> findings{joined(report.findings, is_one, status, operations.size())};
  std::vector<size_t> became;
  for (size_t i = 0; i < report.findings.size(); ++i) {
    became.push_back(is_one[i] ? 0 : findings.size());
    if (!is_one[i]) findings.push_back(std::move(report.findings[i]));
  }
  report.findings = std::move(findings);
  for (CaseResult& result : report.cases) {
    for (size_t& index : result.findings) index = became.at(index);
    std::sort(result.findings.begin(), result.findings.end());
    result.findings.erase(std::unique(result.findings.begin(), result.findings.end()), result.findings.end());
  }
}

}  // namespace counterpart::conformance

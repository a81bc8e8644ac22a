#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conformance/checks/all.h"

namespace counterpart::conformance::checks {

namespace {

std::optional<Violation> judge(const Judged& judged) {
  const Expectation& expectation = judged.expectation;
  const contract::Operation& operation = *expectation.operation;
  const int status = judged.exchange.reply.response.status;
  if (is_tolerated(expectation, status)) return std::nullopt;
  const auto has_status = [&](const auto& response) { return response->status == status; };
  if (std::any_of(operation.responses.begin(), operation.responses.end(), has_status)) return std::nullopt;
  std::set<int> statuses(expectation.statuses.begin(), expectation.statuses.end());
  if (statuses.contains(status)) return std::nullopt;
  for (const auto& response : operation.responses) statuses.insert(response->status);
  if (expectation.predicted != nullptr && expectation.predicted->documented == nullptr) {
    return std::nullopt;  // no answer of the contract: documented-response says what was awaited
  }
  Violation violation;
  const contract::Response* expected = expected_response(expectation);
  const contract::Response* due = expected;
  if (due == nullptr && expectation.predicted != nullptr) due = expectation.predicted->documented;
  violation.level = due == nullptr ? Level::documented : level_of(operation, *due, "status");
  violation.says = fmt::format("{} answers {}", operation.id, fmt::join(statuses, ", "));
  violation.message = fmt::format("status {} is not among those of the operation", status);
  violation.expected = expected != nullptr ? fmt::format("status {}", expected->status)
                                           : fmt::format("status {}", fmt::join(statuses, " or "));
  violation.actual = fmt::format("status {}", status);
  violation.where = expected == nullptr ? &operation.where : &expected->where;
  return violation;
}

}  // namespace

const Check documented_status{"documented-status", "Every answer has a status that its operation documents", judge,
                              true, nullptr};

}  // namespace counterpart::conformance::checks

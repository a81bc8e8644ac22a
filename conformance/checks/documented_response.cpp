#include <fmt/format.h>

#include <algorithm>

#include "conformance/checks/all.h"
#include "engine/document/json.h"

namespace counterpart::conformance::checks {

namespace {

bool is_expected(const Judged& judged) {
  const Expectation& expectation = judged.expectation;
  const int status = judged.exchange.reply.response.status;
  if (expectation.refusal_suffices && status >= 400 && status < 500) return true;
  if (expectation.responses.empty() && expectation.statuses.empty()) return true;
  if (std::find(expectation.statuses.begin(), expectation.statuses.end(), status) != expectation.statuses.end()) {
    return true;
  }
  return std::find(expectation.responses.begin(), expectation.responses.end(), judged.got) !=
         expectation.responses.end();
}

std::string name_of_got(const Judged& judged) {
  const int status = judged.exchange.reply.response.status;
  return judged.got == nullptr ? fmt::format("status {}", status)
                               : fmt::format("{} (status {})", judged.got->name, status);
}

std::optional<Violation> judge(const Judged& judged) {
  if (is_expected(judged)) return std::nullopt;
  const Expectation& expectation = judged.expectation;
  const contract::Operation& operation = *expectation.operation;
  Violation violation;
  std::vector<std::string> wanted;
  for (const contract::Response* response : expectation.responses) {
    wanted.push_back(fmt::format("{} (status {})", response->name, response->status));
    if (violation.says.empty()) violation.says = requirement_of(*response);
    if (violation.where == nullptr) violation.where = &response->where;
  }
  for (const int status : expectation.statuses) wanted.push_back(fmt::format("status {}", status));
  // A choice of the contract's author fails nobody, unless what came belongs to no answer that could be meant.
  violation.level = Level::assumed;
  for (const contract::Response* response : expectation.responses) {
    if (level_of(operation, *response, "status") == Level::documented) violation.level = Level::documented;
  }
  if (!expectation.statuses.empty() && expectation.predicted != nullptr && expectation.predicted->is_documented) {
    violation.level = Level::documented;
  }
  violation.expected = fmt::format("{}", fmt::join(wanted, " or "));
  violation.actual = name_of_got(judged);
  violation.message = fmt::format("{} instead of {}", violation.actual, violation.expected);
  if (expectation.predicted != nullptr && expectation.exact && expectation.predicted->documented != nullptr) {
    violation.expected_body = document::parse_json(expectation.predicted->response.body);
    if (violation.expected_body) violation.actual_body = *judged.body;
  }
  if (violation.where == nullptr) violation.where = &operation.where;
  return violation;
}

}  // namespace

const Check documented_response{"documented-response", "The answer is the one that the documents give for this request",
                                judge, true, nullptr};

}  // namespace counterpart::conformance::checks

#include <fmt/format.h>

#include <algorithm>

#include "conformance/checks/all.h"
#include "conformance/suite.h"
#include "engine/document/json.h"

namespace counterpart::conformance::checks {

namespace {

bool is_expected(const Judged& judged) {
  const Expectation& expectation = judged.expectation;
  const int status = judged.exchange.reply.response.status;
  if (is_tolerated(expectation, status)) return true;
  if (expectation.responses.empty() && expectation.statuses.empty()) return judged.got != nullptr;
  if (std::find(expectation.statuses.begin(), expectation.statuses.end(), status) != expectation.statuses.end()) {
    return true;
  }
  const auto is_among = [&](const std::vector<const contract::Response*>& responses) {
    return std::find(responses.begin(), responses.end(), judged.got) != responses.end();
  };
  if (is_among(expectation.responses)) return true;
  if (!is_among(expectation.excuses)) return false;
  const engine::Answer& predicted = *expectation.predicted;
  if (predicted.documented == judged.got && predicted.response.body == judged.exchange.reply.response.body) return true;
  const auto difference = judged.suite.shapes->of(*judged.got).difference(*judged.body);
  return !difference || !difference->literal;  // an excuse has to be that answer, not only to have its status
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
  if (wanted.empty()) {  // any of the operation's would do; what its author chose may look otherwise elsewhere
    const bool has_choice = std::any_of(operation.responses.begin(), operation.responses.end(), [&](const auto& one) {
      return level_of(operation, *one, "status") == Level::assumed;
    });
    if (!has_choice) violation.level = Level::documented;
    for (const auto& response : operation.responses) {
      if (response->status != judged.exchange.reply.response.status) continue;
      wanted.push_back(fmt::format("{} (status {})", response->name, response->status));
    }
    violation.says = fmt::format("{} documents no such body", operation.id);
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

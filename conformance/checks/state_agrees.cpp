#include <fmt/format.h>

#include "conformance/checks/all.h"
#include "conformance/checks/bodies.h"
#include "conformance/suite.h"
#include "engine/document/json.h"

namespace counterpart::conformance::checks {

namespace {

std::optional<Violation> judge(const Judged& judged) {
  const Expectation& expectation = judged.expectation;
  if (!expectation.exact || judged.got == nullptr || expectation.predicted->documented != judged.got) {
    return std::nullopt;
  }
  const std::string& text = expectation.predicted->response.body;
  if (text == judged.exchange.reply.response.body) return std::nullopt;
  const auto predicted = document::parse_json(text);
  const Json wanted = predicted ? *predicted : Json(text);
  const auto difference = judged.suite.shapes->of(*judged.got).disagreement(wanted, *judged.body);
  if (!difference) return std::nullopt;
  Violation violation = body_violation(judged, *difference, wanted);
  violation.message = fmt::format("{} is not what follows from the requests before",
                                  difference->path.empty() ? "the body" : difference->path);
  return violation;
}

}  // namespace

const Check state_agrees{"state-agrees",
                         "Answers agree with each other: what was changed is changed, what was not is not, counts and "
                         "pages add up, and nobody sees another's data",
                         judge,
                         true,
                         nullptr,
                         true};

}  // namespace counterpart::conformance::checks

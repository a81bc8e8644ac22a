#include <fmt/format.h>

#include "conformance/checks/all.h"
#include "conformance/checks/bodies.h"
#include "conformance/suite.h"
#include "engine/document/json.h"

namespace counterpart::conformance::checks {

namespace {

std::optional<Violation> judge(const Judged& judged) {
  if (judged.got == nullptr) return std::nullopt;
  const auto difference = judged.suite.shapes->of(*judged.got).difference(*judged.body);
  if (!difference || !difference->literal) return std::nullopt;
  std::optional<Json> printed;
  if (judged.got->body.is_constant()) printed = document::parse_json(judged.got->body.text());
  Violation violation = body_violation(judged, *difference, printed);
  violation.message =
      fmt::format("{} is not what the documents print", difference->path.empty() ? "the body" : difference->path);
  return violation;
}

}  // namespace

const Check literal_body{
    "literal-body", "What the documents print of a body is in the answer, value for value", judge, true, nullptr, true};

}  // namespace counterpart::conformance::checks

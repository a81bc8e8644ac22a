#include "conformance/checks/bodies.h"

#include <fmt/format.h>

#include "engine/schema/value.h"

namespace counterpart::conformance::checks {

Violation body_violation(const Judged& judged, const Difference& difference, const std::optional<Json>& expected_body) {
  const contract::Operation& operation = *judged.expectation.operation;
  Violation violation;
  violation.level = level_of(operation, *judged.got, "body");
  violation.says = fmt::format("{} ({})", subject_of(operation, judged.got), requirement_of(*judged.got));
  const std::string place = difference.path.empty() ? "the body" : difference.path;
  violation.expected = fmt::format("{}: {}", place, difference.expected);
  violation.actual = fmt::format("{}: {}", place, difference.actual ? schema::summary(*difference.actual) : "nothing");
  violation.message = fmt::format("{} is not as documented", place);
  violation.expected_body = expected_body;
  if (expected_body) violation.actual_body = *judged.body;
  violation.where = &judged.got->where;
  return violation;
}

}  // namespace counterpart::conformance::checks

#include <fmt/format.h>

#include "conformance/checks/all.h"
#include "conformance/checks/bodies.h"
#include "conformance/suite.h"

namespace counterpart::conformance::checks {

namespace {

std::optional<Violation> judge(const Judged& judged) {
  if (judged.got == nullptr || !judged.got->has_body) return std::nullopt;
  if (const auto difference = judged.suite.shapes->of(*judged.got).difference(*judged.body)) {
    Violation violation = body_violation(judged, *difference, std::nullopt);
    violation.message =
        fmt::format("{}: expected {}", difference->path.empty() ? "the body" : difference->path, difference->expected);
    return violation;
  }
  if (judged.got->schema == nullptr) return std::nullopt;
  const auto violations = judged.got->schema->validate(*judged.body);
  if (violations.empty()) return std::nullopt;
  const schema::Violation& first = violations.front();
  Violation violation = body_violation(judged, {first.instance_path, false, first.expected, nullptr}, std::nullopt);
  violation.message =
      fmt::format("{}: must be {} (schema {})", first.instance_path.empty() ? "the body" : first.instance_path,
                  first.expected, first.schema_path);
  violation.actual =
      fmt::format("{}: {}", first.instance_path.empty() ? "the body" : first.instance_path, first.actual);
  return violation;
}

}  // namespace

const Check schema_body{"schema-body", "A body has the fields and types that the documents show", judge, true, nullptr,
                        true};

}  // namespace counterpart::conformance::checks

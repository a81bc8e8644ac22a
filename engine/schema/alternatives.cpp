#include "engine/schema/alternatives.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "engine/schema/value.h"

namespace counterpart::schema {

namespace {

using Violations = std::vector<Violation>;

constexpr size_t tried_max = 64;  ///< schemas of which violations are collected
constexpr size_t joined_max = 8;  ///< schemas named in one violation

bool is_of(const Violation& violation, std::string_view keyword) {
  return violation.schema_path.ends_with(keyword) &&
         violation.schema_path[violation.schema_path.size() - keyword.size() - 1] == '/';
}

/// How far the value is from a schema that found these violations; less is closer. A schema of another type is not
/// meant; nor is one whose constant differs: alternatives are often told apart by one (`kind: { const: circle }`).
/// Then, what is wrong deep inside is nearer than what is wrong on the outside.
auto distance(const Violations& violations, size_t value_depth) {
  bool is_other_type = false;
  bool is_other_constant = false;
  size_t depth = SIZE_MAX;
  for (const Violation& violation : violations) {
    const auto steps = std::count(violation.instance_path.begin(), violation.instance_path.end(), '/');
    const size_t inside = static_cast<size_t>(steps) - value_depth;
    is_other_type |= inside == 0 && is_of(violation, "type");
    is_other_constant |= inside <= 1 && (is_of(violation, "const") || is_of(violation, "enum"));
    depth = std::min(depth, inside);
  }
  return std::tuple(is_other_type, is_other_constant, SIZE_MAX - depth, violations.size());
}

bool is_about_all(const std::vector<Violations>& found, size_t value_depth) {
  return std::all_of(found.begin(), found.end(), [&](const Violations& violations) {
    return violations.size() == 1 &&
           static_cast<size_t>(
               std::count(violations[0].instance_path.begin(), violations[0].instance_path.end(), '/')) == value_depth;
  });
}

std::string joined(const std::vector<Violations>& found) {
  std::vector<std::string_view> phrases;
  for (const Violations& violations : found) {
    const std::string_view phrase = violations[0].expected;
    if (std::find(phrases.begin(), phrases.end(), phrase) == phrases.end()) phrases.push_back(phrase);
  }
  return fmt::format("{}", fmt::join(phrases, " or "));
}

}  // namespace

bool fail_alternatives(const std::vector<const Compiled*>& schemas, const Json& value, const Visit& visit) {
  if (visit.is_quiet() || !visit.goes_on(false)) return false;
  std::vector<Violations> found;
  for (size_t i = 0; i < schemas.size() && i < tried_max; ++i) {
    found.push_back(visit.violations(*schemas[i], value, i));
    if (found.back().empty()) return false;  // the work is over
  }
  const size_t depth = visit.instance_depth();
  if (found.size() == schemas.size() && found.size() <= joined_max && is_about_all(found, depth)) {
    return visit.fail([&] { return Reason{joined(found), found[0][0].actual}; });
  }
  const auto closest = std::min_element(found.begin(), found.end(), [depth](const auto& a, const auto& b) {
    return distance(a, depth) < distance(b, depth);
  });
  visit.fail([&] {
    return Reason{
        schemas.size() == 1 ? "as its only schema says" : fmt::format("as one of {} schemas says", schemas.size()),
        fmt::format("closest to number {}", closest - found.begin() + 1)};
  });
  for (Violation& violation : *closest) {
    if (visit.goes_on(false)) visit.add(std::move(violation));
  }
  return false;
}

}  // namespace counterpart::schema

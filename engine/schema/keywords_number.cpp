// minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf (JSON Schema 2020-12 validation, 6.2).

#include <fmt/format.h>

#include "engine/schema/check.h"
#include "engine/schema/value.h"

namespace counterpart::schema {

namespace {

/// One side of a range.
struct Bound {
  std::string_view keyword;
  std::string_view phrase;
  bool (*holds)(std::partial_ordering value_to_bound);
};

constexpr Bound minimum{"minimum", "at least", [](std::partial_ordering order) { return order >= 0; }};
constexpr Bound maximum{"maximum", "at most", [](std::partial_ordering order) { return order <= 0; }};
constexpr Bound above{"exclusiveMinimum", "more than", [](std::partial_ordering order) { return order > 0; }};
constexpr Bound below{"exclusiveMaximum", "less than", [](std::partial_ordering order) { return order < 0; }};

class BoundCheck : public Check {
 public:
  BoundCheck(const Bound& bound, Json limit) : bound_(bound), limit_(std::move(limit)) {}

  bool run(const Json& value, const Visit& visit) const override {
    if (!value.is_number() || bound_.holds(compare_numbers(value, limit_))) return true;
    return visit.fail([&] { return Reason{fmt::format("{} {}", bound_.phrase, summary(limit_)), summary(value)}; });
  }

 private:
  const Bound& bound_;
  Json limit_;
};

template <const Bound& bound>
std::unique_ptr<Check> compile_bound(const Node& value, Compiler& compiler) {
  auto limit = compiler.number(bound.keyword, value);
  if (!limit) return nullptr;
  return std::make_unique<BoundCheck>(bound, std::move(*limit));
}

class MultipleCheck : public Check {
 public:
  explicit MultipleCheck(Json divisor) : divisor_(std::move(divisor)) {}

  bool run(const Json& value, const Visit& visit) const override {
    if (!value.is_number() || is_multiple_of(value, divisor_)) return true;
    return visit.fail([&] { return Reason{"a multiple of " + summary(divisor_), summary(value)}; });
  }

 private:
  Json divisor_;
};

std::unique_ptr<Check> compile_multiple_of(const Node& value, Compiler& compiler) {
  auto divisor = compiler.number("multipleOf", value);
  if (!divisor) return nullptr;
  if (compare_numbers(*divisor, 0) <= 0) {
    compiler.error(value.at, fmt::format("\"multipleOf\" must be above 0, found {}", value.text), {},
                   value.text.size());
    return nullptr;
  }
  return std::make_unique<MultipleCheck>(std::move(*divisor));
}

}  // namespace

std::span<const Keyword> number_keywords() {
  static constexpr Keyword keywords[] = {{"minimum", compile_bound<minimum>},
                                         {"maximum", compile_bound<maximum>},
                                         {"exclusiveMinimum", compile_bound<above>},
                                         {"exclusiveMaximum", compile_bound<below>},
                                         {"multipleOf", compile_multiple_of}};
  return keywords;
}

}  // namespace counterpart::schema

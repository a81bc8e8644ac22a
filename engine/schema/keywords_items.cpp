// prefixItems, items, contains (JSON Schema 2020-12 core, 10.3.1), minContains, maxContains (validation, 6.4); and as
// draft 7 has them (validation, 6.4): items with a list, additionalItems.

#include <fmt/format.h>

#include "engine/schema/check.h"

namespace counterpart::schema {

namespace {

/// A schema for each of the first items.
class PrefixCheck : public Check {
 public:
  explicit PrefixCheck(std::vector<const Compiled*> schemas) : schemas_(std::move(schemas)) {}

  bool run(const Json& value, const Visit& visit) const override {
    if (!value.is_array()) return true;
    bool good = true;
    for (size_t i = 0; i < value.size() && i < schemas_.size() && visit.goes_on(good); ++i) {
      visit.mark(i);
      good &= visit.part(*schemas_[i], value[i], i, i);
    }
    return good;
  }

 private:
  std::vector<const Compiled*> schemas_;
};

/// One schema for all items behind the first.
class RestCheck : public Check {
 public:
  RestCheck(const Compiled* schema, size_t first) : schema_(schema), first_(first) {}

  bool run(const Json& value, const Visit& visit) const override {
    if (!value.is_array()) return true;
    visit.mark_all();  // those before are the prefix's
    bool good = true;
    for (size_t i = first_; i < value.size() && visit.goes_on(good); ++i) good &= visit.part(*schema_, value[i], i);
    return good;
  }

 private:
  const Compiled* schema_;
  size_t first_;
};

std::unique_ptr<Check> compile_prefix(std::string_view keyword, const Node& value, Compiler& compiler) {
  if (!value.is(Kind::list)) {
    compiler.wrong_type(keyword, value, "a list of schemas");
    return nullptr;
  }
  std::vector<const Compiled*> schemas;
  for (const Node& schema : value.items) schemas.push_back(compiler.part(schema));
  return std::make_unique<PrefixCheck>(std::move(schemas));
}

std::unique_ptr<Check> compile_prefix_items(const Node& value, Compiler& compiler) {
  return compile_prefix("prefixItems", value, compiler);
}

std::unique_ptr<Check> compile_items(const Node& value, Compiler& compiler) {
  const bool is_seven = compiler.draft() == Draft::seven;
  if (is_seven && value.is(Kind::list)) return compile_prefix("items", value, compiler);
  if (value.is(Kind::list)) {
    compiler.error(value.at, "expected a schema (a map, true or false), found a list",
                   "a schema for each item is written \"prefixItems\"");
    return nullptr;
  }
  const Compiled* schema = compiler.part(value);
  compiler.compiled().items = Schema(std::shared_ptr<const Compiled>(std::shared_ptr<void>(), schema));
  const Node* prefix = is_seven ? nullptr : compiler.siblings().find("prefixItems");
  return std::make_unique<RestCheck>(schema, prefix ? prefix->items.size() : 0);
}

std::unique_ptr<Check> compile_additional_items(const Node& value, Compiler& compiler) {
  const Compiled* schema = compiler.part(value);
  const Node* items = compiler.siblings().find("items");
  if (!items || !items->is(Kind::list)) return nullptr;
  return std::make_unique<RestCheck>(schema, items->items.size());
}

class ContainsCheck : public Check {
 public:
  ContainsCheck(const Compiled* schema, size_t least, std::optional<size_t> most)
      : schema_(schema), least_(least), most_(most) {}

  bool run(const Json& value, const Visit& visit) const override {
    if (!value.is_array()) return true;
    size_t count = 0;
    for (size_t i = 0; i < value.size() && visit.goes_on(true); ++i) {
      if (!most_ && count >= least_ && !visit.marks()) return true;
      if (!visit.accepts(*schema_, value[i])) continue;
      visit.mark(i);
      ++count;
    }
    const auto describe = [&](std::string_view side, size_t limit) {
      return Reason{fmt::format("a list with at {} {} item{} as \"contains\" says", side, limit, limit == 1 ? "" : "s"),
                    fmt::format("one with {}", count)};
    };
    if (count < least_) {
      return visit.fail_beside(least_ == 1 ? "contains" : "minContains", [&] { return describe("least", least_); });
    }
    if (most_ && count > *most_) return visit.fail_beside("maxContains", [&] { return describe("most", *most_); });
    return true;
  }

 private:
  const Compiled* schema_;
  size_t least_;
  std::optional<size_t> most_;
};

std::unique_ptr<Check> compile_contains(const Node& value, Compiler& compiler) {
  const Compiled* schema = compiler.part(value);
  if (compiler.draft() == Draft::seven) return std::make_unique<ContainsCheck>(schema, 1, std::nullopt);
  const Node* least = compiler.siblings().find("minContains");
  const Node* most = compiler.siblings().find("maxContains");
  const auto at_least = least ? compiler.count("minContains", *least) : 1;
  const auto at_most = most ? compiler.count("maxContains", *most) : std::nullopt;
  return std::make_unique<ContainsCheck>(schema, at_least.value_or(1), at_most);
}

/// Judged by "contains"; without it, it says nothing.
std::unique_ptr<Check> compile_contains_count(const Node& value, Compiler& compiler) {
  if (compiler.siblings().find("contains")) return nullptr;
  compiler.count("minContains and maxContains", value);
  if (compiler.is_strict()) compiler.warning(value.at, "this says nothing without \"contains\"", {}, value.text.size());
  return nullptr;
}

}  // namespace

std::span<const Keyword> item_keywords() {
  constexpr auto y2020 = static_cast<uint8_t>(Draft::y2020);
  constexpr auto seven = static_cast<uint8_t>(Draft::seven);
  static constexpr Keyword keywords[] = {
      {"prefixItems", compile_prefix_items, applicator, Phase::parts, Shape::list, y2020},
      {"items", compile_items, applicator, Phase::parts, Shape::schema_or_list},
      {"additionalItems", compile_additional_items, applicator, Phase::parts, Shape::schema, seven},
      {"contains", compile_contains, applicator, Phase::parts, Shape::schema},
      {"minContains", compile_contains_count, validation, Phase::value, Shape::none, y2020},
      {"maxContains", compile_contains_count, validation, Phase::value, Shape::none, y2020}};
  return keywords;
}

}  // namespace counterpart::schema

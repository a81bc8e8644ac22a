// minItems, maxItems (JSON Schema 2020-12 validation, 6.4), items (core, 10.3.1.2).

#include <fmt/format.h>

#include "engine/schema/check.h"

namespace counterpart::schema {

namespace {

class ItemCountCheck : public Check {
 public:
  ItemCountCheck(bool is_minimum, size_t limit) : is_minimum_(is_minimum), limit_(limit) {}

  void run(const Json& value, const Visit& visit) const override {
    if (!value.is_array() || (is_minimum_ ? value.size() >= limit_ : value.size() <= limit_)) return;
    visit.fail(fmt::format("at {} {} item{} long", is_minimum_ ? "least" : "most", limit_, limit_ == 1 ? "" : "s"),
               std::to_string(value.size()));
  }

 private:
  bool is_minimum_;
  size_t limit_;
};

template <bool is_minimum>
std::unique_ptr<Check> compile_item_count(const Node& value, Compiler& compiler) {
  const auto limit = compiler.count(is_minimum ? "minItems" : "maxItems", value);
  if (!limit) return nullptr;
  return std::make_unique<ItemCountCheck>(is_minimum, *limit);
}

class ItemsCheck : public Check {
 public:
  explicit ItemsCheck(Schema schema) : schema_(std::move(schema)) {}

  void run(const Json& value, const Visit& visit) const override {
    if (!value.is_array()) return;
    for (size_t i = 0; i < value.size() && !visit.is_full(); ++i) visit.descend(schema_, value[i], i);
  }

  const Schema& schema() const { return schema_; }

 private:
  Schema schema_;
};

std::unique_ptr<Check> compile_items(const Node& value, Compiler& compiler) {
  auto check = std::make_unique<ItemsCheck>(compiler.compile(value));
  compiler.set_items(&check->schema());
  return check;
}

}  // namespace

std::span<const Keyword> array_keywords() {
  static constexpr Keyword keywords[] = {
      {"minItems", compile_item_count<true>}, {"maxItems", compile_item_count<false>}, {"items", compile_items, true}};
  return keywords;
}

}  // namespace counterpart::schema

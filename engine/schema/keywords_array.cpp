// minItems, maxItems, uniqueItems (JSON Schema 2020-12 validation, 6.4).

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "engine/schema/canonical.h"
#include "engine/schema/check.h"
#include "engine/schema/value.h"

namespace counterpart::schema {

namespace {

class ItemCountCheck : public Check {
 public:
  ItemCountCheck(bool is_minimum, size_t limit) : is_minimum_(is_minimum), limit_(limit) {}

  bool run(const Json& value, const Visit& visit) const override {
    if (!value.is_array() || (is_minimum_ ? value.size() >= limit_ : value.size() <= limit_)) return true;
    return visit.fail([&] {
      return Reason{fmt::format("at {} {} item{} long", is_minimum_ ? "least" : "most", limit_, limit_ == 1 ? "" : "s"),
                    std::to_string(value.size())};
    });
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

/// Two items that are equal.
using Twins = std::optional<std::pair<size_t, size_t>>;

bool is_few_scalars(const Json& list) {
  constexpr size_t few = 16;
  return list.size() <= few &&
         std::none_of(list.begin(), list.end(), [](const Json& item) { return item.is_structured(); });
}

Twins find_twins_among_few(const Json& list) {
  for (size_t second = 1; second < list.size(); ++second) {
    for (size_t first = 0; first < second; ++first) {
      if (equal(list[first], list[second])) return std::pair(first, second);
    }
  }
  return std::nullopt;
}

/// Sorts, so that no choice of items makes it slow.
Twins find_twins(const std::vector<std::string>& texts) {
  std::vector<size_t> order(texts.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const int way = texts[a].compare(texts[b]);
    return way != 0 ? way < 0 : a < b;
  });
  Twins found;
  for (size_t i = 1; i < order.size(); ++i) {
    if (texts[order[i - 1]] != texts[order[i]]) continue;
    if (!found || order[i] < found->second) found = std::pair(order[i - 1], order[i]);
  }
  return found;
}

class UniqueCheck : public Check {
 public:
  bool run(const Json& value, const Visit& visit) const override {
    if (!value.is_array()) return true;
    Twins twins;
    if (is_few_scalars(value)) {
      twins = find_twins_among_few(value);
    } else {
      constexpr size_t bytes_a_step = 16;
      std::vector<std::string> texts;
      texts.reserve(value.size());
      for (const Json& item : value) {
        auto text = canonical(item);
        if (!text)
          return visit.fail([] { return Reason{"a list of items of no great depth", "one with a deeper one"}; });
        if (!visit.pay(1 + text->size() / bytes_a_step)) return false;
        texts.push_back(std::move(*text));
      }
      twins = find_twins(texts);
    }
    if (!twins) return true;
    return visit.fail([&] {
      return Reason{"a list of items that are all different",
                    fmt::format("one in which the items {} and {} are equal", twins->first, twins->second)};
    });
  }
};

std::unique_ptr<Check> compile_unique(const Node& value, Compiler& compiler) {
  if (!value.is(Kind::boolean)) {
    compiler.wrong_type("uniqueItems", value, "true or false");
    return nullptr;
  }
  if (!value.boolean) return nullptr;
  return std::make_unique<UniqueCheck>();
}

}  // namespace

std::span<const Keyword> array_keywords() {
  static constexpr Keyword keywords[] = {
      {"minItems", compile_item_count<true>}, {"maxItems", compile_item_count<false>}, {"uniqueItems", compile_unique}};
  return keywords;
}

}  // namespace counterpart::schema

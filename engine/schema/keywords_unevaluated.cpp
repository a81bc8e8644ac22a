// unevaluatedItems, unevaluatedProperties (JSON Schema 2020-12 core, 11): for what no other keyword has looked at.

#include "engine/schema/check.h"

namespace counterpart::schema {

namespace {

class UnevaluatedItemsCheck : public Check {
 public:
  explicit UnevaluatedItemsCheck(const Compiled* schema) : schema_(schema) {}

  bool run(const Json& value, const Visit& visit) const override {
    if (!value.is_array()) return true;
    if (!visit.pay(value.size())) return false;
    bool good = true;
    for (size_t i = 0; i < value.size() && visit.goes_on(good); ++i) {
      if (!visit.marks()->has(i)) good &= visit.part(*schema_, value[i], i);
    }
    visit.mark_all();
    return good;
  }

 private:
  const Compiled* schema_;
};

class UnevaluatedPropertiesCheck : public Check {
 public:
  explicit UnevaluatedPropertiesCheck(const Compiled* schema) : schema_(schema) {}

  bool run(const Json& value, const Visit& visit) const override {
    if (!value.is_object()) return true;
    if (!visit.pay(value.size())) return false;
    bool good = true;
    size_t index = 0;
    for (const auto& [name, member] : value.get_ref<const Json::object_t&>()) {
      if (!visit.marks()->has(index)) good &= visit.part(*schema_, member, name);
      if (!visit.goes_on(good)) break;
      ++index;
    }
    visit.mark_all();
    return good;
  }

 private:
  const Compiled* schema_;
};

template <class Unevaluated>
std::unique_ptr<Check> compile_unevaluated(const Node& value, Compiler& compiler) {
  compiler.compiled().has_unevaluated = true;
  return std::make_unique<Unevaluated>(compiler.part(value));
}

}  // namespace

std::span<const Keyword> unevaluated_keywords() {
  constexpr auto y2020 = static_cast<uint8_t>(Draft::y2020);
  static constexpr Keyword keywords[] = {{"unevaluatedItems", compile_unevaluated<UnevaluatedItemsCheck>, unevaluated,
                                          Phase::unevaluated, Shape::schema, y2020},
                                         {"unevaluatedProperties", compile_unevaluated<UnevaluatedPropertiesCheck>,
                                          unevaluated, Phase::unevaluated, Shape::schema, y2020}};
  return keywords;
}

}  // namespace counterpart::schema

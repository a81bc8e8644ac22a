// $ref, $dynamicRef and what they lead to (JSON Schema 2020-12 core, 8). Names themselves are read by resources.cpp.

#include <fmt/format.h>

#include "engine/schema/check.h"

namespace counterpart::schema {

namespace {

class ReferenceCheck : public Check {
 public:
  explicit ReferenceCheck(const Compiled* target) : target_(target) {}

  bool run(const Json& value, const Visit& visit) const override { return visit.here(*target_, value); }

 private:
  const Compiled* target_;
};

class DynamicReferenceCheck : public Check {
 public:
  DynamicReferenceCheck(const Compiled* target, std::string anchor) : target_(target), anchor_(std::move(anchor)) {}

  bool run(const Json& value, const Visit& visit) const override {
    const Compiled* found = visit.dynamic_anchor(anchor_);
    return visit.here(found ? *found : *target_, value);
  }

 private:
  const Compiled* target_;
  std::string anchor_;
};

std::unique_ptr<Check> compile_reference(const Node& value, Compiler& compiler) {
  const Compiler::Reference reference = compiler.reference("$ref", value);
  if (!reference.target) return nullptr;
  compiler.compiled().also.push_back(reference.target);
  return std::make_unique<ReferenceCheck>(reference.target);
}

std::unique_ptr<Check> compile_dynamic_reference(const Node& value, Compiler& compiler) {
  Compiler::Reference reference = compiler.reference("$dynamicRef", value);
  if (!reference.target) return nullptr;
  if (reference.dynamic_anchor.empty()) return std::make_unique<ReferenceCheck>(reference.target);
  return std::make_unique<DynamicReferenceCheck>(reference.target, std::move(reference.dynamic_anchor));
}

/// Schemas that only what refers to them applies: compiled for what is wrong with them.
std::unique_ptr<Check> compile_definitions(const Node& value, Compiler& compiler) {
  if (!compiler.is_map("$defs", value, "a map of schemas")) return nullptr;
  for (const Member& member : value.members) compiler.part(member.value);
  return nullptr;
}

std::unique_ptr<Check> compile_uri(const Node& value, Compiler& compiler) {
  if (!value.is(Kind::text)) compiler.wrong_type("this", value, "a URI");
  return nullptr;
}

std::unique_ptr<Check> compile_anchor(const Node& value, Compiler& compiler) {
  static constexpr std::string_view good = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789-.";
  constexpr size_t beginnings = 53;
  const std::string_view text = value.text;
  if (!value.is(Kind::text) || text.empty() || good.substr(0, beginnings).find(text[0]) == std::string_view::npos ||
      text.find_first_not_of(good) != std::string_view::npos) {
    compiler.error(value.at, "an anchor is a letter or \"_\", then letters, digits, \"-\", \"_\" and \".\"", {},
                   text.size());
  }
  return nullptr;
}

}  // namespace

std::span<const Keyword> reference_keywords() {
  constexpr auto y2020 = static_cast<uint8_t>(Draft::y2020);
  static constexpr Keyword keywords[] = {
      {"$ref", compile_reference, core, Phase::parts},
      {"$dynamicRef", compile_dynamic_reference, core, Phase::parts, Shape::none, y2020},
      {"$id", compile_uri, core},
      {"$schema", compile_uri, core},
      {"$anchor", compile_anchor, core, Phase::value, Shape::none, y2020},
      {"$dynamicAnchor", compile_anchor, core, Phase::value, Shape::none, y2020},
      {"$vocabulary", nullptr, core, Phase::value, Shape::none, y2020},
      {"$comment", nullptr, core},
      {"$defs", compile_definitions, core, Phase::value, Shape::map},
      {"definitions", compile_definitions, core, Phase::value, Shape::map}};
  return keywords;
}

}  // namespace counterpart::schema

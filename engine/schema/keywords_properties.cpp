// properties, patternProperties and additionalProperties (JSON Schema 2020-12 core, 10.3.2).

#include <fmt/format.h>

#include <algorithm>

#include "engine/schema/check.h"
#include "engine/schema/names.h"

namespace counterpart::schema {

namespace {

using Patterns = std::vector<std::shared_ptr<const Pattern>>;

const Json::object_t& members_of(const Json& object) { return object.get_ref<const Json::object_t&>(); }

class PropertiesCheck : public Check {
 public:
  explicit PropertiesCheck(NameTable<const Compiled*> schemas) : schemas_(std::move(schemas)) {}

  bool run(const Json& value, const Visit& visit) const override {
    if (!value.is_object()) return true;
    if (!visit.pay(value.size())) return false;
    bool good = true;
    size_t index = 0;
    for (const auto& [name, member] : members_of(value)) {
      const auto found = schemas_.find(std::string_view(name));
      if (found != schemas_.end()) {
        visit.mark(index);
        good &= visit.part(*found->second, member, name, name);
        if (!visit.goes_on(good)) break;
      }
      ++index;
    }
    return good;
  }

 private:
  NameTable<const Compiled*> schemas_;
};

std::unique_ptr<Check> compile_properties(const Node& value, Compiler& compiler) {
  if (!compiler.is_map("properties", value, "a map of schemas")) return nullptr;
  NameTable<const Compiled*> schemas;
  for (const Member& member : value.members) schemas.emplace(member.key, compiler.part(member.value));
  return std::make_unique<PropertiesCheck>(std::move(schemas));
}

class PatternPropertiesCheck : public Check {
 public:
  struct Entry {
    std::string written;
    std::shared_ptr<const Pattern> pattern;
    const Compiled* schema;
  };
  explicit PatternPropertiesCheck(std::vector<Entry> entries) : entries_(std::move(entries)) {}

  bool run(const Json& value, const Visit& visit) const override {
    if (!value.is_object()) return true;
    bool good = true;
    for (size_t index = 0; index < value.size() && visit.goes_on(good); ++index) {
      const auto& [name, member] = members_of(value).begin()[static_cast<std::ptrdiff_t>(index)];
      for (const Entry& entry : entries_) {
        if (!visit.pay(entry.pattern->work(name))) return false;
        if (!entry.pattern->is_in(name)) continue;
        visit.mark(index);
        good &= visit.part(*entry.schema, member, name, entry.written);
        if (!visit.goes_on(good)) break;
      }
    }
    return good;
  }

 private:
  std::vector<Entry> entries_;
};

std::unique_ptr<Check> compile_pattern_properties(const Node& value, Compiler& compiler) {
  if (!compiler.is_map("patternProperties", value, "a map from patterns to schemas")) return nullptr;
  std::vector<PatternPropertiesCheck::Entry> entries;
  for (const Member& member : value.members) {
    const Compiled* schema = compiler.part(member.value);
    auto pattern = compiler.pattern(member.key, member.key_at, member.key.size());
    if (pattern) entries.push_back({member.key, std::move(pattern), schema});
  }
  return std::make_unique<PatternPropertiesCheck>(std::move(entries));
}

class AdditionalPropertiesCheck : public Check {
 public:
  AdditionalPropertiesCheck(NameSet known, Patterns patterns, const Compiled* schema)
      : known_(std::move(known)), patterns_(std::move(patterns)), schema_(schema) {}

  bool run(const Json& value, const Visit& visit) const override {
    if (!value.is_object()) return true;
    if (!visit.pay(value.size())) return false;
    bool good = true;
    size_t index = 0;
    for (const auto& [name, member] : members_of(value)) {
      if (!is_known(name, visit)) {
        visit.mark(index);
        good &= visit.part(*schema_, member, name);
        if (!visit.goes_on(good)) break;
      }
      ++index;
    }
    return good;
  }

 private:
  bool is_known(const std::string& name, const Visit& visit) const {
    return known_.contains(std::string_view(name)) ||
           std::any_of(patterns_.begin(), patterns_.end(),
                       [&](const auto& pattern) { return visit.pay(pattern->work(name)) && pattern->is_in(name); });
  }

  NameSet known_;
  Patterns patterns_;
  const Compiled* schema_;
};

std::unique_ptr<Check> compile_additional_properties(const Node& value, Compiler& compiler) {
  NameSet known;
  if (const Node* properties = compiler.siblings().find("properties")) {
    for (const Member& member : properties->members) known.insert(member.key);
  }
  Patterns patterns;
  if (const Node* neighbours = compiler.siblings().find("patternProperties")) {
    for (const Member& member : neighbours->members) {
      if (auto pattern = compiler.pattern_quietly(member.key)) patterns.push_back(std::move(pattern));
    }
  }
  return std::make_unique<AdditionalPropertiesCheck>(std::move(known), std::move(patterns), compiler.part(value));
}

}  // namespace

std::span<const Keyword> property_keywords() {
  static constexpr Keyword keywords[] = {
      {"properties", compile_properties, applicator, Phase::parts, Shape::map},
      {"patternProperties", compile_pattern_properties, applicator, Phase::parts, Shape::map},
      {"additionalProperties", compile_additional_properties, applicator, Phase::parts, Shape::schema}};
  return keywords;
}

}  // namespace counterpart::schema

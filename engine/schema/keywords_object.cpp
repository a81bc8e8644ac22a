// required (JSON Schema 2020-12 validation, 6.5.3), properties and additionalProperties (core, 10.3.2).

#include <fmt/format.h>

#include <unordered_map>
#include <unordered_set>

#include "engine/schema/check.h"
#include "engine/schema/value.h"

namespace counterpart::schema {

namespace {

/// Lets the containers be asked by string_view.
struct Hash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

class RequiredCheck : public Check {
 public:
  explicit RequiredCheck(std::vector<std::string> names) : names_(std::move(names)) {
    for (size_t i = 0; i < names_.size(); ++i) positions_.emplace(names_[i], i);
  }

  void run(const Json& value, const Visit& visit) const override {
    if (!value.is_object()) return;
    // One walk over the members: each lookup in the value would be a walk of its own.
    std::vector<bool> present(names_.size());
    for (const auto& member : value.get_ref<const Json::object_t&>()) {
      const auto found = positions_.find(std::string_view(member.first));
      if (found != positions_.end()) present[found->second] = true;
    }
    for (size_t i = 0; i < names_.size(); ++i) {
      if (!present[i]) visit.fail(fmt::format("an object with \"{}\"", names_[i]), "one without");
    }
  }

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, size_t, Hash, std::equal_to<>> positions_;
};

std::unique_ptr<Check> compile_required(const Node& value, Compiler& compiler) {
  auto names = compiler.names("required", value);
  if (!names) return nullptr;
  return std::make_unique<RequiredCheck>(std::move(*names));
}

class PropertiesCheck : public Check {
 public:
  void add(const std::string& name, Schema schema) { schemas_.emplace(name, std::move(schema)); }

  void run(const Json& value, const Visit& visit) const override {
    if (!value.is_object()) return;
    for (const auto& [name, member] : value.get_ref<const Json::object_t&>()) {
      if (visit.is_full()) return;
      const auto found = schemas_.find(std::string_view(name));
      if (found != schemas_.end()) visit.descend(found->second, member, name, name);
    }
  }

 private:
  std::unordered_map<std::string, Schema, Hash, std::equal_to<>> schemas_;
};

std::unique_ptr<Check> compile_properties(const Node& value, Compiler& compiler) {
  if (!value.is(Kind::map)) {
    compiler.wrong_type("properties", value, "a map of schemas");
    return nullptr;
  }
  auto check = std::make_unique<PropertiesCheck>();
  for (const document::Member& member : value.members) check->add(member.key, compiler.compile(member.value));
  return check;
}

class AdditionalPropertiesCheck : public Check {
 public:
  AdditionalPropertiesCheck(std::unordered_set<std::string, Hash, std::equal_to<>> known, Schema schema)
      : known_(std::move(known)), schema_(std::move(schema)) {}

  void run(const Json& value, const Visit& visit) const override {
    if (!value.is_object()) return;
    for (const auto& [name, member] : value.get_ref<const Json::object_t&>()) {
      if (visit.is_full()) return;
      if (!known_.contains(std::string_view(name))) visit.descend(schema_, member, name);
    }
  }

 private:
  std::unordered_set<std::string, Hash, std::equal_to<>> known_;
  Schema schema_;
};

std::unique_ptr<Check> compile_additional_properties(const Node& value, Compiler& compiler) {
  std::unordered_set<std::string, Hash, std::equal_to<>> known;
  if (const Node* properties = compiler.siblings().find("properties")) {
    for (const document::Member& member : properties->members) known.insert(member.key);
  }
  return std::make_unique<AdditionalPropertiesCheck>(std::move(known), compiler.compile(value));
}

}  // namespace

std::span<const Keyword> object_keywords() {
  static constexpr Keyword keywords[] = {{"required", compile_required},
                                         {"properties", compile_properties, true},
                                         {"additionalProperties", compile_additional_properties, true}};
  return keywords;
}

}  // namespace counterpart::schema

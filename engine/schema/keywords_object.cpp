// required, minProperties, maxProperties, dependentRequired (JSON Schema 2020-12 validation, 6.5), propertyNames and
// dependentSchemas (core, 10.2.2.4 and 10.3.2.4), dependencies (draft 7, 6.5.7; still understood in 2020-12).

#include <fmt/format.h>

#include "engine/schema/check.h"
#include "engine/schema/names.h"
#include "engine/schema/value.h"

namespace counterpart::schema {

namespace {

class RequiredCheck : public Check {
 public:
  explicit RequiredCheck(std::vector<std::string> names) : names_(std::move(names)) {
    for (size_t i = 0; i < names_.size(); ++i) positions_.emplace(names_[i], i);
  }

  bool run(const Json& value, const Visit& visit) const override {
    if (!value.is_object()) return true;
    if (!visit.pay(value.size())) return false;
    // One walk over the members: each lookup in the value would be a walk of its own.
    Marks present;
    size_t found_count = 0;
    for (const auto& member : value.get_ref<const Json::object_t&>()) {
      const auto found = positions_.find(std::string_view(member.first));
      if (found == positions_.end()) continue;
      present.add(found->second);
      if (++found_count == names_.size()) return true;
    }
    for (size_t i = 0; i < names_.size() && visit.goes_on(false); ++i) {
      if (present.has(i)) continue;
      visit.fail([&] { return Reason{fmt::format("an object with \"{}\"", names_[i]), "one without"}; });
    }
    return found_count == names_.size();
  }

 private:
  std::vector<std::string> names_;
  NameTable<size_t> positions_;
};

std::unique_ptr<Check> compile_required(const Node& value, Compiler& compiler) {
  auto names = compiler.names("required", value);
  if (!names) return nullptr;
  return std::make_unique<RequiredCheck>(std::move(*names));
}

class MemberCountCheck : public Check {
 public:
  MemberCountCheck(bool is_minimum, size_t limit) : is_minimum_(is_minimum), limit_(limit) {}

  bool run(const Json& value, const Visit& visit) const override {
    if (!value.is_object() || (is_minimum_ ? value.size() >= limit_ : value.size() <= limit_)) return true;
    return visit.fail([&] {
      return Reason{fmt::format("an object of at {} {} propert{}", is_minimum_ ? "least" : "most", limit_,
                                limit_ == 1 ? "y" : "ies"),
                    fmt::format("one of {}", value.size())};
    });
  }

 private:
  bool is_minimum_;
  size_t limit_;
};

template <bool is_minimum>
std::unique_ptr<Check> compile_member_count(const Node& value, Compiler& compiler) {
  const auto limit = compiler.count(is_minimum ? "minProperties" : "maxProperties", value);
  if (!limit) return nullptr;
  return std::make_unique<MemberCountCheck>(is_minimum, *limit);
}

class NamesCheck : public Check {
 public:
  explicit NamesCheck(const Compiled* schema) : schema_(schema) {}

  bool run(const Json& value, const Visit& visit) const override {
    if (!value.is_object()) return true;
    bool good = true;
    for (const auto& member : value.get_ref<const Json::object_t&>()) {
      if (!visit.goes_on(good)) break;
      const Json name = member.first;
      if (visit.accepts(*schema_, name)) continue;
      good = false;
      if (visit.is_quiet()) break;
      for (Violation& violation : visit.violations(*schema_, name, std::nullopt)) {
        violation.expected = "an object whose names are each " + violation.expected;
        violation.actual = "one with the name " + summary(name);
        if (visit.goes_on(false)) visit.add(std::move(violation));
      }
    }
    return good;
  }

 private:
  const Compiled* schema_;
};

std::unique_ptr<Check> compile_names(const Node& value, Compiler& compiler) {
  return std::make_unique<NamesCheck>(compiler.part(value));
}

/// What an object must be, or have, that has a certain name.
struct Dependency {
  std::vector<std::string> names;
  const Compiled* schema = nullptr;
};

class DependencyCheck : public Check {
 public:
  explicit DependencyCheck(NameTable<Dependency> dependencies) : dependencies_(std::move(dependencies)) {}

  bool run(const Json& value, const Visit& visit) const override {
    if (!value.is_object()) return true;
    if (!visit.pay(value.size())) return false;
    bool good = true;
    for (const auto& member : value.get_ref<const Json::object_t&>()) {
      const auto found = dependencies_.find(std::string_view(member.first));
      if (found == dependencies_.end()) continue;
      good &= has(value, found->first, found->second, visit);
      if (!visit.goes_on(good)) break;
    }
    return good;
  }

 private:
  static bool has(const Json& value, const std::string& name, const Dependency& dependency, const Visit& visit) {
    if (dependency.schema) return visit.here(*dependency.schema, value, name);
    bool good = true;
    for (const std::string& needed : dependency.names) {
      if (!visit.goes_on(good) || !visit.pay(value.size())) break;
      if (value.contains(needed)) continue;
      good = visit.fail([&] {
        return Reason{fmt::format("an object with \"{}\", as it has \"{}\"", needed, name), "one without"};
      });
    }
    return good;
  }

  NameTable<Dependency> dependencies_;
};

enum class Kinds { names, schemas, either };

template <Kinds kinds>
std::unique_ptr<Check> compile_dependencies(const Node& value, Compiler& compiler) {
  constexpr std::string_view keyword = kinds == Kinds::names     ? "dependentRequired"
                                       : kinds == Kinds::schemas ? "dependentSchemas"
                                                                 : "dependencies";
  constexpr std::string_view expected = kinds == Kinds::names     ? "a map of lists of names"
                                        : kinds == Kinds::schemas ? "a map of schemas"
                                                                  : "a map of schemas and lists of names";
  if (!compiler.is_map(keyword, value, expected)) return nullptr;
  NameTable<Dependency> dependencies;
  for (const Member& member : value.members) {
    Dependency dependency;
    if (kinds == Kinds::schemas || (kinds == Kinds::either && !member.value.is(Kind::list))) {
      dependency.schema = compiler.here(member.value);
    } else if (auto names = compiler.names(keyword, member.value)) {
      dependency.names = std::move(*names);
    }
    dependencies.emplace(member.key, std::move(dependency));
  }
  return std::make_unique<DependencyCheck>(std::move(dependencies));
}

}  // namespace

std::span<const Keyword> object_keywords() {
  constexpr auto y2020 = static_cast<uint8_t>(Draft::y2020);
  static constexpr Keyword keywords[] = {
      {"required", compile_required},
      {"minProperties", compile_member_count<true>},
      {"maxProperties", compile_member_count<false>},
      {"dependentRequired", compile_dependencies<Kinds::names>, validation, Phase::value, Shape::none, y2020},
      {"propertyNames", compile_names, applicator, Phase::value, Shape::schema},
      {"dependentSchemas", compile_dependencies<Kinds::schemas>, applicator, Phase::parts, Shape::map, y2020},
      {"dependencies", compile_dependencies<Kinds::either>, applicator, Phase::parts, Shape::map}};
  return keywords;
}

}  // namespace counterpart::schema

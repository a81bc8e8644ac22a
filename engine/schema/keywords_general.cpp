// type, const, enum (JSON Schema 2020-12 validation, 6.1).

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/schema/check.h"
#include "engine/schema/value.h"

namespace counterpart::schema {

namespace {

struct Type {
  std::string_view name;
  std::string_view phrase;
  bool (*has)(const Json&);
};

constexpr std::array types = {
    Type{"null", "null", [](const Json& value) { return value.is_null(); }},
    Type{"boolean", "a boolean", [](const Json& value) { return value.is_boolean(); }},
    Type{"integer", "an integer", is_integer},
    Type{"number", "a number", [](const Json& value) { return value.is_number(); }},
    Type{"string", "a string", [](const Json& value) { return value.is_string(); }},
    Type{"array", "an array", [](const Json& value) { return value.is_array(); }},
    Type{"object", "an object", [](const Json& value) { return value.is_object(); }},
};

const Type* find_type(std::string_view name) {
  const auto found = std::find_if(types.begin(), types.end(), [name](const Type& type) { return type.name == name; });
  return found == types.end() ? nullptr : &*found;
}

class TypeCheck : public Check {
 public:
  explicit TypeCheck(std::vector<const Type*> allowed) : allowed_(std::move(allowed)) {}

  void run(const Json& value, const Visit& visit) const override {
    for (const Type* type : allowed_) {
      if (type->has(value)) return;
    }
    std::string expected;
    for (const Type* type : allowed_) {
      expected += expected.empty() ? "" : type == allowed_.back() ? " or " : ", ";
      expected += type->phrase;
    }
    visit.fail(std::move(expected), summary(value));
  }

 private:
  std::vector<const Type*> allowed_;
};

std::unique_ptr<Check> compile_type(const Node& value, Compiler& compiler) {
  std::vector<const Node*> written;
  if (value.is(Kind::list) && !value.items.empty()) {
    for (const Node& item : value.items) written.push_back(&item);
  } else if (value.is_scalar()) {
    written.push_back(&value);
  } else {
    compiler.wrong_type("type", value, "a type's name or a list of them");
    return nullptr;
  }
  std::vector<const Type*> allowed;
  std::vector<std::string> names;
  for (const Node* node : written) {
    // A plain null is read as null, not as text; nobody can mean anything but the type by it.
    const Type* type = node->is(Kind::text) || node->is(Kind::null) ? find_type(node->text) : nullptr;
    if (!type) {
      std::vector<std::string> known;
      for (const Type& candidate : types) known.emplace_back(candidate.name);
      compiler.error(node->at, fmt::format("unknown type \"{}\"", node->text), suggestion(node->text, known),
                     std::max<size_t>(1, node->text.size()));
      continue;
    }
    allowed.push_back(type);
    names.push_back(node->text);
  }
  if (allowed.empty()) return nullptr;
  compiler.set_types(std::move(names));
  return std::make_unique<TypeCheck>(std::move(allowed));
}

class ConstCheck : public Check {
 public:
  explicit ConstCheck(Json value) : value_(std::move(value)) {}

  void run(const Json& value, const Visit& visit) const override {
    if (!equal(value, value_)) visit.fail(summary(value_), summary(value));
  }

 private:
  Json value_;
};

std::unique_ptr<Check> compile_const(const Node& value, Compiler&) {
  return std::make_unique<ConstCheck>(value.to_json());
}

class EnumCheck : public Check {
 public:
  explicit EnumCheck(Json values) : values_(std::move(values)) {}

  void run(const Json& value, const Visit& visit) const override {
    for (const Json& allowed : values_) {
      if (equal(value, allowed)) return;
    }
    constexpr size_t listed_max = 12;
    std::string expected = values_.empty() ? "absent" : values_.size() == 1 ? "" : "one of ";
    for (size_t i = 0; i < values_.size() && i < listed_max; ++i) expected += (i > 0 ? ", " : "") + summary(values_[i]);
    if (values_.size() > listed_max) expected += ", ...";
    visit.fail(std::move(expected), summary(value));
  }

 private:
  Json values_;
};

std::unique_ptr<Check> compile_enum(const Node& value, Compiler& compiler) {
  if (!value.is(Kind::list)) {
    compiler.wrong_type("enum", value, "a list");
    return nullptr;
  }
  if (value.items.empty()) compiler.warning(value.at, "an empty enum accepts nothing");
  return std::make_unique<EnumCheck>(value.to_json());
}

}  // namespace

std::span<const Keyword> general_keywords() {
  static constexpr Keyword keywords[] = {{"type", compile_type}, {"const", compile_const}, {"enum", compile_enum}};
  return keywords;
}

}  // namespace counterpart::schema

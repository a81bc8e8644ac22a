// type, const, enum (JSON Schema 2020-12 validation, 6.1).

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/schema/canonical.h"
#include "engine/schema/check.h"
#include "engine/schema/names.h"
#include "engine/schema/value.h"

namespace counterpart::schema {

namespace {

struct Type {
  std::string_view name;
  std::string_view phrase;
};

constexpr std::array types = {
    Type{"null", "null"},       Type{"boolean", "a boolean"}, Type{"integer", "an integer"}, Type{"number", "a number"},
    Type{"string", "a string"}, Type{"array", "an array"},    Type{"object", "an object"},
};

/// The types of a value as bits, in the order of `types`.
unsigned types_of(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return 1;
    case Json::value_t::boolean:
      return 2;
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return 4 | 8;
    case Json::value_t::number_float:
      return is_integer(value) ? 4 | 8 : 8;
    case Json::value_t::string:
      return 16;
    case Json::value_t::array:
      return 32;
    case Json::value_t::object:
      return 64;
    default:
      return 0;
  }
}

class TypeCheck : public Check {
 public:
  explicit TypeCheck(std::vector<size_t> allowed) : allowed_(std::move(allowed)) {
    for (const size_t type : allowed_) bits_ |= 1u << type;
  }

  bool run(const Json& value, const Visit& visit) const override {
    if (types_of(value) & bits_) return true;
    return visit.fail([&] { return Reason{phrase(), summary(value)}; });
  }

 private:
  std::string phrase() const {
    std::string result;
    for (const size_t type : allowed_) {
      result += result.empty() ? "" : type == allowed_.back() ? " or " : ", ";
      result += types[type].phrase;
    }
    return result;
  }

  std::vector<size_t> allowed_;
  unsigned bits_ = 0;
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
  std::vector<size_t> allowed;
  std::vector<std::string> names;
  for (const Node* node : written) {
    const auto found = std::find_if(types.begin(), types.end(), [&](const Type& type) {
      // A plain null is read as null, not as text; nobody can mean anything but the type by it.
      return (node->is(Kind::text) || node->is(Kind::null)) && type.name == node->text;
    });
    if (found == types.end()) {
      std::vector<std::string> known;
      for (const Type& candidate : types) known.emplace_back(candidate.name);
      compiler.error(node->at, fmt::format("unknown type \"{}\"", node->text), suggestion(node->text, known),
                     node->text.size());
      continue;
    }
    allowed.push_back(static_cast<size_t>(found - types.begin()));
    names.push_back(node->text);
  }
  if (allowed.empty()) return nullptr;
  compiler.compiled().types = std::move(names);
  return std::make_unique<TypeCheck>(std::move(allowed));
}

class ConstCheck : public Check {
 public:
  explicit ConstCheck(Json value) : value_(std::move(value)) {}

  bool run(const Json& value, const Visit& visit) const override {
    if (value.is_structured() && !visit.pay(value.size())) return false;
    if (equal(value, value_)) return true;
    return visit.fail([&] { return Reason{summary(value_), summary(value)}; });
  }

 private:
  Json value_;
};

std::unique_ptr<Check> compile_const(const Node& value, Compiler&) {
  return std::make_unique<ConstCheck>(value.to_json());
}

class EnumCheck : public Check {
 public:
  explicit EnumCheck(Json values) : values_(std::move(values)) {
    if (values_.size() <= walked_max) return;
    for (const Json& value : values_) {
      if (auto text = canonical(value)) known_.insert(std::move(*text));
    }
  }

  bool run(const Json& value, const Visit& visit) const override {
    if (value.is_structured() && !visit.pay(value.size())) return false;
    if (has(value, visit)) return true;
    return visit.fail([&] { return Reason{phrase(), summary(value)}; });
  }

 private:
  static constexpr size_t walked_max = 16;

  bool has(const Json& value, const Visit& visit) const {
    if (values_.size() <= walked_max) {
      return std::any_of(values_.begin(), values_.end(), [&](const Json& allowed) { return equal(value, allowed); });
    }
    constexpr size_t bytes_a_step = 16;
    const auto text = canonical(value);
    return text && visit.pay(text->size() / bytes_a_step) && known_.contains(*text);
  }

  std::string phrase() const {
    constexpr size_t listed_max = 12;
    std::string result = values_.empty() ? "absent" : values_.size() == 1 ? "" : "one of ";
    for (size_t i = 0; i < values_.size() && i < listed_max; ++i) result += (i > 0 ? ", " : "") + summary(values_[i]);
    return values_.size() > listed_max ? result + ", ..." : result;
  }

  Json values_;
  NameSet known_;  ///< of many values; as canonical text
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

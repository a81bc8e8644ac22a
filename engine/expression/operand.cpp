#include "engine/expression/operand.h"

#include <cmath>

namespace counterpart::expression {

using Json = nlohmann::ordered_json;

namespace {

Operand operand_of(const Json& json) {
  Operand operand;
  operand.json = &json;
  switch (json.type()) {
    case Json::value_t::null:
      operand.type = Operand::Type::null;
      break;
    case Json::value_t::boolean:
      operand.type = Operand::Type::boolean;
      operand.boolean = json.get<bool>();
      break;
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      operand.type = is_beyond_lua(json) ? Operand::Type::beyond : Operand::Type::integer;
      operand.integer = json.get<int64_t>();
      break;
    case Json::value_t::number_float:
      operand.type = Operand::Type::real;
      operand.real = json.get<double>();
      break;
    case Json::value_t::string:
      operand.type = Operand::Type::text;
      operand.text = json.get_ref<const std::string&>();
      break;
    default:
      break;
  }
  return operand;
}

/// Exact: no integer is rounded.
bool are_equal(int64_t integer, double real) {
  const bool is_integer = real >= -0x1p63 && real < 0x1p63 && real == std::floor(real);
  return is_integer && static_cast<int64_t>(real) == integer;
}

}  // namespace

bool is_beyond_lua(const Json& number) {
  return number.is_number_unsigned() && number.get<uint64_t>() > static_cast<uint64_t>(INT64_MAX);
}

Operand operand_of(const Value& value) {
  if (const auto* json = std::get_if<const Json*>(&value)) return operand_of(**json);
  Operand operand;
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    operand.type = Operand::Type::text;
    operand.text = *text;
  } else if (const auto* integer = std::get_if<int64_t>(&value)) {
    operand.type = Operand::Type::integer;
    operand.integer = *integer;
  } else if (const auto* boolean = std::get_if<bool>(&value)) {
    operand.type = Operand::Type::boolean;
    operand.boolean = *boolean;
  } else if (std::holds_alternative<Absent>(value)) {
    operand.type = Operand::Type::absent;
  }
  return operand;
}

std::optional<bool> are_equal(const Operand& a, const Operand& b) {
  using Type = Operand::Type;
  if (a.type == Type::beyond || b.type == Type::beyond) return std::nullopt;
  if (a.type != b.type) {
    if (!a.is_number() || !b.is_number()) return false;
    return a.type == Type::integer ? are_equal(a.integer, b.real) : are_equal(b.integer, a.real);
  }
  switch (a.type) {
    case Type::boolean:
      return a.boolean == b.boolean;
    case Type::integer:
      return a.integer == b.integer;
    case Type::real:
      return a.real == b.real;
    case Type::text:
      return a.text == b.text;
    case Type::object:  // contents of any size
      if (a.json != nullptr && a.json == b.json) return true;
      return std::nullopt;
    default:
      return true;
  }
}

}  // namespace counterpart::expression

#pragma once
/// Internal to this folder: a value as comparisons see it, so far as they need no Lua (plain.h).

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "engine/expression/scope.h"

namespace counterpart::expression {

struct Operand {
  enum class Type {
    absent,
    boolean,
    integer,
    real,
    text,
    null,
    object,  ///< lists, maps, collections, headers
    beyond,  ///< an integer that Lua would make a float of
  };
  Type type = Type::object;
  bool boolean = false;
  int64_t integer = 0;
  double real = 0;
  std::string_view text;
  const nlohmann::ordered_json* json = nullptr;  ///< where the value is JSON: always for null, real and beyond

  bool is_number() const { return type == Type::integer || type == Type::real; }
};

Operand operand_of(const Value& value);

/// Whether Lua, whose integers end at 2^63, would make a float of it.
bool is_beyond_lua(const nlohmann::ordered_json& number);

/// nullopt, here and below: ask Lua.
std::optional<bool> are_equal(const Operand& a, const Operand& b);

/// Of numbers of one type. Texts are Lua's: it orders them by the locale.
template <typename Order>
std::optional<bool> are_ordered(const Operand& a, const Operand& b, Order order) {
  if (a.type != b.type || !a.is_number()) return std::nullopt;
  return a.type == Operand::Type::integer ? order(a.integer, b.integer) : order(a.real, b.real);
}

}  // namespace counterpart::expression

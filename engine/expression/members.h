#pragma once
/// Internal to this folder: what stands behind `map.field` and `headers["Name"]`, whether Lua asks (objects.cpp) or not
/// (plain.cpp).

#include <nlohmann/json.hpp>
#include <string_view>

#include "engine/expression/scope.h"

namespace counterpart::expression {

/// The value of a field, or nullptr. A list has none.
const nlohmann::ordered_json* field_of(const nlohmann::ordered_json& map, std::string_view name);

/// A header's value: of the type its schema gave it, else text, else Absent.
Value field_of(const HeaderValues& headers, std::string_view name);

}  // namespace counterpart::expression

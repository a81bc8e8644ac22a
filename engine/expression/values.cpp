/// JSON to Lua and back.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/document/json.h"
#include "engine/expression/lua_access.h"

namespace counterpart::expression {
namespace {

constexpr int table_depth_max = 64;
constexpr const char* object_metatable = "counterpart.object";
constexpr const char* list_metatable = "counterpart.list";

Object& push_object(lua_State* lua, Object::Kind kind) {
  auto* object = static_cast<Object*>(lua_newuserdatauv(lua, sizeof(Object), 0));
  object->kind = kind;
  object->session = session_of(lua).number;
  luaL_setmetatable(lua, object_metatable);
  return *object;
}

bool is_marked_list(lua_State* lua, int index) {
  if (!lua_getmetatable(lua, index)) return false;
  luaL_getmetatable(lua, list_metatable);
  const bool marked = lua_rawequal(lua, -1, -2) != 0;
  lua_pop(lua, 2);
  return marked;
}

/// Whether the table at `index` is a list: marked as one, or with elements from 1 on.
bool is_table_list(lua_State* lua, int index) { return is_marked_list(lua, index) || lua_rawlen(lua, index) > 0; }

[[noreturn]] void raise(lua_State* lua, const char* message) {
  luaL_error(lua, "%s", message);
  throw std::logic_error("luaL_error returned");  // it never does; this tells the compiler
}

/// What copying a value costs. Raises an error for one that would nest too deep below `depth`: nlohmann_json recurses,
/// and values put around values, again and again, would end in a stack overflow.
int64_t cost_of_copy(lua_State* lua, const Json& value, int depth) {
  constexpr int64_t node_cost = 4;
  constexpr size_t text_bytes_per_instruction = 8;
  const auto cost_of_text = [](const std::string& text) {
    return static_cast<int64_t>(text.size() / text_bytes_per_instruction);
  };
  if (value.is_string()) return node_cost + cost_of_text(value.get_ref<const std::string&>());
  if (!value.is_structured()) return node_cost;
  if (depth >= document::json_depth_max) raise(lua, "a value nests too deep");
  int64_t cost = node_cost;
  if (value.is_array()) {
    for (const Json& item : value) cost += cost_of_copy(lua, item, depth + 1);
  } else {
    for (const auto& [key, member] : value.get_ref<const Json::object_t&>()) {
      cost += cost_of_text(key) + node_cost + cost_of_copy(lua, member, depth + 1);
    }
  }
  return cost;
}

Json table_to_json(lua_State* lua, int index, int depth);

Json value_to_json(lua_State* lua, int index, int depth) {
  switch (lua_type(lua, index)) {
    case LUA_TNONE:
    case LUA_TNIL:
      return nullptr;
    case LUA_TBOOLEAN:
      return lua_toboolean(lua, index) != 0;
    case LUA_TSTRING: {
      const std::string_view text = to_text(lua, index);
      charge(lua, static_cast<int64_t>(text.size() / 8));
      return std::string(text);
    }
    case LUA_TNUMBER: {
      if (lua_isinteger(lua, index)) return static_cast<int64_t>(lua_tointeger(lua, index));
      const double number = lua_tonumber(lua, index);
      if (!std::isfinite(number)) raise(lua, "JSON has no infinity and no NaN");
      return number;
    }
    case LUA_TLIGHTUSERDATA:
      return nullptr;
    case LUA_TTABLE:
      return table_to_json(lua, index, depth);
    case LUA_TUSERDATA:
      break;
    default:
      luaL_error(lua, "a %s is not JSON", luaL_typename(lua, index));
  }
  const Object* object = to_object(lua, index);
  if (object->kind == Object::Kind::json) {
    charge(lua, cost_of_copy(lua, *object->json, depth));
    return *object->json;
  }
  if (object->kind == Object::Kind::headers) raise(lua, "headers are not a value: take one of them");
  Json list = Json::array();
  const int64_t length = list_length(lua, index);
  charge(lua, length * 10);
  const int absolute = lua_absindex(lua, index);
  for (int64_t i = 1; i <= length; ++i) {
    push_element(lua, absolute, i);
    list.push_back(value_to_json(lua, -1, depth + 1));
    lua_pop(lua, 1);
  }
  return list;
}

Json table_to_json(lua_State* lua, int index, int depth) {
  if (depth > table_depth_max) raise(lua, "a table nests too deep, or holds itself");
  luaL_checkstack(lua, 4, "a table nests too deep");
  const int table = lua_absindex(lua, index);
  if (is_table_list(lua, table)) {
    Json list = Json::array();
    const auto length = static_cast<lua_Integer>(lua_rawlen(lua, table));
    charge(lua, length);
    for (lua_Integer i = 1; i <= length; ++i) {
      lua_rawgeti(lua, table, i);
      list.push_back(value_to_json(lua, -1, depth + 1));
      lua_pop(lua, 1);
    }
    return list;
  }
  // Lua keeps no order of keys: sort them, so that the same table is always the same JSON.
  std::map<std::string, Json> sorted;
  lua_pushnil(lua);
  while (lua_next(lua, table) != 0) {
    charge(lua, 1);
    if (lua_type(lua, -2) != LUA_TSTRING)
      raise(lua, "a table with keys that are neither 1, 2, 3, ... nor text is not JSON");
    sorted[std::string(to_text(lua, -2))] = value_to_json(lua, -1, depth + 1);
    lua_pop(lua, 1);
  }
  Json map = Json::object();
  for (auto& [key, value] : sorted) map[key] = std::move(value);
  return map;
}

}  // namespace

void push_json(lua_State* lua, const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return push_null(lua);
    case Json::value_t::boolean:
      return lua_pushboolean(lua, value.get<bool>());
    case Json::value_t::number_integer:
      return lua_pushinteger(lua, value.get<int64_t>());
    case Json::value_t::number_unsigned: {
      const auto number = value.get<uint64_t>();
      if (number <= static_cast<uint64_t>(LUA_MAXINTEGER))
        return lua_pushinteger(lua, static_cast<lua_Integer>(number));
      return lua_pushnumber(lua, static_cast<double>(number));
    }
    case Json::value_t::number_float:
      return lua_pushnumber(lua, value.get<double>());
    case Json::value_t::string:
      return push_text(lua, value.get_ref<const std::string&>());
    default:
      push_object(lua, Object::Kind::json).json = &value;
  }
}

void push_value(lua_State* lua, const Value& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return push_text(lua, *text);
  if (const auto* json = std::get_if<const Json*>(&value)) return push_json(lua, **json);
  if (const auto* number = std::get_if<int64_t>(&value)) return lua_pushinteger(lua, *number);
  if (const auto* boolean = std::get_if<bool>(&value)) return lua_pushboolean(lua, *boolean);
  if (const auto* headers = std::get_if<const HeaderValues*>(&value)) return push_headers(lua, **headers);
  if (const auto* collection = std::get_if<state::Collection*>(&value)) return push_collection(lua, **collection);
  lua_pushnil(lua);
}

void push_owned(lua_State* lua, Json value) { push_json(lua, session_of(lua).values.emplace_back(std::move(value))); }

void push_view(lua_State* lua, View view) {
  charge(lua, 16);
  push_object(lua, Object::Kind::view).view = &session_of(lua).views.emplace_back(std::move(view));
}

void push_range(lua_State* lua, int64_t first, int64_t last) {
  push_object(lua, Object::Kind::range).range = {first, last};
}

void push_collection(lua_State* lua, state::Collection& collection) {
  push_object(lua, Object::Kind::collection).collection = &collection;
}

void push_headers(lua_State* lua, const HeaderValues& headers) {
  push_object(lua, Object::Kind::headers).headers = &headers;
}

Object* to_object(lua_State* lua, int index) {
  if (lua_type(lua, index) != LUA_TUSERDATA) return nullptr;
  auto* object = static_cast<Object*>(lua_touserdata(lua, index));
  if (object->session != session_of(lua).number) raise(lua, "a value of an earlier request was kept");
  return object;
}

std::string_view to_text(lua_State* lua, int index) {
  size_t length = 0;
  const char* text = lua_tolstring(lua, index, &length);
  return {text, length};
}

Json to_json(lua_State* lua, int index) { return value_to_json(lua, index, 0); }

void append_json(lua_State* lua, int index, std::string& out) {
  switch (lua_type(lua, index)) {
    case LUA_TSTRING:
      return document::append_json_string(out, to_text(lua, index));
    case LUA_TNONE:
    case LUA_TNIL:
    case LUA_TLIGHTUSERDATA:
      out += "null";
      return;
    case LUA_TBOOLEAN:
      out += lua_toboolean(lua, index) != 0 ? "true" : "false";
      return;
    case LUA_TUSERDATA: {
      const Object* object = to_object(lua, index);
      if (object->kind != Object::Kind::json) break;
      const std::string text = document::write_json(*object->json);
      charge(lua, static_cast<int64_t>(text.size() / 16));
      out += text;
      return;
    }
    default:
      break;
  }
  if (lua_isinteger(lua, index)) {
    out += fmt::format_int(lua_tointeger(lua, index)).c_str();
    return;
  }
  out += document::write_json(value_to_json(lua, index, 0));
}

std::optional<Json> to_json(const Value& value) {
  if (const auto* json = std::get_if<const Json*>(&value)) return **json;
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string(*text);
  if (const auto* integer = std::get_if<int64_t>(&value)) return *integer;
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean;
  if (std::holds_alternative<Absent>(value)) return Json();
  return std::nullopt;
}

bool append_json(const Value& value, std::string& out) {
  if (const auto* json = std::get_if<const Json*>(&value)) {
    if ((*json)->is_string()) {
      document::append_json_string(out, (*json)->get_ref<const std::string&>());
    } else {
      out += document::write_json(**json);
    }
  } else if (const auto* text = std::get_if<std::string_view>(&value)) {
    document::append_json_string(out, *text);
  } else if (const auto* integer = std::get_if<int64_t>(&value)) {
    out += fmt::format_int(*integer).c_str();
  } else if (const auto* boolean = std::get_if<bool>(&value)) {
    out += *boolean ? "true" : "false";
  } else if (std::holds_alternative<Absent>(value)) {
    out += "null";
  } else {
    return false;
  }
  return true;
}

bool append_text(const Value& value, std::string& out) {
  if (std::holds_alternative<Absent>(value)) return true;
  const auto* json = std::get_if<const Json*>(&value);
  const bool is_string = json != nullptr && (*json)->is_string();
  if (!is_string && !std::holds_alternative<std::string_view>(value)) return append_json(value, out);
  out += is_string ? std::string_view((*json)->get_ref<const std::string&>()) : std::get<std::string_view>(value);
  return true;
}

const Json* element_json(lua_State* lua, int index, int64_t place) {
  const Object* object = to_object(lua, index);
  if (object == nullptr || place < 1 || place > list_length(lua, index)) return nullptr;
  const auto offset = static_cast<size_t>(place - 1);
  if (object->kind == Object::Kind::view) return &object->view->at(offset).value;
  if (object->kind == Object::Kind::collection) return &object->collection->all().at(offset).value;
  return object->kind == Object::Kind::json ? &(*object->json)[offset] : nullptr;
}

bool is_list(lua_State* lua, int index) {
  if (lua_type(lua, index) == LUA_TTABLE) return is_table_list(lua, index);
  const Object* object = to_object(lua, index);
  if (object == nullptr || object->kind == Object::Kind::headers) return false;
  return object->kind != Object::Kind::json || object->json->is_array();
}

int64_t list_length(lua_State* lua, int index) {
  if (lua_type(lua, index) == LUA_TTABLE) return static_cast<int64_t>(lua_rawlen(lua, index));
  const Object* object = to_object(lua, index);
  if (object == nullptr)
    luaL_error(lua, "expected a list, got %s", is_null(lua, index) ? "null" : luaL_typename(lua, index));
  switch (object->kind) {
    case Object::Kind::view:
      return static_cast<int64_t>(object->view->count);
    case Object::Kind::collection:
      return static_cast<int64_t>(object->collection->size());
    case Object::Kind::range:
      return object->range.last < object->range.first ? 0 : object->range.last - object->range.first + 1;
    case Object::Kind::json:
      if (object->json->is_array()) return static_cast<int64_t>(object->json->size());
      [[fallthrough]];
    default:
      raise(lua, "expected a list, got a map");
  }
}

void push_element(lua_State* lua, int index, int64_t place) {
  if (lua_type(lua, index) == LUA_TTABLE) {
    lua_rawgeti(lua, index, place);
    return;
  }
  if (const Json* json = element_json(lua, index, place)) return push_json(lua, *json);
  const Object* object = to_object(lua, index);
  const bool in_range = object->kind == Object::Kind::range && place >= 1 && place <= list_length(lua, index);
  if (!in_range) return lua_pushnil(lua);
  lua_pushinteger(lua, object->range.first + place - 1);
}

void push_new_list(lua_State* lua) {
  lua_newtable(lua);
  luaL_setmetatable(lua, list_metatable);
}

std::vector<Criterion> to_criteria(lua_State* lua, int index) {
  std::vector<Criterion> criteria;
  const int table = lua_absindex(lua, index);
  if (lua_type(lua, table) == LUA_TTABLE && !is_table_list(lua, table)) {
    lua_pushnil(lua);
    while (lua_next(lua, table) != 0) {
      charge(lua, 1);
      if (lua_type(lua, -2) != LUA_TSTRING) raise(lua, "a field to look for has a name");
      criteria.push_back({std::string(to_text(lua, -2)), to_json(lua, -1)});
      lua_pop(lua, 1);
    }
  }
  if (criteria.empty())
    raise(lua, "expected fields to look for, as in {field = value}; a nil value leaves its field out");
  // Lua keeps no order of keys: sort them, so that the same table always means the same work.
  std::sort(criteria.begin(), criteria.end(), [](const Criterion& a, const Criterion& b) { return a.field < b.field; });
  return criteria;
}

bool matches(const Json& value, const std::vector<Criterion>& criteria) {
  if (!value.is_object()) return false;
  for (const Criterion& criterion : criteria) {
    const auto field = value.find(criterion.field);
    if (field == value.end() ? !criterion.value.is_null() : *field != criterion.value) return false;
  }
  return true;
}

}  // namespace counterpart::expression

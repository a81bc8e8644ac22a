/// The safe part of Lua's own libraries. What can run long without an instruction is charged by size; what shows
/// addresses, depends on the order of a hash table, reads patterns or reaches outside is left out.
#include <algorithm>

#include "engine/expression/lua_access.h"
#include "engine/expression/names.h"

namespace counterpart::expression {
namespace {

/// A function of Lua's library (upvalue 1), called after its arguments were looked at.
int call_library(lua_State* lua) {
  const int arguments = lua_gettop(lua);
  lua_pushvalue(lua, lua_upvalueindex(1));
  lua_insert(lua, 1);
  lua_call(lua, arguments, LUA_MULTRET);
  return lua_gettop(lua);
}

int rep(lua_State* lua) {
  size_t length = 0;
  luaL_checklstring(lua, 1, &length);
  const lua_Integer times = std::max<lua_Integer>(luaL_checkinteger(lua, 2), 0);
  size_t separator = 0;
  luaL_optlstring(lua, 3, "", &separator);
  constexpr lua_Integer text_bytes_max = 1 << 20;
  if (times > text_bytes_max / static_cast<lua_Integer>(std::max<size_t>(length + separator, 1))) {
    return luaL_error(lua, "string.rep would make more than 1 MiB");
  }
  return call_library(lua);
}

int text_of(lua_State* lua) {
  const int type = lua_type(lua, 1);
  if (type == LUA_TTABLE || type == LUA_TUSERDATA || is_null(lua, 1)) {
    std::string text;
    append_json(lua, 1, text);
    push_text(lua, text);
  } else if (type == LUA_TFUNCTION) {
    lua_pushliteral(lua, "function");
  } else {
    luaL_tolstring(lua, 1, nullptr);
  }
  return 1;
}

int format(lua_State* lua) {
  const std::string_view pattern = luaL_checkstring(lua, 1);
  for (size_t at = pattern.find('%'); at != std::string_view::npos; at = pattern.find('%', at)) {
    at = pattern.find_first_not_of("-+ #0123456789.", at + 1);
    if (at == std::string_view::npos) break;
    if (pattern[at] == 'p') return luaL_error(lua, "string.format has no %%p here: addresses differ from run to run");
    ++at;
  }
  for (int i = 2; i <= lua_gettop(lua); ++i) {
    if (lua_type(lua, i) == LUA_TNUMBER || lua_type(lua, i) == LUA_TSTRING) continue;
    lua_pushcfunction(lua, text_of);
    lua_pushvalue(lua, i);
    lua_call(lua, 1, 1);
    lua_replace(lua, i);
  }
  return call_library(lua);
}

/// table.concat, insert and unpack on Lua's own tables alone: with a __len of ours they would loop without end.
int call_with_table(lua_State* lua) {
  luaL_checktype(lua, 1, LUA_TTABLE);
  charge(lua, static_cast<int64_t>(lua_rawlen(lua, 1)));
  return call_library(lua);
}

int unpack(lua_State* lua) {
  luaL_checktype(lua, 1, LUA_TTABLE);
  constexpr lua_Integer results_max = 200;
  const lua_Integer first = luaL_optinteger(lua, 2, 1);
  const lua_Integer last = luaL_optinteger(lua, 3, static_cast<lua_Integer>(lua_rawlen(lua, 1)));
  if (last >= first && static_cast<lua_Unsigned>(last) - static_cast<lua_Unsigned>(first) >= results_max) {
    return luaL_error(lua, "table.unpack gives at most %d values", int(results_max));
  }
  return call_library(lua);
}

int type_of(lua_State* lua) {
  luaL_checkany(lua, 1);
  if (is_null(lua, 1)) {
    lua_pushliteral(lua, "null");
  } else if (lua_type(lua, 1) == LUA_TUSERDATA || lua_type(lua, 1) == LUA_TTABLE) {
    lua_pushstring(lua, is_list(lua, 1) ? "list" : "map");
  } else {
    lua_pushstring(lua, luaL_typename(lua, 1));
  }
  return 1;
}

int next_element(lua_State* lua) {
  const lua_Integer place = luaL_checkinteger(lua, 2);
  if (place < 0 || place >= list_length(lua, 1)) return 0;
  lua_pushinteger(lua, place + 1);
  push_element(lua, 1, place + 1);
  return 2;
}

/// ipairs(list): place and element, of every kind of list.
int each_element(lua_State* lua) {
  list_length(lua, 1);
  lua_pushcfunction(lua, next_element);
  lua_pushvalue(lua, 1);
  lua_pushinteger(lua, 0);
  return 3;
}

int next_member(lua_State* lua) {
  const lua_Integer place = lua_tointeger(lua, lua_upvalueindex(2)) + 1;
  lua_pushinteger(lua, place);
  lua_replace(lua, lua_upvalueindex(2));
  if (lua_rawgeti(lua, lua_upvalueindex(1), place) == LUA_TNIL) return 0;
  lua_pushvalue(lua, -1);
  lua_gettable(lua, 1);
  return 2;
}

/// pairs(map): keys in a fixed order: a JSON map's own, a Lua table's sorted. A list's as ipairs.
int each_member(lua_State* lua) {
  luaL_checkany(lua, 1);
  if (is_list(lua, 1)) return each_element(lua);
  std::vector<std::string> keys;
  if (const Object* object = to_object(lua, 1); object != nullptr && object->kind == Object::Kind::json) {
    for (const auto& [key, value] : object->json->items()) keys.push_back(key);
  } else {
    const Json copy = to_json(lua, 1);
    if (!copy.is_object()) return luaL_error(lua, "pairs expects a map or a list, got %s", luaL_typename(lua, 1));
    for (const auto& [key, value] : copy.items()) keys.push_back(key);
  }
  charge(lua, static_cast<int64_t>(keys.size()));
  lua_newtable(lua);
  for (size_t i = 0; i < keys.size(); ++i) {
    push_text(lua, keys[i]);
    lua_rawseti(lua, -2, static_cast<lua_Integer>(i) + 1);
  }
  lua_pushinteger(lua, 0);
  lua_pushcclosure(lua, next_member, 2);
  lua_pushvalue(lua, 1);
  return 2;
}

int refuse_assignment(lua_State* lua) { return luaL_error(lua, "the libraries cannot be changed"); }

struct Wrapped {
  const char* name;
  lua_CFunction wrapper;  ///< nullptr: Lua's function as it is
};

const std::vector<Wrapped> string_functions{{"sub", nullptr},   {"len", nullptr},   {"upper", nullptr},
                                            {"lower", nullptr}, {"format", format}, {"rep", rep}};
const std::vector<Wrapped> table_functions{
    {"concat", call_with_table}, {"insert", call_with_table}, {"unpack", unpack}};
const std::vector<Wrapped> math_functions{
    {"abs", nullptr},  {"ceil", nullptr},       {"floor", nullptr},     {"fmod", nullptr}, {"max", nullptr},
    {"min", nullptr},  {"modf", nullptr},       {"sqrt", nullptr},      {"exp", nullptr},  {"log", nullptr},
    {"sin", nullptr},  {"cos", nullptr},        {"tan", nullptr},       {"asin", nullptr}, {"acos", nullptr},
    {"atan", nullptr}, {"tointeger", nullptr},  {"type", nullptr},      {"ult", nullptr},  {"pi", nullptr},
    {"huge", nullptr}, {"maxinteger", nullptr}, {"mininteger", nullptr}};

/// Builds the library `name` out of Lua's own (on top of the stack, popped) and sets it, read-only, in the builtins.
void publish(lua_State* lua, int builtins, const char* name, const std::vector<Wrapped>& functions) {
  const int own = lua_gettop(lua);
  lua_newtable(lua);
  for (const Wrapped& function : functions) {
    lua_getfield(lua, own, function.name);
    if (function.wrapper != nullptr) lua_pushcclosure(lua, function.wrapper, 1);
    lua_setfield(lua, -2, function.name);
  }
  lua_newtable(lua);  // the proxy that expressions see
  lua_createtable(lua, 0, 2);
  lua_pushvalue(lua, -3);
  lua_setfield(lua, -2, "__index");
  lua_pushcfunction(lua, refuse_assignment);
  lua_setfield(lua, -2, "__newindex");
  lua_setmetatable(lua, -2);
  lua_setfield(lua, builtins, name);
  lua_remove(lua, own);  // leaves the functions on top
}

/// `text "method"`: what `text:method` was rewritten to.
int call_text(lua_State* lua) {
  lua_pushvalue(lua, 2);
  if (lua_rawget(lua, lua_upvalueindex(1)) == LUA_TNIL) return luaL_error(lua, "text has no such method");
  lua_pushvalue(lua, 1);
  lua_pushcclosure(
      lua,
      [](lua_State* inner) {
        lua_pushvalue(inner, lua_upvalueindex(2));
        lua_insert(inner, 1);
        lua_pushvalue(inner, lua_upvalueindex(1));
        lua_insert(inner, 1);
        lua_call(inner, lua_gettop(inner) - 1, LUA_MULTRET);
        return lua_gettop(inner);
      },
      2);
  return 1;
}

/// The metatable of all text: methods by call alone, nothing by index.
void set_text_metatable(lua_State* lua, int functions) {
  lua_pushliteral(lua, "");
  lua_createtable(lua, 0, 1);
  lua_pushvalue(lua, functions);
  lua_pushcclosure(lua, call_text, 1);
  lua_setfield(lua, -2, "__call");
  lua_setmetatable(lua, -2);
  lua_pop(lua, 1);
}

}  // namespace

std::vector<std::string> library_members(std::string_view library) {
  static const std::vector<Wrapped> none;
  const std::vector<Wrapped>& functions = library == "string"  ? string_functions
                                          : library == "table" ? table_functions
                                          : library == "math"  ? math_functions
                                                               : none;
  std::vector<std::string> members;
  for (const Wrapped& function : functions) members.emplace_back(function.name);
  return members;
}

void open_libraries(lua_State* lua, int builtins) {
  const int top = lua_gettop(lua);
  luaL_requiref(lua, LUA_STRLIBNAME, luaopen_string, 0);
  publish(lua, builtins, "string", string_functions);
  set_text_metatable(lua, lua_gettop(lua));
  luaL_requiref(lua, LUA_TABLIBNAME, luaopen_table, 0);
  publish(lua, builtins, "table", table_functions);
  luaL_requiref(lua, LUA_MATHLIBNAME, luaopen_math, 0);
  publish(lua, builtins, "math", math_functions);
  luaL_requiref(lua, LUA_GNAME, luaopen_base, 0);  // into the first globals table, which expressions never see
  lua_getfield(lua, -1, "tonumber");
  lua_setfield(lua, builtins, "tonumber");
  static constexpr luaL_Reg own[] = {
      {"tostring", text_of}, {"type", type_of}, {"ipairs", each_element}, {"pairs", each_member}, {nullptr, nullptr}};
  lua_pushvalue(lua, builtins);
  luaL_setfuncs(lua, own, 0);
  lua_settop(lua, top);
}

}  // namespace counterpart::expression

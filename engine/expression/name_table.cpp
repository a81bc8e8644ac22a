/// The names that expressions see: a table filled as they are asked for, emptied after every session.
#include <fmt/format.h>

#include <algorithm>

#include "engine/document/diagnostic.h"
#include "engine/expression/interpreter_impl.h"

namespace counterpart::expression {
namespace {

constexpr size_t name_bytes_shown = 100;
constexpr size_t names_kept_max = 256;  ///< past so many a session's names go with the table that held them

void push_let(lua_State* lua, std::string_view name, SnippetId snippet) {
  SessionData& session = session_of(lua);
  auto& open = session.lets_in_progress;
  if (std::find(open.begin(), open.end(), snippet) != open.end()) {
    luaL_error(lua, "the let \"%s\" needs itself", std::string(name).c_str());
  }
  open.push_back(snippet);
  impl_of(lua)->call(snippet, 1);
  open.pop_back();
}

/// __index of the names: helpers first, then what was known before Lua was needed, then what the scope knows; the
/// answer is kept for the session.
int find_name(lua_State* lua) {
  lua_settop(lua, 2);
  lua_pushvalue(lua, 2);
  if (lua_rawget(lua, lua_upvalueindex(1)) != LUA_TNIL) return 1;
  lua_settop(lua, 2);
  const std::string_view name = lua_type(lua, 2) == LUA_TSTRING ? to_text(lua, 2) : "";
  Scope* scope = session_of(lua).scope;
  std::optional<Value> value = scope == nullptr ? std::nullopt : session_of(lua).plain->take(name);
  if (!value && scope != nullptr) value = scope->find(name);
  if (!value && session_of(lua).assigned.contains(name)) return 0;
  if (!value) {
    std::vector<std::string> known = Interpreter::builtin_names();
    for (std::string& more : scope->names()) known.push_back(std::move(more));
    const std::string near = document::nearest(name, known);
    return luaL_error(lua, "nothing is named \"%s\"%s%s%s", std::string(name.substr(0, name_bytes_shown)).c_str(),
                      near.empty() ? "" : ", did you mean \"", near.c_str(), near.empty() ? "" : "\"?");
  }
  if (const auto* let = std::get_if<Let>(&*value)) {
    push_let(lua, name, let->snippet);
  } else {
    push_value(lua, *value);
  }
  lua_pushvalue(lua, 2);
  lua_pushvalue(lua, -2);
  lua_rawset(lua, 1);
  return 1;
}

/// __newindex of the names: what was assigned is known from now on, be it nil.
int assign_name(lua_State* lua) {
  if (lua_type(lua, 2) == LUA_TSTRING) {
    charge(lua, 16);
    session_of(lua).assigned.emplace(to_text(lua, 2));
    session_of(lua).plain->take(to_text(lua, 2));
  }
  lua_rawset(lua, 1);
  return 0;
}

}  // namespace

/// A new table of names: helpers, then what the scope knows.
void Interpreter::Impl::make_names() {
  lua_newtable(lua);
  lua_createtable(lua, 0, 2);
  lua_rawgeti(lua, LUA_REGISTRYINDEX, builtins);
  lua_pushcclosure(lua, find_name, 1);
  lua_setfield(lua, -2, "__index");
  lua_pushcfunction(lua, assign_name);
  lua_setfield(lua, -2, "__newindex");
  lua_setmetatable(lua, -2);
  lua_pushvalue(lua, -1);
  lua_rawseti(lua, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
  lua_rawseti(lua, LUA_REGISTRYINDEX, names);
}

/// Gives the snippet's function on top of the stack the table of names: its first upvalue.
void Interpreter::Impl::set_names_of_function() {
  lua_rawgeti(lua, LUA_REGISTRYINDEX, names);
  if (lua_setupvalue(lua, -2, 1) == nullptr) lua_pop(lua, 1);
}

/// Empties the table of names, and the slots of the names bound by `each`.
void Interpreter::Impl::forget_names() {
  lua_settop(lua, 0);
  lua_rawgeti(lua, LUA_REGISTRYINDEX, names);
  size_t count = 0;
  lua_pushnil(lua);
  for (; lua_next(lua, 1) != 0; ++count) {
    lua_pop(lua, 1);
    lua_pushvalue(lua, -1);
    lua_pushnil(lua);
    lua_rawset(lua, 1);
  }
  lua_settop(lua, 0);
  lua_rawgeti(lua, LUA_REGISTRYINDEX, locals);
  for (; slots_touched > 0; --slots_touched) {
    lua_pushnil(lua);
    lua_rawseti(lua, 1, slots_touched);
  }
  lua_settop(lua, 0);
  if (count <= names_kept_max) return;
  make_names();  // an emptied table keeps its size, and would be walked over after every session
  for (const Function& function : functions) {
    if (function.reference == LUA_NOREF) continue;
    lua_rawgeti(lua, LUA_REGISTRYINDEX, function.reference);
    set_names_of_function();
    lua_settop(lua, 0);
  }
}

}  // namespace counterpart::expression

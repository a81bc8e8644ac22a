/// How Objects behave in Lua: indexing, length, comparison, iteration, method calls.
#include "engine/expression/lua_access.h"
#include "engine/expression/members.h"

namespace counterpart::expression {

const state::Item& View::at(size_t index) const {
  if (live == nullptr) return *frozen[index];
  const size_t rank = first + index;
  return live->at(descending ? live->size() - 1 - rank : rank);
}

void View::freeze() {
  if (live == nullptr) return;
  if (descending) {
    frozen = live->slice(live->size() - first - count, count);
    std::reverse(frozen.begin(), frozen.end());
  } else {
    frozen = live->slice(first, count);
  }
  live = nullptr;
  first = 0;
  descending = false;
}

namespace {

int index_object(lua_State* lua) {
  const Object* object = to_object(lua, 1);
  switch (object->kind) {
    case Object::Kind::json: {
      if (object->json->is_array()) break;
      const Json* field = lua_type(lua, 2) == LUA_TSTRING ? field_of(*object->json, to_text(lua, 2)) : nullptr;
      if (field == nullptr) return 0;
      push_json(lua, *field);
      return 1;
    }
    case Object::Kind::headers: {
      if (lua_type(lua, 2) != LUA_TSTRING) return 0;
      push_value(lua, field_of(*object->headers, to_text(lua, 2)));
      return 1;
    }
    case Object::Kind::collection: {
      if (lua_isnoneornil(lua, 2)) return 0;
      const Json key = to_json(lua, 2);
      const state::Item* item = key.is_structured() ? nullptr : object->collection->find(key);
      if (item == nullptr) return 0;
      push_json(lua, item->value);
      return 1;
    }
    default:
      break;
  }
  if (!lua_isinteger(lua, 2)) return 0;
  push_element(lua, 1, lua_tointeger(lua, 2));
  return 1;
}

int assign_object(lua_State* lua) {
  return luaL_error(lua, "values of the state and of the request are read-only: use update{...} of the collection");
}

int length_of_object(lua_State* lua) {
  const Object* object = to_object(lua, 1);
  if (object->kind == Object::Kind::json && object->json->is_object()) {
    lua_pushinteger(lua, static_cast<lua_Integer>(object->json->size()));
  } else {
    lua_pushinteger(lua, list_length(lua, 1));
  }
  return 1;
}

int equal_objects(lua_State* lua) {
  const Object* a = to_object(lua, 1);
  const Object* b = to_object(lua, 2);
  const bool both_json = a != nullptr && b != nullptr && a->kind == Object::Kind::json && b->kind == Object::Kind::json;
  if (both_json) charge(lua, static_cast<int64_t>(a->json->size()));
  lua_pushboolean(lua, both_json && (a->json == b->json || *a->json == *b->json));
  return 1;
}

int text_of_object(lua_State* lua) {
  std::string text;
  append_json(lua, 1, text);
  push_text(lua, text);
  return 1;
}

/// `object "method"`: what `object:method` was rewritten to. Gives a function that knows its object.
int call_object(lua_State* lua) {
  const Object* object = to_object(lua, 1);
  const std::string_view name = lua_type(lua, 2) == LUA_TSTRING ? to_text(lua, 2) : "";
  const bool is_table_of_items = object->kind == Object::Kind::collection || object->kind == Object::Kind::view;
  const lua_CFunction method = is_table_of_items ? collection_method(name) : nullptr;
  if (method == nullptr) return luaL_error(lua, "only collections have a method \"%s\"", std::string(name).c_str());
  lua_pushvalue(lua, 1);
  lua_pushcclosure(lua, method, 1);
  return 1;
}

}  // namespace

void open_objects(lua_State* lua) {
  static constexpr luaL_Reg metamethods[] = {
      {"__index", index_object}, {"__newindex", assign_object},  {"__len", length_of_object},
      {"__eq", equal_objects},   {"__tostring", text_of_object}, {"__call", call_object},
      {nullptr, nullptr},
  };
  luaL_newmetatable(lua, "counterpart.object");
  luaL_setfuncs(lua, metamethods, 0);
  lua_pop(lua, 1);
  luaL_newmetatable(lua, "counterpart.list");
  lua_pop(lua, 1);
}

}  // namespace counterpart::expression

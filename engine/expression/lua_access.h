#pragma once
/// Internal to this folder: what its Lua C functions share. Values cross between JSON and Lua here and nowhere else.
///
/// Scalars become Lua's own (null a light userdata); lists and maps stay JSON behind an Object, so empty lists, key
/// order and 64-bit integers survive. Lua is built as C++: its errors are exceptions and destructors run.

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <deque>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/expression/plain.h"
#include "engine/expression/scope.h"
#include "engine/state/collection.h"

namespace re2 {
class RE2;
}

namespace counterpart::expression {

using Json = nlohmann::ordered_json;

/// A list of a collection's items as it was when it was asked for. Reads the collection's own order until the
/// collection changes, and then a copy of what it was.
struct View {
  state::Collection* collection = nullptr;
  const state::RankedSet* live = nullptr;  ///< nullptr once frozen
  std::vector<const state::Item*> frozen;
  bool descending = false;
  size_t first = 0;  ///< of `live`, counted in the view's direction
  size_t count = 0;
  bool whole = true;  ///< not a page of something: order_by may still use the collection's order

  const state::Item& at(size_t index) const;
  void freeze();
};

/// The numbers from first to last, both included.
struct Range {
  int64_t first;
  int64_t last;
};

/// The one kind of full userdata in the sandbox.
struct Object {
  enum class Kind : uint8_t { json, view, range, collection, headers };
  Kind kind;
  uint32_t session;  ///< of the session it was made in; stale in any other
  union {
    const Json* json;
    View* view;
    state::Collection* collection;
    const HeaderValues* headers;
    Range range;
  };
};

/// What a session holds beside the Lua stack. Found from a lua_State through its extra space.
struct SessionData {
  Scope* scope = nullptr;
  PlainSession* plain = nullptr;
  uint32_t number = 0;
  bool may_change_state = false;
  bool has_changed_state = false;  ///< a method that changes a collection was called
  int64_t instructions_left = 0;
  int64_t cpu_deadline_ns = 0;
  int64_t until_time_check = 0;  ///< instructions to be charged before the clock is looked at again
  std::string spent;             ///< which budget is spent; then every further error is that one
  std::deque<View> views;
  std::deque<Json> values;                                  ///< JSON made on the way, kept for the session
  std::vector<std::shared_ptr<const state::Item>> removed;  ///< items out of their collection, still pointed at
  std::set<std::string, std::less<>> assigned;              ///< names that statements gave a value, or nil
  std::vector<SnippetId> lets_in_progress;
};

SessionData& session_of(lua_State* lua);

/// Takes from the instruction budget; raises a Lua error when it, or the time, is spent.
void charge(lua_State* lua, int64_t instructions);

/// Pushes. Borrowed pointers must live as long as the session.
void push_json(lua_State* lua, const Json& value);
void push_owned(lua_State* lua, Json value);
void push_view(lua_State* lua, View view);
void push_range(lua_State* lua, int64_t first, int64_t last);
void push_collection(lua_State* lua, state::Collection& collection);
void push_headers(lua_State* lua, const HeaderValues& headers);
void push_value(lua_State* lua, const Value& value);  ///< of any kind but a Let
inline void push_text(lua_State* lua, std::string_view text) { lua_pushlstring(lua, text.data(), text.size()); }
inline void push_null(lua_State* lua) { lua_pushlightuserdata(lua, nullptr); }
inline bool is_null(lua_State* lua, int index) {
  return lua_type(lua, index) == LUA_TLIGHTUSERDATA && lua_touserdata(lua, index) == nullptr;
}

/// The Object at `index`, or nullptr for anything else. Raises an error for one of another session.
Object* to_object(lua_State* lua, int index);
std::string_view to_text(lua_State* lua, int index);  ///< the string at `index`, which must be one

/// The value at `index` as JSON. nil becomes null. Raises a Lua error for what JSON cannot hold.
Json to_json(lua_State* lua, int index);
/// The same, written: avoids the tree where the value is only text in the end.
void append_json(lua_State* lua, int index, std::string& out);

/// The same two of a value that no Lua was needed for; nullopt, or false and nothing appended, where only Lua knows how.
std::optional<Json> to_json(const Value& value);
bool append_json(const Value& value, std::string& out);
/// As text: strings as they are, the rest as JSON, nil as nothing.
bool append_text(const Value& value, std::string& out);

/// Lists of every kind: Lua tables, JSON arrays, views, ranges, collections.
bool is_list(lua_State* lua, int index);
/// The length; raises "expected a list, got ..." for anything else.
int64_t list_length(lua_State* lua, int index);
/// Element `place` (from 1) of a list whose elements are JSON already; nullptr for any other, and outside of the list.
const Json* element_json(lua_State* lua, int index, int64_t place);
/// Pushes element `place` (from 1); nil outside of the list.
void push_element(lua_State* lua, int index, int64_t place);
/// Pushes a new Lua table marked as a list, so that it is one even when empty.
void push_new_list(lua_State* lua);

/// Whether the value at `index` has the fields of the criteria table, and whether a JSON value has.
struct Criterion {
  std::string field;
  Json value;
};
/// Reads `{field = value, ...}` at `index`; raises an error for anything else and for an empty one.
std::vector<Criterion> to_criteria(lua_State* lua, int index);
bool matches(const Json& value, const std::vector<Criterion>& criteria);

/// The metatables and functions each file brings.
void open_objects(lua_State* lua);                  ///< objects.cpp: indexing, length, comparison of Objects
void open_collections(lua_State* lua);              ///< collections.cpp: methods
void open_helpers(lua_State* lua, int builtins);    ///< helpers.cpp: page, map, uuid, ...
void open_libraries(lua_State* lua, int builtins);  ///< libraries.cpp: the safe part of string, table, math, and base

/// The method `name` of a collection or view, or nullptr.
lua_CFunction collection_method(std::string_view name);

}  // namespace counterpart::expression

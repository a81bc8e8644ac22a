/// The helpers of docs/format.md, "Lists and helpers": functions every expression can call.
#include <fmt/format.h>
#include <re2/re2.h>

#include <cmath>

#include "engine/expression/lua_access.h"
#include "engine/state/random.h"
#include "engine/state/time_text.h"

namespace counterpart::expression {
namespace {

constexpr int64_t pattern_memory_bytes_max = 4 << 20;
constexpr size_t patterns_kept_max = 256;
constexpr int64_t random_text_max = 4096;

/// page(list, number, size): the items of that page, the first being 1. Costs the page, not the list.
int page(lua_State* lua) {
  const int64_t length = list_length(lua, 1);
  const lua_Integer number = luaL_checkinteger(lua, 2);
  const lua_Integer size = luaL_checkinteger(lua, 3);
  if (number < 1 || size < 1)
    return luaL_error(lua, "page(list, number, size) counts from 1, got %I and %I", static_cast<LUAI_UACINT>(number),
                      static_cast<LUAI_UACINT>(size));
  const bool past_the_end = number - 1 > length / size;
  const int64_t first = past_the_end ? length : std::min<int64_t>((number - 1) * size, length);
  const int64_t count = std::min<int64_t>(size, length - first);
  const Object* object = to_object(lua, 1);
  if (object != nullptr && (object->kind == Object::Kind::view || object->kind == Object::Kind::collection)) {
    View view;
    if (object->kind == Object::Kind::view) {
      view = *object->view;
    } else {
      view.collection = object->collection;
      view.live = &object->collection->all();
    }
    if (view.live == nullptr) {
      const auto begin = view.frozen.begin() + first;
      view.frozen = std::vector<const state::Item*>(begin, begin + count);
    } else {
      view.first += static_cast<size_t>(first);
    }
    view.count = static_cast<size_t>(count);
    view.whole = false;
    charge(lua, count);
    view.freeze();  // a page is walked over: one look-up instead of one for each item
    push_view(lua, std::move(view));
    return 1;
  }
  charge(lua, count);
  push_new_list(lua);
  for (int64_t i = 1; i <= count; ++i) {
    push_element(lua, 1, first + i);
    lua_rawseti(lua, -2, i);
  }
  return 1;
}

/// map(list, f): f of every element.
int map(lua_State* lua) {
  const int64_t length = list_length(lua, 1);
  luaL_checktype(lua, 2, LUA_TFUNCTION);
  push_new_list(lua);
  for (int64_t i = 1; i <= length; ++i) {
    charge(lua, 4);
    lua_pushvalue(lua, 2);
    push_element(lua, 1, i);
    lua_call(lua, 1, 1);
    if (lua_isnil(lua, -1)) {
      lua_pop(lua, 1);
      push_null(lua);  // a nil would shorten the list
    }
    lua_rawseti(lua, -2, i);
  }
  return 1;
}

/// filter(list, f): the elements for which f is true.
int filter(lua_State* lua) {
  const int64_t length = list_length(lua, 1);
  luaL_checktype(lua, 2, LUA_TFUNCTION);
  push_new_list(lua);
  lua_Integer kept = 0;
  for (int64_t i = 1; i <= length; ++i) {
    charge(lua, 4);
    push_element(lua, 1, i);
    lua_pushvalue(lua, 2);
    lua_pushvalue(lua, -2);
    lua_call(lua, 1, 1);
    const bool wanted = lua_toboolean(lua, -1) != 0;
    lua_pop(lua, 1);
    if (wanted) {
      lua_rawseti(lua, 3, ++kept);
    } else {
      lua_pop(lua, 1);
    }
  }
  return 1;
}

/// Pushes the first element that has the criteria's fields, or equals a scalar; false (nothing pushed) for none.
bool push_found(lua_State* lua) {
  const int64_t length = list_length(lua, 1);
  const bool by_fields = lua_istable(lua, 2) != 0;
  const std::vector<Criterion> criteria = by_fields ? to_criteria(lua, 2) : std::vector<Criterion>{};
  const Json sought = by_fields ? Json{} : to_json(lua, 2);
  for (int64_t i = 1; i <= length; ++i) {
    charge(lua, 8);
    push_element(lua, 1, i);
    const Object* object = to_object(lua, -1);
    const bool is_it = object != nullptr && object->kind == Object::Kind::json
                           ? (by_fields ? matches(*object->json, criteria) : *object->json == sought)
                           : (by_fields ? matches(to_json(lua, -1), criteria) : to_json(lua, -1) == sought);
    if (is_it) return true;
    lua_pop(lua, 1);
  }
  return false;
}

int find(lua_State* lua) { return push_found(lua) ? 1 : 0; }

int contains(lua_State* lua) {
  lua_pushboolean(lua, push_found(lua));
  return 1;
}

/// Compiled patterns of one interpreter; emptied when full, which bounds what a pattern built from requests can take.
struct Patterns {
  std::map<std::string, std::unique_ptr<re2::RE2>, std::less<>> compiled;
};

int forget_patterns(lua_State* lua) {
  static_cast<Patterns*>(lua_touserdata(lua, 1))->~Patterns();
  return 0;
}

/// matches(text, pattern): whether the RE2 pattern is found anywhere in the text.
int matches_pattern(lua_State* lua) {
  auto& patterns = *static_cast<Patterns*>(lua_touserdata(lua, lua_upvalueindex(1)));
  if (lua_type(lua, 1) != LUA_TSTRING) {
    lua_pushboolean(lua, 0);
    return 1;
  }
  luaL_checktype(lua, 2, LUA_TSTRING);
  const std::string_view text = to_text(lua, 1);
  const std::string_view pattern = to_text(lua, 2);
  charge(lua, static_cast<int64_t>(text.size()));
  auto found = patterns.compiled.find(pattern);
  if (found == patterns.compiled.end()) {
    charge(lua, 1000 + static_cast<int64_t>(pattern.size()) * 10);
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(pattern_memory_bytes_max);
    auto compiled = std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
    if (!compiled->ok()) return luaL_error(lua, "RE2 cannot take this pattern: %s", compiled->error().c_str());
    if (patterns.compiled.size() >= patterns_kept_max) patterns.compiled.clear();
    found = patterns.compiled.emplace(std::string(pattern), std::move(compiled)).first;
  }
  lua_pushboolean(lua, re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *found->second));
  return 1;
}

int round_with(lua_State* lua, double (*function)(double)) {
  if (lua_isinteger(lua, 1)) {
    lua_settop(lua, 1);
    return 1;
  }
  const double rounded = function(luaL_checknumber(lua, 1));
  if (rounded >= -0x1p63 && rounded < 0x1p63) {
    lua_pushinteger(lua, static_cast<lua_Integer>(rounded));
  } else {
    lua_pushnumber(lua, rounded);
  }
  return 1;
}

int ceil(lua_State* lua) { return round_with(lua, std::ceil); }
int floor(lua_State* lua) { return round_with(lua, std::floor); }

/// min(a, b, ...) and max(a, b, ...): the argument itself, so integers stay integers.
int extreme(lua_State* lua, bool largest) {
  const int count = lua_gettop(lua);
  luaL_checknumber(lua, 1);
  int best = 1;
  for (int i = 2; i <= count; ++i) {
    luaL_checknumber(lua, i);
    if (lua_compare(lua, largest ? best : i, largest ? i : best, LUA_OPLT) != 0) best = i;
  }
  lua_pushvalue(lua, best);
  return 1;
}

int min(lua_State* lua) { return extreme(lua, false); }
int max(lua_State* lua) { return extreme(lua, true); }

int iso(lua_State* lua) {
  const std::string text = state::to_iso(luaL_checkinteger(lua, 1));
  if (text.empty()) return luaL_error(lua, "iso(ms): the year is not between 0 and 9999");
  push_text(lua, text);
  return 1;
}

int epoch_ms(lua_State* lua) {
  luaL_checktype(lua, 1, LUA_TSTRING);
  const auto ms = state::from_iso(to_text(lua, 1));
  if (!ms) return luaL_error(lua, "epoch_ms(text) expects an RFC 3339 date-time, as in 2024-03-15T14:30:00Z");
  lua_pushinteger(lua, *ms);
  return 1;
}

/// A random (version 4) UUID, RFC 9562, 5.4.
int uuid(lua_State* lua) {
  state::Random& random = session_of(lua).scope->random();
  const uint64_t high = (random.next() & ~0xF000ULL) | 0x4000ULL;
  const uint64_t low = (random.next() >> 2) | (1ULL << 63);
  push_text(lua, fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, high >> 16 & 0xFFFF, high & 0xFFFF,
                             low >> 48, low & 0xFFFFFFFFFFFF));
  return 1;
}

int random_int(lua_State* lua) {
  const lua_Integer least = luaL_checkinteger(lua, 1);
  const lua_Integer most = luaL_checkinteger(lua, 2);
  if (least > most) return luaL_error(lua, "random_int(a, b) expects a <= b");
  const uint64_t span = static_cast<uint64_t>(most) - static_cast<uint64_t>(least) + 1;  // 0: every integer there is
  const uint64_t drawn = session_of(lua).scope->random().below(span);
  lua_pushinteger(lua, static_cast<lua_Integer>(static_cast<uint64_t>(least) + drawn));
  return 1;
}

int random_text(lua_State* lua) {
  const lua_Integer length = luaL_checkinteger(lua, 1);
  const std::string_view alphabet =
      luaL_optstring(lua, 2, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
  if (length < 0 || length > random_text_max || alphabet.empty()) {
    return luaL_error(lua, "random_text(n, alphabet) expects n from 0 to %d and some characters", int(random_text_max));
  }
  charge(lua, length);
  std::string text;
  for (lua_Integer i = 0; i < length; ++i) text += alphabet[session_of(lua).scope->random().below(alphabet.size())];
  push_text(lua, text);
  return 1;
}

/// range(n) or range(first, last): the integers, as a list that takes no memory.
int range(lua_State* lua) {
  const lua_Integer first = luaL_checkinteger(lua, 1);
  const bool only_last = lua_isnoneornil(lua, 2);
  const lua_Integer last = only_last ? first : luaL_checkinteger(lua, 2);
  constexpr lua_Integer bound = lua_Integer{1} << 53;
  if (first < -bound || last > bound) return luaL_error(lua, "range goes from -2^53 to 2^53");
  push_range(lua, only_last ? 1 : first, last);
  return 1;
}

/// list(a, b, ...) or list{...}: marks a table as a list, so that an empty one is [] and not {}.
int list(lua_State* lua) {
  const bool from_table = lua_gettop(lua) == 1 && lua_istable(lua, 1);
  const lua_Integer count = from_table ? static_cast<lua_Integer>(lua_rawlen(lua, 1)) : lua_gettop(lua);
  charge(lua, count);
  push_new_list(lua);
  for (lua_Integer i = 1; i <= count; ++i) {
    if (from_table) {
      lua_rawgeti(lua, 1, i);
    } else {
      lua_pushvalue(lua, static_cast<int>(i));
    }
    if (lua_isnil(lua, -1)) {
      lua_pop(lua, 1);
      push_null(lua);
    }
    lua_rawseti(lua, -2, i);
  }
  return 1;
}

}  // namespace

void open_helpers(lua_State* lua, int builtins) {
  static constexpr luaL_Reg helpers[] = {
      {"page", page},         {"map", map},           {"filter", filter},
      {"find", find},         {"ceil", ceil},         {"floor", floor},
      {"min", min},           {"max", max},           {"iso", iso},
      {"uuid", uuid},         {"epoch_ms", epoch_ms}, {"random_int", random_int},
      {"range", range},       {"list", list},         {"random_text", random_text},
      {"contains", contains}, {nullptr, nullptr},
  };
  lua_pushvalue(lua, builtins);
  luaL_setfuncs(lua, helpers, 0);
  push_null(lua);
  lua_setfield(lua, -2, "null");
  new (lua_newuserdatauv(lua, sizeof(Patterns), 0)) Patterns();
  lua_createtable(lua, 0, 1);
  lua_pushcfunction(lua, forget_patterns);
  lua_setfield(lua, -2, "__gc");
  lua_setmetatable(lua, -2);
  lua_pushcclosure(lua, matches_pattern, 1);
  lua_setfield(lua, -2, "matches");
  lua_pop(lua, 1);
}

}  // namespace counterpart::expression

/// The methods of collections, and of the lists that collections give.
#include <algorithm>

#include "engine/expression/lua_access.h"

namespace counterpart::expression {
namespace {

using state::Collection;
using state::Item;

/// The object a method was called on.
Object& self_object(lua_State* lua) { return *to_object(lua, lua_upvalueindex(1)); }

Collection& self(lua_State* lua) {
  Object& object = self_object(lua);
  if (object.kind != Object::Kind::collection)
    luaL_error(lua, "this list is not a collection: only collections have that method");
  return *object.collection;
}

/// The collection, about to change: every list taken from it so far keeps what it holds.
Collection& self_for_change(lua_State* lua) {
  Collection& collection = self(lua);
  SessionData& session = session_of(lua);
  if (!session.may_change_state) luaL_error(lua, "only `do` may change the state");
  session.has_changed_state = true;
  for (View& view : session.views) {
    if (view.collection != &collection || view.live == nullptr) continue;
    charge(lua, static_cast<int64_t>(view.count));
    view.freeze();
  }
  return collection;
}

View whole(Collection& collection, const state::RankedSet& items) {
  return {&collection, &items, {}, false, 0, items.size(), true};
}

/// The smallest indexed set that holds every match; the criteria it does not settle stay in `criteria`.
const state::RankedSet& narrow(const Collection& collection, std::vector<Criterion>& criteria) {
  const state::RankedSet* best = nullptr;
  auto settled = criteria.end();
  for (auto criterion = criteria.begin(); criterion != criteria.end(); ++criterion) {
    const state::RankedSet* bucket = collection.bucket(criterion->field, criterion->value);
    if (bucket == nullptr || (best != nullptr && bucket->size() >= best->size())) continue;
    best = bucket;
    settled = criterion;
  }
  if (settled != criteria.end()) criteria.erase(settled);
  return best == nullptr ? collection.all() : *best;
}

/// Every match, in order. Costs the matches when the one criterion is indexed.
std::vector<const Item*> select(lua_State* lua, const Collection& collection, std::vector<Criterion> criteria) {
  const state::RankedSet& candidates = narrow(collection, criteria);
  charge(lua, static_cast<int64_t>(candidates.size()));
  std::vector<const Item*> items = candidates.slice(0, candidates.size());
  if (!criteria.empty()) std::erase_if(items, [&](const Item* item) { return !matches(item->value, criteria); });
  return items;
}

void raise_if_full(lua_State* lua, const Collection& collection) {
  if (!collection.is_full()) return;
  luaL_error(lua, "%s is full: it may grow by %d MiB, and no more", collection.spec().name.c_str(),
             static_cast<int>(Collection::growth_bytes_max >> 20));
}

void insert_or_raise(lua_State* lua, Collection& collection, Json value) {
  raise_if_full(lua, collection);
  if (const auto refusal = collection.refusal(value)) luaL_error(lua, "%s", refusal->c_str());
  const std::string key = value.at(collection.spec().key).dump(-1, ' ', false, Json::error_handler_t::replace);
  if (!collection.insert(std::move(value))) {
    luaL_error(lua, "%s already has an item with the key %s", collection.spec().name.c_str(), key.c_str());
  }
}

/// Takes items out; they stay readable until the session ends.
lua_Integer remove_items(lua_State* lua, Collection& collection, const std::vector<const Item*>& items) {
  charge(lua, static_cast<int64_t>(items.size()) * 4);
  for (const Item* item : items) {
    session_of(lua).removed.push_back(collection.remove(item->value.at(collection.spec().key)));
  }
  return static_cast<lua_Integer>(items.size());
}

int all(lua_State* lua) {
  Collection& collection = self(lua);
  push_view(lua, whole(collection, collection.all()));
  return 1;
}

int where(lua_State* lua) {
  Collection& collection = self(lua);
  std::vector<Criterion> criteria = to_criteria(lua, 1);
  std::vector<Criterion> unsettled = criteria;
  const state::RankedSet& candidates = narrow(collection, unsettled);
  if (unsettled.empty()) {
    push_view(lua, whole(collection, candidates));
    return 1;
  }
  std::vector<const Item*> items = select(lua, collection, std::move(criteria));
  const size_t count = items.size();
  push_view(lua, {&collection, nullptr, std::move(items), false, 0, count, true});
  return 1;
}

int first(lua_State* lua) {
  Collection& collection = self(lua);
  std::vector<Criterion> criteria = to_criteria(lua, 1);
  const state::RankedSet& candidates = narrow(collection, criteria);
  constexpr size_t looked_at_once = 64;
  for (size_t from = 0; from < candidates.size(); from += looked_at_once) {
    charge(lua, looked_at_once);
    for (const Item* item : candidates.slice(from, looked_at_once)) {
      if (!matches(item->value, criteria)) continue;
      push_json(lua, item->value);
      return 1;
    }
  }
  return 0;
}

int count(lua_State* lua) {
  Collection& collection = self(lua);
  std::vector<Criterion> criteria = to_criteria(lua, 1);
  std::vector<Criterion> unsettled = criteria;
  const state::RankedSet& candidates = narrow(collection, unsettled);
  lua_pushinteger(
      lua, static_cast<lua_Integer>(unsettled.empty() ? candidates.size() : select(lua, collection, criteria).size()));
  return 1;
}

int insert(lua_State* lua) {
  Collection& collection = self_for_change(lua);
  charge(lua, 16);
  Json value = to_json(lua, 1);
  insert_or_raise(lua, collection, value);
  push_owned(lua, std::move(value));
  return 1;
}

int update(lua_State* lua) {
  Collection& collection = self_for_change(lua);
  charge(lua, 16);
  raise_if_full(lua, collection);
  const Json key = to_json(lua, 1);
  const Json changes = to_json(lua, 2);
  const Item* item = key.is_structured() ? nullptr : collection.find(key);
  if (item == nullptr) return 0;
  if (!changes.is_object()) return luaL_error(lua, "update(key, {...}) expects a map of the fields to change");
  Json merged = item->value;
  for (const auto& [field, value] : changes.items()) merged[field] = value;
  if (const auto refusal = collection.refusal(merged)) return luaL_error(lua, "%s", refusal->c_str());
  session_of(lua).removed.push_back(collection.share(*item));
  if (!collection.update(key, changes)) {
    return luaL_error(lua, "the new key is that of another item of %s", collection.spec().name.c_str());
  }
  push_owned(lua, std::move(merged));
  return 1;
}

int remove(lua_State* lua) {
  Collection& collection = self_for_change(lua);
  const Json key = to_json(lua, 1);
  std::shared_ptr<const Item> item = key.is_structured() ? nullptr : collection.remove(key);
  lua_pushinteger(lua, item == nullptr ? 0 : 1);
  if (item != nullptr) session_of(lua).removed.push_back(std::move(item));
  return 1;
}

int remove_where(lua_State* lua) {
  Collection& collection = self_for_change(lua);
  lua_pushinteger(lua, remove_items(lua, collection, select(lua, collection, to_criteria(lua, 1))));
  return 1;
}

int remove_if(lua_State* lua) {
  Collection& collection = self_for_change(lua);
  luaL_checktype(lua, 1, LUA_TFUNCTION);
  charge(lua, static_cast<int64_t>(collection.size()));
  std::vector<const Item*> items = collection.all().slice(0, collection.size());
  SessionData& session = session_of(lua);
  session.may_change_state = false;  // the function looks, it does not change what is being walked over
  std::erase_if(items, [&](const Item* item) {
    lua_pushvalue(lua, 1);
    push_json(lua, item->value);
    lua_call(lua, 1, 1);
    const bool over = lua_toboolean(lua, -1) != 0;
    lua_pop(lua, 1);
    return !over;
  });
  session.may_change_state = true;
  lua_pushinteger(lua, remove_items(lua, collection, items));
  return 1;
}

/// replace(list, {field = value}): what the criteria select goes, the list's items come, with those fields set.
int replace(lua_State* lua) {
  Collection& collection = self_for_change(lua);
  const int64_t length = list_length(lua, 1);
  const std::vector<Criterion> criteria = to_criteria(lua, 2);
  charge(lua, length * 16);
  remove_items(lua, collection, select(lua, collection, criteria));
  for (int64_t i = 1; i <= length; ++i) {
    push_element(lua, 1, i);
    Json value = to_json(lua, -1);
    lua_pop(lua, 1);
    if (value.is_object()) {
      for (const Criterion& criterion : criteria) value[criterion.field] = criterion.value;
    }
    insert_or_raise(lua, collection, std::move(value));
  }
  lua_pushinteger(lua, length);
  return 1;
}

/// order_by(field, "asc" | "desc"): items that tie keep the list's order, reversed for "desc". Free when the
/// field is the collection's `order`.
int order_by(lua_State* lua) {
  Object& object = self_object(lua);
  View view = object.kind == Object::Kind::view ? *object.view : whole(*object.collection, object.collection->all());
  const std::string field = luaL_checkstring(lua, 1);
  const std::string_view direction = luaL_optstring(lua, 2, "asc");
  if (direction != "asc" && direction != "desc") return luaL_error(lua, "order_by expects \"asc\" or \"desc\"");
  const bool descending = direction == "desc";
  if (view.live != nullptr && view.whole && field == view.collection->spec().order) {
    view.descending = descending;
    push_view(lua, std::move(view));
    return 1;
  }
  charge(lua, static_cast<int64_t>(view.count) * 20);
  view.freeze();
  const auto value_of = [&field](const Item* item) -> const Json& {
    static const Json absent;
    const auto found = item->value.find(field);
    return found == item->value.end() ? absent : *found;
  };
  std::stable_sort(view.frozen.begin(), view.frozen.end(),
                   [&](const Item* a, const Item* b) { return state::compare_scalars(value_of(a), value_of(b)) < 0; });
  if (descending) std::reverse(view.frozen.begin(), view.frozen.end());
  push_view(lua, std::move(view));
  return 1;
}

}  // namespace

lua_CFunction collection_method(std::string_view name) {
  struct Method {
    std::string_view name;
    lua_CFunction function;
  };
  static constexpr Method methods[] = {
      {"all", all},
      {"where", where},
      {"first", first},
      {"count", count},
      {"insert", insert},
      {"update", update},
      {"remove", remove},
      {"remove_where", remove_where},
      {"remove_if", remove_if},
      {"replace", replace},
      {"order_by", order_by},
  };
  for (const Method& method : methods) {
    if (method.name == name) return method.function;
  }
  return nullptr;
}

}  // namespace counterpart::expression

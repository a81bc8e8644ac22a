/// What the contracts remember: state/<collection>[/<key>].
#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <shared_mutex>

#include "engine/document/json.h"
#include "mock/admin/endpoint.h"

namespace counterpart::mock::admin {

using state::Collection;

namespace {

/// The seat whose contract has the collection that is asked.
size_t find_seat(const Call& call, const Stage& stage) {
  const std::string& name = call.arguments[0];
  std::vector<size_t> found;
  std::vector<std::string> known;
  std::string contracts;
  for (const size_t seat : call.seats(stage)) {
    for (const contract::Collection& collection : stage.seats()[seat].engine->contract().state) {
      known.push_back(collection.spec->name);
      if (known.back() != name) continue;
      contracts += (found.empty() ? "" : ", ") + stage.seats()[seat].name();
      found.push_back(seat);
    }
  }
  if (found.empty()) {
    refuse(404, fmt::format("there is no collection \"{}\"; {}", name,
                            known.empty() ? "there are none at all" : document::suggestion(name, known)));
  }
  if (found.size() > 1) {
    refuse(409, fmt::format("several contracts have a collection \"{}\"; ask with ?contract=NAME, one of: {}", name,
                            contracts));
  }
  return found[0];
}

/// Needs the lock. By name: the contract may have been loaded anew since its seat was found.
size_t find_collection(const Call& call, const state::Space& state) {
  for (size_t i = 0; i < state.collections(); ++i) {
    if (state.shared(i).spec().name == call.arguments[0]) return i;
  }
  refuse(404, fmt::format("there is no collection \"{}\" any more", call.arguments[0]));
}

/// Calls `use` with the collection, to read it; what has expired is gone by then, as for any request.
template <typename Use>
void read(Call& call, const Use& use) {
  Space& space = call.space();
  const auto stage = space.stage();
  space.with_state(find_seat(call, *stage), [&](state::Space& state) {
    const int64_t now_ms = state.clock->now_ms();
    {
      const std::shared_lock lock(state.mutex);
      if (state.next_expiry_ms() > now_ms) return use(state.shared(find_collection(call, state)));
    }
    const std::unique_lock lock(state.mutex);
    state.expire(now_ms);
    use(state.shared(find_collection(call, state)));
  });
}

/// Calls `use` with the collection, to change it.
template <typename Use>
void change(Call& call, const Use& use) {
  Space& space = call.space();
  const auto stage = space.stage();
  space.with_state(find_seat(call, *stage), [&](state::Space& state) {
    const std::unique_lock lock(state.mutex);
    state.expire(state.clock->now_ms());
    use(state.own(find_collection(call, state)));
  });
}

std::string items_text(const Collection& collection) {
  std::string text = R"({"items":[)";
  for (const state::Item* item : collection.all().slice(0, collection.size())) {
    if (text.back() != '[') text += ',';
    text += document::write_json(item->value);
  }
  return text + "]}";
}

Collection empty_like(const Collection& collection) {
  return Collection(std::make_shared<const state::CollectionSpec>(collection.spec()));
}

/// The scalars that a key in a path may stand for: text first.
std::vector<Json> keys_of(const std::string& text) {
  std::vector<Json> keys = {text};
  if (const auto scalar = document::parse_json(text); scalar && (scalar->is_number() || scalar->is_boolean())) {
    keys.push_back(*scalar);
  }
  return keys;
}

const state::Item* find_item(const Collection& collection, const std::string& key) {
  for (const Json& candidate : keys_of(key)) {
    if (const state::Item* item = collection.find(candidate)) return item;
  }
  return nullptr;
}

const state::Item& require_item(const Call& call, const Collection& collection) {
  if (const state::Item* item = find_item(collection, call.arguments[1])) return *item;
  refuse(404, fmt::format("{} has no item \"{}\"", call.arguments[0], call.arguments[1]));
}

void check(const Collection& collection, const Json& value) {
  if (const auto refusal = collection.refusal(value)) refuse(422, *refusal);
}

[[noreturn]] void refuse_taken(const Collection& collection, const Json& value) {
  const std::string& name = collection.spec().key;
  refuse(422, fmt::format("{} has an item whose \"{}\" is {} already", collection.spec().name, name,
                          document::write_json(value[name])));
}

http::Response get_collection(Call& call) {
  std::string text;
  read(call, [&](const Collection& collection) { text = items_text(collection); });
  return answer_text(std::move(text));
}

http::Response put_collection(Call& call) {
  std::string text;
  change(call, [&](Collection& collection) {
    Collection replaced = empty_like(collection);
    for (const Json& item : call.body["items"]) {
      check(collection, item);
      if (!replaced.insert(item)) refuse_taken(collection, item);
    }
    collection = std::move(replaced);
    text = items_text(collection);
  });
  return answer_text(std::move(text));
}

http::Response patch_collection(Call& call) {
  std::string text;
  change(call, [&](Collection& collection) {
    Collection changed = collection;  // all of it or nothing
    for (const Json& item : call.body["items"]) {
      check(collection, item);
      if (!changed.update(item[collection.spec().key], item)) changed.insert(item);
    }
    collection = std::move(changed);
    text = items_text(collection);
  });
  return answer_text(std::move(text));
}

http::Response get_item(Call& call) {
  Json value;
  read(call, [&](const Collection& collection) { value = require_item(call, collection).value; });
  return answer(value);
}

/// The body with the key that the path names.
Json item_to_put(const Call& call, const Collection& collection, const state::Item* old) {
  const std::string& name = collection.spec().key;
  const auto keys = keys_of(call.arguments[1]);
  Json value = call.body;
  if (!value.contains(name)) value[name] = old != nullptr ? old->value[name] : keys[0];
  check(collection, value);
  const bool is_named = std::any_of(keys.begin(), keys.end(),
                                    [&](const Json& key) { return state::compare_scalars(key, value[name]) == 0; });
  if (!is_named) {
    refuse(422, fmt::format("the path names the item \"{}\", but its \"{}\" is {}", call.arguments[1], name,
                            document::write_json(value[name])));
  }
  return value;
}

/// The collection with another value in an item's place.
Collection with_replaced(const Collection& collection, const state::Item& old, const Json& value) {
  auto items = collection.all().slice(0, collection.size());
  std::sort(items.begin(), items.end(),
            [](const state::Item* a, const state::Item* b) { return a->sequence < b->sequence; });
  Collection replaced = empty_like(collection);
  for (const state::Item* item : items) {
    if (!replaced.insert(item == &old ? value : item->value)) refuse_taken(collection, value);
  }
  return replaced;
}

http::Response put_item(Call& call) {
  Json value;
  change(call, [&](Collection& collection) {
    const state::Item* old = find_item(collection, call.arguments[1]);
    value = item_to_put(call, collection, old);
    if (old != nullptr) {
      collection = with_replaced(collection, *old, value);
    } else {
      collection.insert(value);
    }
  });
  return answer(value);
}

http::Response patch_item(Call& call) {
  Json value;
  change(call, [&](Collection& collection) {
    const std::string& name = collection.spec().key;
    const Json before = require_item(call, collection).value;
    value = before;
    for (const auto& [field, change] : call.body.items()) value[field] = change;
    check(collection, value);
    if (!collection.update(before[name], call.body)) refuse_taken(collection, value);
  });
  return answer(value);
}

http::Response delete_item(Call& call) {
  change(call, [&](Collection& collection) {
    const Json key = require_item(call, collection).value[collection.spec().key];
    collection.remove(key);
  });
  return nothing();
}

constexpr std::string_view items_schema = R"({
  "type": "object",
  "properties": { "items": { "type": "array", "description": "Maps, each with the collection's key" } },
  "required": ["items"],
  "additionalProperties": false
})";
constexpr std::string_view item_schema = R"({ "type": "object" })";

Endpoint of_collection(Endpoint endpoint) {
  endpoint.path_parameters.insert(endpoint.path_parameters.begin(),
                                  {"collection", R"({"type":"string"})", "The collection's name"});
  endpoint.query_parameters = {contract_parameter};
  endpoint.replies.push_back(problem(404, "There is no such collection, or item"));
  endpoint.replies.push_back(problem(409, "Several contracts have a collection of that name"));
  if (!endpoint.body.empty()) endpoint.replies.push_back(problem(422, "The collection cannot hold that"));
  endpoint.replies.push_back(problem(503, "There are as many spaces as may be"));
  return endpoint;
}

Endpoint of_item(Endpoint endpoint) {
  endpoint.path = "state/{collection}/{key}";
  endpoint.path_parameters = {{"key", R"({"type":"string"})", "The item's key: text, or else a number"}};
  return of_collection(std::move(endpoint));
}

}  // namespace

std::vector<Endpoint> state_endpoints() {
  const Reply items{200, "Its items, in order", "Items"};
  const Reply item{200, "The item", "Item"};
  return {
      of_collection({.method = "GET",
                     .path = "state/{collection}",
                     .id = "getCollection",
                     .summary = "What a collection holds",
                     .replies = {items},
                     .handle = get_collection}),
      of_collection({.method = "PUT",
                     .path = "state/{collection}",
                     .id = "putCollection",
                     .summary = "Other items instead of those a collection holds",
                     .body = items_schema,
                     .replies = {items},
                     .handle = put_collection}),
      of_collection({.method = "PATCH",
                     .path = "state/{collection}",
                     .id = "patchCollection",
                     .summary = "Items more for a collection; fields more for those it holds already",
                     .body = items_schema,
                     .replies = {items},
                     .handle = patch_collection}),
      of_item({.method = "GET", .id = "getItem", .summary = "One item", .replies = {item}, .handle = get_item}),
      of_item({.method = "PUT",
               .id = "putItem",
               .summary = "An item, instead of the one of that key where there is one",
               .body = item_schema,
               .replies = {item},
               .handle = put_item}),
      of_item({.method = "PATCH",
               .id = "patchItem",
               .summary = "Other values for some fields of an item",
               .body = item_schema,
               .replies = {item},
               .handle = patch_item}),
      of_item({.method = "DELETE",
               .id = "deleteItem",
               .summary = "Takes an item out",
               .replies = {{204, "It is gone"}},
               .handle = delete_item}),
  };
}

}  // namespace counterpart::mock::admin

#include "engine/schema/resources.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/schema/check.h"
#include "engine/schema/registry.h"
#include "engine/schema/uri.h"

namespace counterpart::schema {

using document::Kind;
using document::Member;

namespace {

const Node* text_member(const Node& map, std::string_view key) {
  const Node* value = map.find(key);
  return value && value->is(Kind::text) ? value : nullptr;
}

/// What a step of a JSON Pointer that leads nowhere may have meant.
std::string nearest_name(const Node& map, const std::string& passed, std::string_view step) {
  constexpr size_t compared_max = 1'000;
  std::vector<std::string> candidates;
  for (const Member& entry : map.members) {
    if (candidates.size() == compared_max) break;
    candidates.push_back(passed);
    append_step(candidates.back(), entry.key);
  }
  std::string written = passed;
  append_step(written, step);
  return document::suggestion(written, candidates);
}

/// The item that a step of a JSON Pointer names (RFC 6901, 4).
const Node* item(const Node& list, std::string_view step) {
  size_t index = 0;
  const auto [end, problem] = std::from_chars(step.data(), step.data() + step.size(), index);
  const bool is_index =
      problem == std::errc() && end == step.data() + step.size() && (step == "0" || !step.starts_with('0'));
  return is_index && index < list.items.size() ? &list.items[index] : nullptr;
}

}  // namespace

Resources::Resources(const Node& document, std::shared_ptr<const document::Source> source, const Options& options,
                     document::Diagnostics& diagnostics, Model& model)
    : options_(options), diagnostics_(diagnostics), model_(model) {
  resources_.push_back({{}, &document, nullptr, {}, {}, nullptr});
  contexts_.push_back({&resources_.back(), {}, options.strict, std::move(source)});
  resources_.back().context = &contexts_.back();
  by_uri_.emplace("", &resources_.back());
}

Place* Resources::find(const Node& schema) {
  const auto found = places_.find(&schema);
  return found == places_.end() ? nullptr : &found->second;
}

Place& Resources::note(const Node& schema, const Context* context) {
  if (Place* known = find(schema)) return *known;
  model_.sources.push_back(schema.to_json());
  note_parts(schema, model_.sources.back(), context ? *context : contexts_.front(), 0);
  return places_.at(&schema);
}

void Resources::note_parts(const Node& schema, const Json& source, const Context& outer, int depth) {
  if (depth > schema_depth_max) return;
  const auto [place, is_new] = places_.try_emplace(&schema);
  if (!is_new) return;
  const Context& inner = schema.is(Kind::map) ? *identify(schema, outer) : outer;
  place->second.context = &inner;
  place->second.source = &source;
  if (!schema.is(Kind::map)) return;
  const auto sources = source.get_ref<const Json::object_t&>().begin();
  for (size_t i = 0; i < schema.members.size(); ++i) {
    const Node& value = schema.members[i].value;
    const Json& written = sources[i].second;
    const Keyword* keyword = find_keyword(schema.members[i].key);
    if (!keyword || !keyword->is_in(inner.dialect.draft)) continue;
    if (keyword->shape == Shape::map && value.is(Kind::map)) {
      const auto parts = written.get_ref<const Json::object_t&>().begin();
      for (size_t k = 0; k < value.members.size(); ++k)
        note_parts(value.members[k].value, parts[k].second, inner, depth + 1);
    } else if (value.is(Kind::list)) {
      if (keyword->shape != Shape::list && keyword->shape != Shape::schema_or_list) continue;
      for (size_t k = 0; k < value.items.size(); ++k) note_parts(value.items[k], written[k], inner, depth + 1);
    } else if (keyword->shape == Shape::schema || keyword->shape == Shape::schema_or_list) {
      note_parts(value, written, inner, depth + 1);
    }
  }
}

/// The context inside of a schema, once its own names are known.
const Context* Resources::identify(const Node& schema, const Context& outer) {
  const Node* dialect_uri = text_member(schema, "$schema");
  const Node* id = text_member(schema, "$id");
  const Node* anchor = text_member(schema, "$anchor");
  const Node* dynamic_anchor = text_member(schema, "$dynamicAnchor");
  if (!dialect_uri && !id && !anchor && !dynamic_anchor) return &outer;

  Context inner = outer;
  if (dialect_uri) {
    if (const auto dialect = find_dialect(dialect_uri->text, options_.registry)) {
      inner.dialect = *dialect;
    } else {
      error(outer, dialect_uri->at, fmt::format("\"{}\" is no draft of JSON Schema that is known", dialect_uri->text),
            "https://json-schema.org/draft/2020-12/schema and http://json-schema.org/draft-07/schema# are",
            dialect_uri->text.size());
    }
  }
  const bool is_seven = inner.dialect.draft == Draft::seven;
  if (id && !(is_seven && schema.find("$ref"))) identify_by_id(schema, *id, inner);
  if (!is_seven) {
    if (anchor) inner.resource->anchors.emplace(anchor->text, &schema);
    if (dynamic_anchor) {
      inner.resource->anchors.emplace(dynamic_anchor->text, &schema);
      inner.resource->dynamic_anchors.emplace_back(dynamic_anchor->text, &schema);
    }
  }
  if (!dialect_uri && inner.resource == outer.resource) return &outer;
  contexts_.push_back(std::move(inner));
  Resource& resource = *contexts_.back().resource;
  if (resource.root == &schema) resource.context = &contexts_.back();
  return &contexts_.back();
}

void Resources::identify_by_id(const Node& schema, const Node& id, Context& inner) {
  Address address = schema::resolve(inner.resource->uri, id.text);
  if (!address.fragment.empty()) {
    if (inner.dialect.draft != Draft::seven && inner.strict) {
      error(inner, id.at, "an $id has no fragment", "give the schema an $anchor", id.text.size());
    }
    if (id.text.starts_with('#')) {
      inner.resource->anchors.emplace(address.fragment, &schema);
      return;
    }
  }
  const auto [known, is_new] = by_uri_.emplace(address.uri, nullptr);
  if (is_new) {
    resources_.push_back({address.uri, &schema, nullptr, {}, {}, nullptr});
    known->second = &resources_.back();
  } else if (known->second->root != &schema) {
    if (inner.strict) {
      error(inner, id.at, fmt::format("another schema has the $id \"{}\"", address.uri), {}, id.text.size());
    }
    return;
  }
  inner.resource = known->second;
  if (!address.fragment.empty()) inner.resource->anchors.emplace(address.fragment, &schema);
}

Resource* Resources::find_resource(const std::string& uri, const Context& from) {
  if (uri == from.resource->uri) return from.resource;
  if (const auto known = by_uri_.find(uri); known != by_uri_.end()) return known->second;
  const Registry::Document* document = options_.registry ? options_.registry->find(uri) : nullptr;
  if (!document) document = Registry::metaschemas().find(uri);
  if (!document) return nullptr;
  resources_.push_back({uri, &document->node, nullptr, {}, {}, nullptr});
  Resource& resource = resources_.back();
  contexts_.push_back({&resource, from.dialect, false, document->source});
  resource.context = &contexts_.back();
  by_uri_.emplace(uri, &resource);
  note(document->node, resource.context);
  return &resource;
}

const Node* Resources::member(const Node& map, const std::string& name) {
  constexpr size_t walked_max = 16;
  if (map.members.size() <= walked_max) return map.find(name);
  auto& index = indexes_[&map];
  if (index.empty()) {
    for (const Member& entry : map.members) index.emplace(entry.key, &entry.value);
  }
  const auto found = index.find(name);
  return found == index.end() ? nullptr : found->second;
}

const Node* Resources::follow(const Resource& resource, std::string_view pointer, const Context*& context,
                              std::string& hint) {
  const Node* node = resource.root;
  std::string passed = "#";
  while (const auto step = take_step(pointer)) {
    const Node* next = node->is(Kind::list) ? item(*node, *step) : member(*node, *step);
    if (!next) {
      if (has_room()) hint = nearest_name(*node, passed, *step);
      return nullptr;
    }
    append_step(passed, *step);
    if (const Place* place = find(*next)) context = place->context;
    node = next;
  }
  return node;
}

Resources::Target Resources::resolve(const Context& from, std::string_view reference, std::string& hint) {
  const Address address = schema::resolve(from.resource->uri, reference);
  const Resource* resource = find_resource(address.uri, from);
  if (!resource) {
    hint = "nothing is fetched";
    return {};
  }
  Target target;
  const Context* context = resource->context;
  if (address.fragment.empty()) {
    // A document that is no schema as a whole cannot be referred to as a whole.
    target.node = find(*resource->root) ? resource->root : nullptr;
  } else if (address.fragment.starts_with('/')) {
    target.node = follow(*resource, address.fragment, context, hint);
  } else {
    target.anchor = address.fragment;
    const auto found = resource->anchors.find(address.fragment);
    if (found != resource->anchors.end()) target.node = found->second;
    target.is_dynamic = std::any_of(resource->dynamic_anchors.begin(), resource->dynamic_anchors.end(),
                                    [&](const auto& anchor) { return anchor.first == target.anchor; });
  }
  if (target.node) note(*target.node, context);
  return target;
}

void Resources::error(const Context& context, document::Position at, std::string message, std::string hint,
                      size_t width) {
  diagnostics_.error({context.source, at}, std::move(message), std::move(hint), std::max<size_t>(width, 1));
}

}  // namespace counterpart::schema

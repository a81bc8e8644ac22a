#include "engine/schema/registry.h"

#include <nlohmann/json.hpp>

#include "engine/document/json.h"
#include "engine/schema/metaschemas.h"

namespace counterpart::schema {

namespace {

using document::Kind;
using document::Node;

/// The JSON as if it had been read from YAML, without positions.
Node to_node(const Json& value) {
  Node node;
  if (value.is_object()) {
    node.kind = Kind::map;
    for (const auto& [key, member] : value.get_ref<const Json::object_t&>()) {
      node.members.push_back({key, {}, to_node(member)});
    }
    return node;
  }
  if (value.is_array()) {
    node.kind = Kind::list;
    for (const Json& item : value) node.items.push_back(to_node(item));
    return node;
  }
  node.text = value.is_string() ? value.get<std::string>() : document::write_json(value);
  if (value.is_string()) {
    node.kind = Kind::text;
  } else if (value.is_boolean()) {
    node.kind = Kind::boolean;
    node.boolean = value.get<bool>();
  } else if (value.is_number_float()) {
    node.kind = Kind::real;
    node.real = value.get<double>();
  } else if (value.is_number()) {
    node.kind = Kind::integer;
    node.negative = !value.is_number_unsigned() && value.get<int64_t>() < 0;
    node.integer = node.negative ? static_cast<uint64_t>(value.get<int64_t>()) : value.get<uint64_t>();
  }
  return node;
}

}  // namespace

void Registry::add(std::string uri, const Json& document) {
  auto source = std::make_shared<const document::Source>(document::Source{uri, {}});
  documents_.emplace(std::move(uri), std::make_unique<const Document>(Document{to_node(document), std::move(source)}));
}

const Registry::Document* Registry::find(std::string_view uri) const {
  const auto found = documents_.find(std::string(uri));
  return found == documents_.end() ? nullptr : found->second.get();
}

const Registry& Registry::metaschemas() {
  static const Registry registry = [] {
    Registry result;
    for (const std::string_view text : metaschema_texts()) {
      const Json metaschema = Json::parse(text);
      std::string uri = metaschema.at("$id").get<std::string>();
      if (uri.ends_with('#')) uri.pop_back();
      result.add(std::move(uri), metaschema);
    }
    return result;
  }();
  return registry;
}

}  // namespace counterpart::schema

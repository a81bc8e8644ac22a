#include "engine/document/node.h"

#include <nlohmann/json.hpp>

namespace counterpart::document {

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return "a boolean";
    case Kind::integer:
      return "an integer";
    case Kind::real:
      return "a number";
    case Kind::text:
      return "text";
    case Kind::list:
      return "a list";
    case Kind::map:
      return "a map";
  }
  return "";
}

const Node* Node::find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

Json Node::to_json() const {
  switch (kind) {
    case Kind::null:
      return nullptr;
    case Kind::boolean:
      return boolean;
    case Kind::integer:
      return negative ? Json(static_cast<int64_t>(integer)) : Json(integer);
    case Kind::real:
      return real;
    case Kind::text:
      return text;
    case Kind::list: {
      Json list = Json::array();
      auto& values = list.get_ref<Json::array_t&>();
      values.reserve(items.size());
      for (const Node& item : items) values.push_back(item.to_json());
      return list;
    }
    case Kind::map: {
      Json map = Json::object();
      // Straight into the list below: ordered_json's own insertion looks each key up again, which is quadratic.
      auto& values = map.get_ref<Json::object_t&>();
      values.reserve(members.size());
      for (const Member& member : members) values.emplace_back(member.key, member.value.to_json());
      return map;
    }
  }
  return nullptr;
}

}  // namespace counterpart::document

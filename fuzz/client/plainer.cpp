#include "fuzz/client/plainer.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/document/json.h"

namespace counterpart::fuzz::client {

namespace {

using document::Json;
using Pointer = Json::json_pointer;

constexpr size_t bytes_max = 64u << 10;
constexpr size_t differences_max = 64;
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// The members of a map by key: an ordered one looks through all of them.
std::map<std::string_view, const Json*> members_of(const Json& map) {
  std::map<std::string_view, const Json*> members;
  for (const auto& [key, value] : map.items()) members.emplace(key, &value);
  return members;
}

/// The same value, its maps' keys in the order of the other's; those the other does not have come last. As deep as
/// parse_json lets it be.
Json in_order_of(const Json& order, const Json& value) {
  if (value.is_array() && order.is_array() && !order.empty()) {
    Json list = Json::array();
    for (size_t i = 0; i < value.size(); ++i)
      list.push_back(in_order_of(order[std::min(i, order.size() - 1)], value[i]));
    return list;
  }
  if (!value.is_object() || !order.is_object()) return value;
  Json map = Json::object();
  auto& members = map.get_ref<Json::object_t&>();
  const auto known = members_of(order), all = members_of(value);
  for (const auto& [key, inner] : order.items()) {
    if (const auto found = all.find(key); found != all.end())
      members.emplace_back(key, in_order_of(inner, *found->second));
  }
  for (const auto& [key, inner] : value.items()) {
    if (!known.contains(key)) members.emplace_back(key, inner);
  }
  return map;
}

/// Where two values differ, the outer places first; not the whole.
void find_differences(const Json& a, const Json& b, const Pointer& at, std::vector<Pointer>& places) {
  if (a == b || places.size() >= differences_max) return;
  if (!at.empty()) places.push_back(at);
  if (a.is_object() && b.is_object()) {
    const auto in_a = members_of(a), in_b = members_of(b);
    for (const auto& [key, inner] : a.items()) {
      if (const auto other = in_b.find(key); other != in_b.end()) {
        find_differences(inner, *other->second, at / key, places);
      } else if (places.size() < differences_max) {
        places.push_back(at / key);
      }
    }
    for (const auto& [key, inner] : b.items()) {
      if (!in_a.contains(key) && places.size() < differences_max) places.push_back(at / key);
    }
  } else if (a.is_array() && b.is_array()) {
    for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) find_differences(a[i], b[i], at / i, places);
  }
}

/// `to` with what `from` has at that place, or has not.
Json patched(Json to, const Pointer& at, const Json& from) {
  if (from.contains(at)) {
    to[at] = from[at];
  } else {
    to[at.parent_pointer()].erase(at.back());
  }
  return to;
}

}  // namespace

std::vector<std::string> plainer_bodies(const std::string& documented, const std::string& found) {
  if (documented.size() > bytes_max || found.size() > bytes_max) return {};
  const size_t begin = found.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  const auto from = document::parse_json(documented);
  const auto parsed = document::parse_json(std::string_view(found).substr(begin));
  if (!from || !parsed) return {};
  const Json to = in_order_of(*from, *parsed);
  std::vector<Pointer> places;
  find_differences(*from, to, Pointer(), places);
  std::vector<std::string> bodies{document::write_json(to)};
  for (const Pointer& place : places) bodies.push_back(document::write_json(patched(*from, place, to)));
  for (const Pointer& place : places) {
    bodies.push_back(document::write_json(in_order_of(*from, patched(to, place, *from))));
  }
  std::erase_if(bodies, [&](const std::string& body) { return body == found || body == documented; });
  return bodies;
}

}  // namespace counterpart::fuzz::client

#include "engine/expression/members.h"

#include <algorithm>

#include "engine/http/message.h"

namespace counterpart::expression {

using Json = nlohmann::ordered_json;

const Json* field_of(const Json& map, std::string_view name) {
  if (!map.is_object()) return nullptr;
  for (const auto& [key, value] : map.get_ref<const Json::object_t&>()) {
    if (std::equal(key.begin(), key.end(), name.begin(), name.end())) return &value;
  }
  return nullptr;
}

Value field_of(const HeaderValues& headers, std::string_view name) {
  if (!headers.typed.empty()) {
    const auto typed = headers.typed.find(http::lower_case(name));
    if (typed != headers.typed.end()) return &*typed;
  }
  const std::string* value = headers.fields->find(name);
  return value == nullptr ? Value(Absent{}) : Value(std::string_view(*value));
}

}  // namespace counterpart::expression

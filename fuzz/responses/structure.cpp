#include "fuzz/responses/structure.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/schema/value.h"

namespace counterpart::fuzz {

using document::Json;

namespace {

enum Type : unsigned { null = 1, boolean = 2, integer = 4, fraction = 8, text = 16, list = 32, map = 64 };

Type type_of(const Json& value) {
  if (value.is_null()) return null;
  if (value.is_boolean()) return boolean;
  if (value.is_number()) return schema::is_integer(value) ? integer : fraction;
  if (value.is_string()) return text;
  return value.is_array() ? list : map;
}

}  // namespace

void Structure::learn(const Json& value) {
  const Type type = type_of(value);
  types_ |= type;
  ++learned_;
  if (type == fraction) types_ |= integer;
  if (type == list) {
    if (element_ == nullptr) element_ = std::make_unique<Structure>();
    for (const Json& item : value) element_->learn(item);
  }
  if (type != map) return;
  ++maps_;
  for (const auto& [key, value_of_key] : value.items()) {
    auto& member = members_[key];
    if (member == nullptr) member = std::make_unique<Structure>();
    member->learn(value_of_key);
  }
}

bool Structure::fits(const Json& value) const {
  if ((types_ & ~static_cast<unsigned>(null)) == 0) return true;
  const Type type = type_of(value);
  if ((types_ & type) == 0) return false;
  if (type == list) {
    return std::all_of(value.begin(), value.end(), [&](const Json& item) { return element_->fits(item); });
  }
  if (type != map) return true;
  const auto is_required = [&](const Structure& member) { return member.learned_ == maps_; };
  size_t required = 0;
  for (const auto& [key, value_of_key] : value.items()) {
    const auto member = members_.find(key);
    if (member == members_.end() || !member->second->fits(value_of_key)) return false;
    required += is_required(*member->second) ? 1 : 0;
  }
  return required == static_cast<size_t>(std::count_if(members_.begin(), members_.end(), [&](const auto& member) {
           return is_required(*member.second);
         }));
}

}  // namespace counterpart::fuzz

#include "engine/contract/contract.h"

#include <algorithm>

namespace counterpart::contract {

std::string_view name_of(Place place) {
  switch (place) {
    case Place::path:
      return "path";
    case Place::query:
      return "query";
    case Place::header:
      return "header";
    case Place::cookie:
      return "cookie";
    case Place::body:
      return "body";
  }
  return "";
}

bool Response::documented() const {
  return std::none_of(undocumented.begin(), undocumented.end(),
                      [](const Undocumented& part) { return part.part == "response"; });
}

bool Operation::changes_state() const {
  return std::any_of(rules.begin(), rules.end(), [](const Rule& rule) { return rule.act.has_value(); });
}

const Response* Operation::find_response(std::string_view response_name) const {
  for (const auto& response : responses) {
    if (response->name == response_name) return response.get();
  }
  return nullptr;
}

const Operation* Contract::find_operation(std::string_view id) const {
  for (const Operation& operation : operations) {
    if (operation.id == id) return &operation;
  }
  return nullptr;
}

}  // namespace counterpart::contract

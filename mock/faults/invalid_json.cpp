#include "mock/faults/invalid_json.h"

#include <nlohmann/json.hpp>

#include "engine/document/json.h"
#include "mock/faults/wire_parts.h"

namespace counterpart::mock::faults {

namespace {

std::string broken(std::string body) {
  const auto value = document::parse_json(body);
  if (!value) return "{";
  if (!value->is_structured()) return body + ",";
  body.resize(body.find_last_of("}]"));  // and the blanks behind it
  return body;
}

}  // namespace

InvalidJson::InvalidJson(contract::Fields&, const contract::Reading&) {}

Transmission InvalidJson::damage(Wire wire, state::Random&) const {
  if (wire.is_to_head) return sent(std::move(wire));
  const bool is_empty = wire.body.empty();
  wire.body = broken(std::move(wire.body));
  set_field(wire.head, "Content-Length", std::to_string(wire.body.size()));
  Transmission invalid = sent(std::move(wire));
  // To a client a 204 has no body: it would take this one for its next answer.
  if (is_empty) close(invalid);
  return invalid;
}

}  // namespace counterpart::mock::faults

#include "mock/faults/duplicate_header.h"

#include <algorithm>

#include "engine/http/media_type.h"
#include "engine/http/message.h"
#include "mock/faults/wire_parts.h"

namespace counterpart::mock::faults {

namespace {

constexpr std::string_view default_name = "Content-Length";

}  // namespace

DuplicateHeader::DuplicateHeader(contract::Fields& settings, const contract::Reading& reading)
    : name_(settings.text("name", std::string(default_name))) {
  if (http::is_token(name_)) return;
  reading.error(settings.find("name")->at, "expected the name of a header field", "for example Content-Type",
                std::max<size_t>(name_.size(), 1));
}

Transmission DuplicateHeader::damage(Wire wire, state::Random&) const {
  if (!find_field(wire.head, name_)) {
    const bool is_length = http::equal_ignoring_case(name_, default_name);
    add_field(wire.head, name_, is_length ? std::to_string(wire.body.size()) : "");
  }
  const FieldLine line = *find_field(wire.head, name_);
  wire.head.insert(line.end, wire.head.substr(line.start, line.end - line.start));
  return sent(std::move(wire));
}

}  // namespace counterpart::mock::faults

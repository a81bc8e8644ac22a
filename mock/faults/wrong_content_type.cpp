#include "mock/faults/wrong_content_type.h"

#include <algorithm>

#include "engine/http/message.h"
#include "mock/faults/wire_parts.h"

namespace counterpart::mock::faults {

WrongContentType::WrongContentType(contract::Fields& settings, const contract::Reading& reading)
    : type_(settings.text("is", "text/html")) {
  if (type_ == http::field_value(type_)) return;
  reading.error(settings.find("is")->at, "a header field's value cannot have control characters",
                "for example application/xml", 1);
}

Transmission WrongContentType::damage(Wire wire, state::Random&) const {
  set_field(wire.head, "Content-Type", type_);
  return sent(std::move(wire));
}

}  // namespace counterpart::mock::faults

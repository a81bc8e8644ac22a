#include "mock/faults/wrong_length.h"

#include <algorithm>

#include "mock/faults/wire_parts.h"

namespace counterpart::mock::faults {

namespace {

constexpr int64_t by_max = 1'000'000'000'000'000'000;  ///< a sum with a body's length stays an int64

}  // namespace

WrongLength::WrongLength(contract::Fields& settings, const contract::Reading& reading) {
  const document::Node* by = settings.find("by");
  by_ = load_integer(by, {-by_max, by_max}, "for example 1 or -1", reading).value_or(1);
  if (by_ == 0) reading.error(by->at, "\"by\" is 0: that length would be right", "for example 1 or -1");
}

Transmission WrongLength::damage(Wire wire, state::Random&) const {
  const int64_t length = std::max<int64_t>(static_cast<int64_t>(wire.body.size()) + by_, 0);
  set_field(wire.head, "Content-Length", std::to_string(length));
  Transmission wrong = sent(std::move(wire));
  close(wrong);
  return wrong;
}

}  // namespace counterpart::mock::faults

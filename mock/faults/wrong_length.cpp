#include "mock/faults/wrong_length.h"

#include <algorithm>
#include <charconv>

#include "mock/faults/wire_parts.h"

namespace counterpart::mock::faults {

namespace {

constexpr int64_t by_max = 1'000'000'000'000'000'000;  ///< a sum with a body's length stays an int64

/// What the head says; an answer to HEAD has no body to count.
int64_t length_in(const std::string& head) {
  const auto line = find_field(head, "Content-Length");
  int64_t length = 0;
  if (line) std::from_chars(head.data() + line->value_start, head.data() + line->value_end, length);
  return length;
}

}  // namespace

WrongLength::WrongLength(contract::Fields& settings, const contract::Reading& reading) {
  const document::Node* by = settings.find("by");
  by_ = load_integer(by, {-by_max, by_max}, "for example 1 or -1", reading).value_or(1);
  if (by_ == 0) reading.error(by->at, "\"by\" is 0: that length would be right", "for example 1 or -1");
}

Transmission WrongLength::damage(Wire wire, state::Random&) const {
  const int64_t right = wire.is_to_head ? length_in(wire.head) : static_cast<int64_t>(wire.body.size());
  const int64_t length = std::max<int64_t>(right + by_, 0);
  set_field(wire.head, "Content-Length", std::to_string(length));
  Transmission wrong = sent(std::move(wire));
  close(wrong);
  return wrong;
}

}  // namespace counterpart::mock::faults

#include "mock/faults/trickle.h"

#include "mock/faults/wire_parts.h"

namespace counterpart::mock::faults {

namespace {

constexpr Range rate_range{1, 1'000'000'000};
constexpr size_t chunks_per_second_max = 20;

}  // namespace

Trickle::Trickle(contract::Fields& settings, const contract::Reading& reading)
    : bytes_per_second_(static_cast<size_t>(
          load_integer(settings.require("bytes-per-second"), rate_range, "for example 100", reading).value_or(1))) {}

Transmission Trickle::damage(Wire wire, state::Random&) const {
  // Rounded up, so that the pause makes up for it: 39 bytes a second are two each 51 ms rather than one each 50 ms.
  const size_t chunk_bytes = (bytes_per_second_ + chunks_per_second_max - 1) / chunks_per_second_max;
  const std::chrono::milliseconds pause((chunk_bytes * 1000 + bytes_per_second_ / 2) / bytes_per_second_);
  Transmission slow = sent(std::move(wire));
  slow.steps.back().chunk_bytes = chunk_bytes;
  slow.steps.back().time = pause;
  return slow;
}

}  // namespace counterpart::mock::faults

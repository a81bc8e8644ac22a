#include "mock/faults/garbage.h"

#include "mock/faults/wire_parts.h"

namespace counterpart::mock::faults {

namespace {

constexpr Range bytes_range{1, 1 << 20};
constexpr int64_t bytes_default = 64;

}  // namespace

Garbage::Garbage(contract::Fields& settings, const contract::Reading& reading)
    : bytes_(static_cast<size_t>(
          load_integer(settings.find("bytes"), bytes_range, "for example 64", reading).value_or(bytes_default))) {}

Transmission Garbage::damage(Wire, state::Random& random) const {
  Transmission garbage;
  garbage.bytes.reserve(bytes_);
  while (garbage.bytes.size() < bytes_) {
    uint64_t drawn = random.next();
    for (size_t i = 0; i < sizeof drawn && garbage.bytes.size() < bytes_; ++i, drawn >>= 8) {
      garbage.bytes += static_cast<char>(drawn & 0xFF);
    }
  }
  send(garbage, bytes_);
  close(garbage);
  return garbage;
}

}  // namespace counterpart::mock::faults

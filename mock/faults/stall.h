#pragma once
/// `stall: {at, from, for}`: the answer stops at a place for a time, then goes on.

#include <chrono>

#include "mock/faults/fault.h"
#include "mock/faults/wire_parts.h"

namespace counterpart::mock::faults {

class Stall final : public Fault {
 public:
  Stall(contract::Fields& settings, const contract::Reading& reading);
  Transmission damage(Wire wire, state::Random& random) const override;

 private:
  Offset at_;
  From from_;
  std::chrono::milliseconds time_{0};
};

}  // namespace counterpart::mock::faults

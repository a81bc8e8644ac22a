#pragma once
/// `trickle: {bytes-per-second}`: the whole answer, slowly, in small chunks.

#include "mock/faults/fault.h"

namespace counterpart::mock::faults {

class Trickle final : public Fault {
 public:
  Trickle(contract::Fields& settings, const contract::Reading& reading);
  Transmission damage(Wire wire, state::Random& random) const override;

 private:
  size_t bytes_per_second_;
};

}  // namespace counterpart::mock::faults

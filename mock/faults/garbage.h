#pragma once
/// `garbage: {bytes}`: random bytes instead of the answer, then the connection is closed.

#include "mock/faults/fault.h"

namespace counterpart::mock::faults {

class Garbage final : public Fault {
 public:
  Garbage(contract::Fields& settings, const contract::Reading& reading);
  Transmission damage(Wire wire, state::Random& random) const override;

 private:
  size_t bytes_;
};

}  // namespace counterpart::mock::faults

#pragma once
/// `invalid-json`: a body that is no JSON, with the right length. A map or a list loses its last bracket, any other
/// JSON gets a comma, and all else becomes "{".

#include "mock/faults/fault.h"

namespace counterpart::mock::faults {

class InvalidJson final : public Fault {
 public:
  InvalidJson(contract::Fields& settings, const contract::Reading& reading);
  Transmission damage(Wire wire, state::Random& random) const override;
};

}  // namespace counterpart::mock::faults

#pragma once
/// `connection-reset`: not one byte of the answer, and the connection ends with an RST.

#include "mock/faults/fault.h"

namespace counterpart::mock::faults {

class ConnectionReset final : public Fault {
 public:
  ConnectionReset(contract::Fields& settings, const contract::Reading& reading);
  Transmission damage(Wire wire, state::Random& random) const override;
};

}  // namespace counterpart::mock::faults

#pragma once
/// `empty-response`: not one byte of the answer, and the connection is closed.

#include "mock/faults/fault.h"

namespace counterpart::mock::faults {

class EmptyResponse final : public Fault {
 public:
  EmptyResponse(contract::Fields& settings, const contract::Reading& reading);
  Transmission damage(Wire wire, state::Random& random) const override;
};

}  // namespace counterpart::mock::faults

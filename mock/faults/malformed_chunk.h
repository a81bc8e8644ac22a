#pragma once
/// `malformed-chunk`: the answer in chunks, of which the second has no size. Half of the body is sent, then the
/// connection is closed.

#include "mock/faults/fault.h"

namespace counterpart::mock::faults {

class MalformedChunk final : public Fault {
 public:
  MalformedChunk(contract::Fields& settings, const contract::Reading& reading);
  Transmission damage(Wire wire, state::Random& random) const override;
};

}  // namespace counterpart::mock::faults

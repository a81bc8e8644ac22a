#pragma once
/// `truncate: {at, from}`: the answer breaks off at a place, and the connection is closed.

#include "mock/faults/fault.h"
#include "mock/faults/wire_parts.h"

namespace counterpart::mock::faults {

class Truncate final : public Fault {
 public:
  Truncate(contract::Fields& settings, const contract::Reading& reading);
  Transmission damage(Wire wire, state::Random& random) const override;

 private:
  Offset at_;
  From from_;
};

}  // namespace counterpart::mock::faults

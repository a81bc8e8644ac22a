#pragma once
/// `split: {at, from}`: the whole answer, in pieces that the client reads one by one.

#include <vector>

#include "mock/faults/fault.h"
#include "mock/faults/wire_parts.h"

namespace counterpart::mock::faults {

class Split final : public Fault {
 public:
  Split(contract::Fields& settings, const contract::Reading& reading);
  Transmission damage(Wire wire, state::Random& random) const override;

 private:
  std::vector<Offset> at_;
  From from_;
};

}  // namespace counterpart::mock::faults

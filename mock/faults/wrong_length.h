#pragma once
/// `wrong-length: {by}`: Content-Length says more or less than the body has. The connection is closed behind the
/// body.

#include <cstdint>

#include "mock/faults/fault.h"

namespace counterpart::mock::faults {

class WrongLength final : public Fault {
 public:
  WrongLength(contract::Fields& settings, const contract::Reading& reading);
  Transmission damage(Wire wire, state::Random& random) const override;

 private:
  int64_t by_ = 1;
};

}  // namespace counterpart::mock::faults

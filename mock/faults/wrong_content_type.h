#pragma once
/// `wrong-content-type: {is}`: another Content-Type than the body's.

#include <string>

#include "mock/faults/fault.h"

namespace counterpart::mock::faults {

class WrongContentType final : public Fault {
 public:
  WrongContentType(contract::Fields& settings, const contract::Reading& reading);
  Transmission damage(Wire wire, state::Random& random) const override;

 private:
  std::string type_;
};

}  // namespace counterpart::mock::faults

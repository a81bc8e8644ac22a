#pragma once
/// `duplicate-header: {name}`: a header field a second time, right behind the first and with the same value. One
/// that the answer does not have is added twice: Content-Length with the length of the body, any other with no
/// value.

#include <string>

#include "mock/faults/fault.h"

namespace counterpart::mock::faults {

class DuplicateHeader final : public Fault {
 public:
  DuplicateHeader(contract::Fields& settings, const contract::Reading& reading);
  Transmission damage(Wire wire, state::Random& random) const override;

 private:
  std::string name_;
};

}  // namespace counterpart::mock::faults

#include "mock/faults/empty_response.h"

#include "mock/faults/wire_parts.h"

namespace counterpart::mock::faults {

EmptyResponse::EmptyResponse(contract::Fields&, const contract::Reading&) {}

Transmission EmptyResponse::damage(Wire, state::Random&) const {
  Transmission nothing;
  close(nothing);
  return nothing;
}

}  // namespace counterpart::mock::faults

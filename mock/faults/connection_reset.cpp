#include "mock/faults/connection_reset.h"

namespace counterpart::mock::faults {

ConnectionReset::ConnectionReset(contract::Fields&, const contract::Reading&) {}

Transmission ConnectionReset::damage(Wire, state::Random&) const { return {{}, {{Step::Kind::reset, 0, 0, {}}}}; }

}  // namespace counterpart::mock::faults

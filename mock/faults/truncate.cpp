#include "mock/faults/truncate.h"

namespace counterpart::mock::faults {

Truncate::Truncate(contract::Fields& settings, const contract::Reading& reading)
    : at_(load_offset(settings.require("at"), reading)), from_(load_from(settings)) {}

Transmission Truncate::damage(Wire wire, state::Random&) const {
  const size_t end = at_.in(wire, from_);
  Transmission cut = joined(std::move(wire));
  cut.bytes.resize(end);
  send(cut, end);
  close(cut);
  return cut;
}

}  // namespace counterpart::mock::faults

#include "mock/faults/stall.h"

#include <algorithm>

#include "engine/scenario/duration.h"

namespace counterpart::mock::faults {

namespace {

constexpr int64_t time_ms_max = 3'600'000;

}  // namespace

Stall::Stall(contract::Fields& settings, const contract::Reading& reading)
    : at_(load_offset(settings.find("at"), reading)), from_(load_from(settings)) {
  const document::Node* time = settings.require("for");
  if (time == nullptr) return;
  const auto ms = scenario::duration_ms(time->text);
  if (!ms || *ms > time_ms_max) {
    reading.error(time->at, "expected a duration of at most 1h", "for example 250ms, 5s or 2m",
                  std::max<size_t>(time->text.size(), 1));
    return;
  }
  time_ = std::chrono::milliseconds(*ms);
}

Transmission Stall::damage(Wire wire, state::Random&) const {
  const size_t place = at_.in(wire, from_);
  Transmission stalled = joined(std::move(wire));
  send(stalled, place);
  wait(stalled, time_);
  send(stalled, stalled.bytes.size());
  return stalled;
}

}  // namespace counterpart::mock::faults

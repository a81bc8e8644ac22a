#pragma once
/// The real clock, for contracts whose clock is `real`. Players own the only real time: the engine never asks for it.

#include <chrono>

#include "engine/state/clock.h"

namespace counterpart::mock {

class SystemClock : public state::Clock {
 public:
  int64_t now_ms() const override {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  }
};

}  // namespace counterpart::mock

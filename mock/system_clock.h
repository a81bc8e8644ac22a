#pragma once
/// The real clock, for contracts whose clock is `real`. Players own the only real time: the engine never asks for it.

#include <atomic>
#include <chrono>

#include "engine/state/clock.h"

namespace counterpart::mock {

class SystemClock : public state::Clock {
 public:
  int64_t now_ms() const override { return real_ms() + ahead_ms_.load(std::memory_order_relaxed); }
  /// Moved, it goes on with real time from there.
  void set(int64_t ms) override { ahead_ms_.store(ms - real_ms(), std::memory_order_relaxed); }
  void advance(int64_t ms) override { ahead_ms_.fetch_add(ms, std::memory_order_relaxed); }

 private:
  static int64_t real_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  }

  std::atomic<int64_t> ahead_ms_{0};
};

}  // namespace counterpart::mock

#pragma once
/// Time as a space sees it: milliseconds since the Unix epoch, UTC. The engine asks a Clock and never the system, so
/// the same seed and the same requests give the same bytes.

#include <atomic>
#include <cstdint>

namespace counterpart::state {

/// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual int64_t now_ms() const = 0;
  virtual void set(int64_t ms) = 0;
  virtual void advance(int64_t ms) = 0;
};

/// Stands still until told to move.
class VirtualClock : public Clock {
 public:
  explicit VirtualClock(int64_t start_ms) : now_ms_(start_ms) {}
  int64_t now_ms() const override { return now_ms_.load(std::memory_order_relaxed); }
  void set(int64_t ms) override { now_ms_.store(ms, std::memory_order_relaxed); }
  void advance(int64_t ms) override { now_ms_.fetch_add(ms, std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> now_ms_;
};

}  // namespace counterpart::state

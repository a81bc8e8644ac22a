#pragma once
/// Randomness as a space sees it: one seed, one sequence. Counter-based, so that answers which only read the state
/// may draw from it side by side without a lock; asked one after the other, the same seed gives the same numbers.

#include <atomic>
#include <cstdint>

namespace counterpart::state {

class Random {
 public:
  virtual ~Random() = default;
  /// 64 uniformly distributed bits.
  virtual uint64_t next() = 0;
  /// Uniform in [0, bound); bound 0 means the full 64 bits.
  uint64_t below(uint64_t bound);
};

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014) over a counter. Thread-safe.
class SeededRandom : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : seed_(seed) {}
  uint64_t next() override;
  /// How many were drawn, and: as if so many had been.
  uint64_t drawn() const { return drawn_.load(std::memory_order_relaxed); }
  void resume(uint64_t drawn) { drawn_.store(drawn, std::memory_order_relaxed); }

 private:
  const uint64_t seed_;
  std::atomic<uint64_t> drawn_{0};
};

}  // namespace counterpart::state

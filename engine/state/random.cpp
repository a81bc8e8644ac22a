#include "engine/state/random.h"

namespace counterpart::state {

uint64_t Random::below(uint64_t bound) {
  if (bound == 0) return next();
  // Values under the threshold would make the low results more likely than the rest: draw again.
  const uint64_t threshold = -bound % bound;
  for (;;) {
    const uint64_t drawn = next();
    if (drawn >= threshold) return drawn % bound;
  }
}

uint64_t SeededRandom::next() {
  constexpr uint64_t golden_gamma = 0x9E3779B97F4A7C15;
  uint64_t z = seed_ + golden_gamma * (drawn_.fetch_add(1, std::memory_order_relaxed) + 1);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

}  // namespace counterpart::state

#pragma once
/// An isolated world of one contract: its collections, its clock, its randomness and the lock that guards them.
/// Players make one per contract and, where they isolate clients from each other, one per client.

#include <memory>
#include <shared_mutex>
#include <string_view>
#include <vector>

#include "engine/state/clock.h"
#include "engine/state/collection.h"
#include "engine/state/random.h"

namespace counterpart::state {

struct Space {
  Space(std::unique_ptr<Clock> clock_of_space, uint64_t seed) : clock(std::move(clock_of_space)), random(seed) {}

  /// Shared while an answer only reads the collections, exclusive while it may change them. Never held while anybody
  /// waits for a client.
  mutable std::shared_mutex mutex;
  std::vector<Collection> collections;  ///< in the contract's order; guarded by `mutex`
  std::unique_ptr<Clock> clock;
  SeededRandom random;

  /// When the next item of any collection expires. Needs the lock.
  int64_t next_expiry_ms() const;
  /// Takes out of every collection what has expired at `now_ms`. Needs the exclusive lock.
  void expire(int64_t now_ms);
};

}  // namespace counterpart::state

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

class Space {
 public:
  Space(std::unique_ptr<Clock> clock_of_space, uint64_t seed) : clock(std::move(clock_of_space)), random(seed) {}

  /// A space in the same state with a clock and a randomness of its own. Collections are shared until one of the two
  /// changes them, so a space that only reads costs next to nothing. Takes the lock.
  std::unique_ptr<Space> fork(std::unique_ptr<Clock> clock_of_space, uint64_t seed) const;

  /// Shared while an answer only reads the collections, exclusive while it may change them. Never held while anybody
  /// waits for a client.
  mutable std::shared_mutex mutex;
  std::unique_ptr<Clock> clock;
  SeededRandom random;

  /// Collections are known by their place in the contract. What follows needs the lock.
  void add(Collection collection) { collections_.push_back(std::make_shared<Collection>(std::move(collection))); }
  size_t collections() const { return collections_.size(); }
  /// To be read only: other spaces may share it. (Not const, for what expressions are given serves both.)
  Collection& shared(size_t index) const { return *collections_[index]; }
  /// To be changed, under the exclusive lock: from now on this space's own.
  Collection& own(size_t index);

  /// When the next item of any collection expires. Needs the lock.
  int64_t next_expiry_ms() const;
  /// Takes out of every collection what has expired at `now_ms`. Needs the exclusive lock.
  void expire(int64_t now_ms);

 private:
  std::vector<std::shared_ptr<Collection>> collections_;
};

}  // namespace counterpart::state

#include "engine/state/space.h"

#include <algorithm>

namespace counterpart::state {

std::unique_ptr<Space> Space::fork(std::unique_ptr<Clock> clock_of_space, uint64_t seed) const {
  auto fork = std::make_unique<Space>(std::move(clock_of_space), seed);
  const std::shared_lock lock(mutex);
  fork->collections_ = collections_;
  return fork;
}

Collection& Space::own(size_t index) {
  std::shared_ptr<Collection>& collection = collections_[index];
  if (collection.use_count() > 1) collection = std::make_shared<Collection>(*collection);
  return *collection;
}

int64_t Space::next_expiry_ms() const {
  int64_t next = Item::never;
  for (const auto& collection : collections_) next = std::min(next, collection->next_expiry_ms());
  return next;
}

void Space::expire(int64_t now_ms) {
  for (size_t i = 0; i < collections_.size(); ++i) {
    if (collections_[i]->next_expiry_ms() <= now_ms) own(i).expire(now_ms);
  }
}

}  // namespace counterpart::state

#include "engine/state/space.h"

#include <algorithm>

namespace counterpart::state {

int64_t Space::next_expiry_ms() const {
  int64_t next = Item::never;
  for (const Collection& collection : collections) next = std::min(next, collection.next_expiry_ms());
  return next;
}

void Space::expire(int64_t now_ms) {
  for (Collection& collection : collections) collection.expire(now_ms);
}

}  // namespace counterpart::state

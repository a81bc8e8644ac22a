#include "engine/state/ranked_set.h"

#include <algorithm>

#include "engine/state/collection.h"

namespace counterpart::state {

namespace {
bool before(const Item* a, const Item* b) { return comes_before(*a, *b); }
}  // namespace

std::vector<RankedSet::Chunk>::iterator RankedSet::chunk_of(const Item& item) {
  return std::lower_bound(chunks_.begin(), chunks_.end(), &item,
                          [](const Chunk& chunk, const Item* sought) { return before(chunk.back(), sought); });
}

void RankedSet::insert(const Item& item) {
  auto chunk = chunk_of(item);
  if (chunk == chunks_.end()) {
    if (chunks_.empty()) chunks_.emplace_back();
    chunk = std::prev(chunks_.end());
  }
  chunk->insert(std::lower_bound(chunk->begin(), chunk->end(), &item, before), &item);
  ++size_;
  const auto place = static_cast<size_t>(chunk - chunks_.begin());
  if (chunk->size() <= chunk_items_max) return count_from(place);
  // Items mostly arrive in order: leave the left chunk nearly full rather than half empty.
  const bool at_end = std::next(chunk) == chunks_.end() && chunk->back() == &item;
  const auto middle = static_cast<Chunk::difference_type>(at_end ? chunk->size() - 1 : chunk->size() / 2);
  Chunk right(chunk->begin() + middle, chunk->end());
  chunk->resize(static_cast<size_t>(middle));
  chunks_.insert(std::next(chunk), std::move(right));
  count_from(place);
}

void RankedSet::count_from(size_t chunk) {
  first_ranks_.resize(chunks_.size());
  for (size_t i = chunk; i < chunks_.size(); ++i)
    first_ranks_[i] = i == 0 ? 0 : first_ranks_[i - 1] + chunks_[i - 1].size();
}

bool RankedSet::erase(const Item& item) {
  const auto chunk = chunk_of(item);
  if (chunk == chunks_.end()) return false;
  const auto place = std::lower_bound(chunk->begin(), chunk->end(), &item, before);
  if (place == chunk->end() || *place != &item) return false;
  chunk->erase(place);
  --size_;
  const auto changed = static_cast<size_t>(chunk - chunks_.begin());
  if (chunk->empty()) chunks_.erase(chunk);
  count_from(changed);
  return true;
}

std::pair<size_t, size_t> RankedSet::locate(size_t rank) const {
  const auto behind = std::upper_bound(first_ranks_.begin(), first_ranks_.end(), rank);
  const auto chunk = static_cast<size_t>(behind - first_ranks_.begin()) - 1;
  return {chunk, rank - first_ranks_[chunk]};
}

const Item& RankedSet::at(size_t rank) const {
  const auto [chunk, offset] = locate(rank);
  return *chunks_[chunk][offset];
}

std::vector<const Item*> RankedSet::slice(size_t first, size_t count) const {
  std::vector<const Item*> items;
  if (first >= size_) return items;
  count = std::min(count, size_ - first);
  items.reserve(count);
  for (auto [chunk, offset] = locate(first); items.size() < count; ++chunk, offset = 0) {
    const Chunk& from = chunks_[chunk];
    const size_t taken = std::min(from.size() - offset, count - items.size());
    items.insert(items.end(), from.begin() + static_cast<Chunk::difference_type>(offset),
                 from.begin() + static_cast<Chunk::difference_type>(offset + taken));
  }
  return items;
}

}  // namespace counterpart::state

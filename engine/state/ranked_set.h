#pragma once
/// A sorted set of items that knows its ranks: what makes page 10,000 cost what page 1 costs. The n-th item is found in
/// O(log size); insertion and removal take O(log size) comparisons and move at most a chunk of pointers, and one count for
/// each chunk behind it.

#include <cstddef>
#include <vector>

namespace counterpart::state {

struct Item;

/// The order of every list of a collection: by the collection's `order` field where it has one, then by insertion.
bool comes_before(const Item& a, const Item& b);

/// Points at items, owns none: the collection keeps them alive.
class RankedSet {
 public:
  size_t size() const { return size_; }

  void insert(const Item& item);
  /// Whether it was in.
  bool erase(const Item& item);

  /// The item of rank `rank` (from 0). `rank` must be under size().
  const Item& at(size_t rank) const;
  /// Items of rank first, first + 1, ... : at most `count`, fewer at the end.
  std::vector<const Item*> slice(size_t first, size_t count) const;

 private:
  static constexpr size_t chunk_items_max = 512;
  using Chunk = std::vector<const Item*>;

  /// The chunk an item belongs to: the first whose last item is not before it.
  std::vector<Chunk>::iterator chunk_of(const Item& item);
  /// The chunk that holds a rank, and the rank within it.
  std::pair<size_t, size_t> locate(size_t rank) const;
  /// Counts the first ranks of the chunks from `chunk` on anew.
  void count_from(size_t chunk);

  std::vector<Chunk> chunks_;        ///< none is empty
  std::vector<size_t> first_ranks_;  ///< of each chunk
  size_t size_ = 0;
};

}  // namespace counterpart::state

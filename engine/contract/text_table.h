#pragma once
/// A hash table from texts to what they name, for the router: a hit costs two cache misses (the slot, and the entry that
/// the caller needs anyway) where std::unordered_map costs four, and of the router's work misses are most.

#include <bit>
#include <cstdint>
#include <functional>
#include <memory_resource>
#include <string_view>
#include <vector>

namespace counterpart::contract {

/// `Entry` has a member `text`, which must not change while it is in a table. Entries belong to others and must outlive
/// the table. Open addressing, at most half full.
template <typename Entry>
class TextTable {
 public:
  explicit TextTable(std::pmr::memory_resource* memory) : slots_(memory) {}

  /// nullptr when there is none.
  Entry* find(std::string_view text) const {
    if (slots_.empty()) return nullptr;
    const uint64_t hash = std::hash<std::string_view>{}(text);
    for (size_t i = hash & mask();; i = (i + 1) & mask()) {
      const Slot& slot = slots_[i];
      if (slot.entry == nullptr || (slot.hash == hash && slot.entry->text == text)) return slot.entry;
    }
  }

  /// There must be none of that text.
  void insert(Entry& entry) {
    if (2 * (size_ + 1) > slots_.size()) grow();
    place({std::hash<std::string_view>{}(entry.text), &entry});
    ++size_;
  }

  /// Calls `visit(Entry&)` for each, in no order, until it returns true. Whether one did.
  template <typename Visit>
  bool any(const Visit& visit) const {
    for (const Slot& slot : slots_) {
      if (slot.entry != nullptr && visit(*slot.entry)) return true;
    }
    return false;
  }

 private:
  struct Slot {
    uint64_t hash = 0;
    Entry* entry = nullptr;
  };

  size_t mask() const { return slots_.size() - 1; }

  void place(Slot slot) {
    size_t i = slot.hash & mask();
    while (slots_[i].entry != nullptr) i = (i + 1) & mask();
    slots_[i] = slot;
  }

  void grow() {
    std::pmr::vector<Slot> old(std::bit_ceil(4 * (size_ + 1)), slots_.get_allocator());
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.entry != nullptr) place(slot);
    }
  }

  std::pmr::vector<Slot> slots_;  ///< none, or a power of two
  size_t size_ = 0;
};

}  // namespace counterpart::contract

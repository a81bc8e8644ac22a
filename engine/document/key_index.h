#pragma once
/// Finds duplicates among the keys of an object while it is read, in time that no choice of keys can spoil. Used
/// where text becomes maps: ordered containers look a key up by walking all of them.

#include <cstddef>
#include <map>
#include <string>

namespace counterpart::document {

class KeyIndex {
 public:
  /// Where `name` is among the `size` keys noted so far, or `size` if it is new; the caller then appends it.
  /// `key_at(i)` is the i-th key. Walks few keys, and indexes many: in a tree, so that no keys collide.
  template <class KeyAt>
  size_t find_or_note(size_t size, const std::string& name, KeyAt key_at) {
    if (size < unindexed_max) {
      for (size_t i = 0; i < size; ++i) {
        if (key_at(i) == name) return i;
      }
      return size;
    }
    if (positions_.empty()) {
      for (size_t i = 0; i < size; ++i) positions_.emplace(key_at(i), i);
    }
    return positions_.emplace(name, size).first->second;
  }

 private:
  static constexpr size_t unindexed_max = 16;
  std::map<std::string, size_t> positions_;
};

}  // namespace counterpart::document

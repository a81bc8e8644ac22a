#pragma once
/// Which members of an object, or items of an array, some keyword has looked at: what unevaluatedProperties and
/// unevaluatedItems ask. Kept only where such a keyword is.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace counterpart::schema {

class Marks {
 public:
  void add(size_t index) {
    const size_t word = index / 64;
    if (word > more_.size()) more_.resize(word);
    (word == 0 ? first_ : more_[word - 1]) |= uint64_t{1} << index % 64;
  }
  void add_all() { all_ = true; }
  bool has(size_t index) const {
    const size_t word = index / 64;
    if (all_ || word > more_.size()) return all_;
    return ((word == 0 ? first_ : more_[word - 1]) >> index % 64 & 1) != 0;
  }
  void add(const Marks& other) {
    all_ |= other.all_;
    first_ |= other.first_;
    if (more_.size() < other.more_.size()) more_.resize(other.more_.size());
    for (size_t i = 0; i < other.more_.size(); ++i) more_[i] |= other.more_[i];
  }

 private:
  bool all_ = false;
  uint64_t first_ = 0;  ///< the first 64
  std::vector<uint64_t> more_;
};

}  // namespace counterpart::schema

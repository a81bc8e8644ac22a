#include "engine/document/edit_distance.h"

#include <algorithm>
#include <vector>

namespace counterpart::document {

namespace {

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

size_t edit_distance(std::string_view a, std::string_view b, size_t limit) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > limit) return limit + 1;
  const size_t columns = b.size() + 1;
  const size_t far = limit + 1;  // what lies outside of the band around the diagonal
  std::vector<size_t> before_last(columns, far), last(columns, far), current(columns, far);
  for (size_t j = 0; j < columns; ++j) current[j] = std::min(j, far);
  for (size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(current);
    const size_t first = i > limit ? i - limit : 1;
    const size_t end = std::min(columns, i + limit + 1);
    current[first - 1] = first == 1 ? std::min(i, far) : far;
    size_t least = current[first - 1];
    for (size_t j = first; j < end; ++j) {
      const bool same = folded(a[i - 1]) == folded(b[j - 1]);
      // The last row ends one column earlier, the one before it two.
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, last[j - 1] + (same ? 0 : 1), far});
      const bool swapped =
          i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) && folded(a[i - 2]) == folded(b[j - 1]);
      if (swapped) current[j] = std::min(current[j], before_last[j - 2] + 1);
      least = std::min(least, current[j]);
    }
    if (end < columns) current[end] = far;  // rows are used again: what an earlier one left here is not meant
    // A swap goes back two rows: both must be past the limit.
    if (least >= far && *std::min_element(last.begin() + static_cast<std::ptrdiff_t>(first) - 1,
                                          last.begin() + static_cast<std::ptrdiff_t>(end)) >= far) {
      return far;
    }
  }
  return std::min(current.back(), far);
}

}  // namespace counterpart::document

#include <fmt/format.h>

#include <algorithm>

#include "engine/document/diagnostic.h"

namespace counterpart::document {

namespace {

constexpr size_t word_bytes_max = 100;  ///< the cost is quadratic, and no longer word is a typing error
constexpr size_t listed_max = 12;

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

/// Insertions, deletions, substitutions and swaps of neighbours that lead from a to b, letter case ignored
/// (Damerau-Levenshtein, optimal string alignment).
size_t edit_distance(std::string_view a, std::string_view b) {
  const size_t columns = b.size() + 1;
  std::vector<size_t> before_last(columns), last(columns), current(columns);
  for (size_t j = 0; j < columns; ++j) current[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(current);
    current[0] = i;
    for (size_t j = 1; j < columns; ++j) {
      const bool same = folded(a[i - 1]) == folded(b[j - 1]);
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool swapped =
          i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) && folded(a[i - 2]) == folded(b[j - 1]);
      if (swapped) current[j] = std::min(current[j], before_last[j - 2] + 1);
    }
  }
  return current.back();
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > word_bytes_max) return {};
  const size_t limit = std::max<size_t>(1, word.size() / 3);
  const std::string* best = nullptr;
  size_t best_distance = limit + 1;
  for (const std::string& candidate : candidates) {
    const size_t longer = std::max(word.size(), candidate.size());
    const size_t shorter = std::min(word.size(), candidate.size());
    if (longer - shorter > limit) continue;
    const size_t distance = edit_distance(word, candidate);
    if (distance < best_distance && distance < longer) {  // `longer` edits leave nothing of the word
      best = &candidate;
      best_distance = distance;
    }
  }
  return best ? *best : std::string();
}

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
  if (candidates.empty()) return {};
  if (const std::string candidate = nearest(word, candidates); !candidate.empty()) {
    return fmt::format("did you mean \"{}\"?", candidate);
  }
  const size_t listed = std::min(candidates.size(), listed_max);
  return fmt::format("expected one of: {}{}", fmt::join(candidates.begin(), candidates.begin() + listed, ", "),
                     listed < candidates.size() ? ", ..." : "");
}

}  // namespace counterpart::document

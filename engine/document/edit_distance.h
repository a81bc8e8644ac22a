#pragma once
/// How far two words are apart: what "did you mean" and the near misses of requests are found by.

#include <cstddef>
#include <string_view>

namespace counterpart::document {

/// Insertions, deletions, substitutions and swaps of neighbours that lead from a to b, ASCII letter case ignored
/// (Damerau-Levenshtein, optimal string alignment). More than `limit` is told as limit + 1, and found out early: the
/// cost is at most the shorter word's length times twice the limit.
size_t edit_distance(std::string_view a, std::string_view b, size_t limit);

}  // namespace counterpart::document

#include <fmt/format.h>

#include <algorithm>

#include "engine/document/diagnostic.h"
#include "engine/document/edit_distance.h"

namespace counterpart::document {

namespace {

constexpr size_t word_bytes_max = 100;  ///< the cost is quadratic, and no longer word is a typing error
constexpr size_t listed_max = 12;

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > word_bytes_max) return {};
  const size_t limit = std::max<size_t>(1, word.size() / 3);
  const std::string* best = nullptr;
  size_t best_distance = limit + 1;
  for (const std::string& candidate : candidates) {
    const size_t longer = std::max(word.size(), candidate.size());
    const size_t distance = edit_distance(word, candidate, best_distance - 1);
    if (distance < best_distance && distance < longer) {  // `longer` edits leave nothing of the word
      best = &candidate;
      best_distance = distance;
      if (distance == 0) break;
    }
  }
  return best ? *best : std::string();
}

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
  if (candidates.empty()) return {};
  if (const std::string candidate = nearest(word, candidates); !candidate.empty()) {
    return fmt::format("did you mean \"{}\"?", candidate);
  }
  std::vector<std::string_view> listed;  // each once: two operations may both have what is meant
  for (const std::string& candidate : candidates) {
    if (std::find(listed.begin(), listed.end(), candidate) != listed.end()) continue;
    if (listed.size() == listed_max) return fmt::format("expected one of: {}, ...", fmt::join(listed, ", "));
    listed.emplace_back(candidate);
  }
  return fmt::format("expected one of: {}", fmt::join(listed, ", "));
}

}  // namespace counterpart::document

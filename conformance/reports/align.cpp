#include "conformance/reports/align.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>

#include "engine/document/json.h"
#include "engine/schema/value.h"

namespace counterpart::conformance::reports {

namespace {

size_t mixed(size_t seed, size_t value) { return seed ^ (value + 0x9E3779B97F4A7C15u + (seed << 6) + (seed >> 2)); }

/// Equal for values that schema::equal calls equal: the order of members does not count, and 1 is 1.0.
size_t hash_of(const Json& value) {
  if (value.is_number()) return std::hash<double>{}(value.get<double>());
  if (value.is_string()) return mixed(1, std::hash<std::string>{}(value.get_ref<const std::string&>()));
  if (value.is_boolean()) return value.get<bool>() ? 11 : 12;
  size_t result = static_cast<size_t>(value.type());
  if (value.is_array()) {
    for (const Json& element : value) result = mixed(result, hash_of(element));
  } else if (value.is_object()) {
    for (auto it = value.begin(); it != value.end(); ++it)
      result += mixed(std::hash<std::string>{}(it.key()), hash_of(*it));
  }
  return result;
}

using Elements = std::vector<const Json*>;

Elements elements_of(const Json& array) {
  Elements result;
  for (const Json& element : array) result.push_back(&element);
  return result;
}

/// Pairs two ranges as they stand; what is left of the longer one has no partner.
void by_place(const Elements& a, size_t a_from, size_t a_to, const Elements& b, size_t b_from, size_t b_to,
              std::vector<Pair>& out) {
  while (a_from < a_to || b_from < b_to) {
    Pair pair;
    if (a_from < a_to) pair.expected = a[a_from++];
    if (b_from < b_to) pair.actual = b[b_from++];
    out.push_back(pair);
  }
}

/// The pairs of places of a longest common subsequence of a[from, a_to) and b[from, b_to).
std::vector<std::pair<size_t, size_t>> common(const Elements& a, size_t a_to, const Elements& b, size_t b_to,
                                              size_t from) {
  std::vector<size_t> hash_a, hash_b;
  for (size_t i = from; i < a_to; ++i) hash_a.push_back(hash_of(*a[i]));
  for (size_t j = from; j < b_to; ++j) hash_b.push_back(hash_of(*b[j]));
  const size_t width = hash_b.size() + 1;
  std::vector<uint32_t> length((hash_a.size() + 1) * width, 0);
  for (size_t i = hash_a.size(); i-- > 0;) {
    for (size_t j = hash_b.size(); j-- > 0;) {
      length[i * width + j] = hash_a[i] == hash_b[j] ? length[(i + 1) * width + j + 1] + 1
                                                     : std::max(length[(i + 1) * width + j], length[i * width + j + 1]);
    }
  }
  std::vector<std::pair<size_t, size_t>> result;
  for (size_t i = 0, j = 0; i < hash_a.size() && j < hash_b.size();) {
    if (hash_a[i] == hash_b[j]) {
      result.emplace_back(from + i++, from + j++);
    } else if (length[(i + 1) * width + j] >= length[i * width + j + 1]) {
      ++i;
    } else {
      ++j;
    }
  }
  return result;
}

}  // namespace

std::vector<Pair> align(const Json& expected, const Json& actual, size_t cells_max) {
  const Elements a = elements_of(expected), b = elements_of(actual);
  size_t begin = 0, a_end = a.size(), b_end = b.size();
  while (begin < a_end && begin < b_end && schema::equal(*a[begin], *b[begin])) ++begin;
  while (a_end > begin && b_end > begin && schema::equal(*a[a_end - 1], *b[b_end - 1])) --a_end, --b_end;

  std::vector<Pair> result;
  by_place(a, 0, begin, b, 0, begin, result);
  size_t i = begin, j = begin;
  if (a_end > begin && b_end > begin && (a_end - begin) <= cells_max / (b_end - begin)) {
    for (const auto& [in_a, in_b] : common(a, a_end, b, b_end, begin)) {
      by_place(a, i, in_a, b, j, in_b, result);
      result.push_back({a[in_a], b[in_b]});
      i = in_a + 1;
      j = in_b + 1;
    }
  }
  by_place(a, i, a_end, b, j, b_end, result);
  by_place(a, a_end, a.size(), b, b_end, b.size(), result);
  return result;
}

}  // namespace counterpart::conformance::reports

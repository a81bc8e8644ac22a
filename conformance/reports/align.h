#pragma once
/// Which elements of two arrays belong together. For the diff.

#include <cstddef>
#include <vector>

#include "conformance/report.h"

namespace counterpart::conformance::reports {

/// One side is nullptr where an element has no partner. The elements live in the arrays.
struct Pair {
  const Json* expected = nullptr;
  const Json* actual = nullptr;
};

/// Every element of both, in order. Equal elements are paired by a longest common subsequence, what is between them
/// place by place; when that would need more than `cells_max` cells, all are paired place by place.
std::vector<Pair> align(const Json& expected, const Json& actual, size_t cells_max);

}  // namespace counterpart::conformance::reports

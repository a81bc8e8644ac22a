#pragma once
/// Sets of characters that internationalized host names ask for and RE2 does not have. Used by idna.cpp.

#include <span>

namespace counterpart::schema::idna {

struct Range {
  char32_t first;
  char32_t last;
};

/// Sorted.
std::span<const Range> disallowed();
std::span<const Range> viramas();
std::span<const Range> right_to_left();
std::span<const Range> neutral();
std::span<const Range> joins_not_on();

}  // namespace counterpart::schema::idna

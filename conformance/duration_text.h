#pragma once
/// Lengths of time for messages.

#include <cstdint>
#include <string>

namespace counterpart::conformance {

/// "250 ms", "5 s", "1.5 h", "17 days": the largest unit that is not less than one, with at most one decimal.
std::string duration_text(int64_t ms);

}  // namespace counterpart::conformance

#pragma once
/// What a target tells its replay binary beyond passing: how much work it did.

#include <cstdint>

namespace counterpart::fuzz {

/// Units of work that are not whole inputs: the engine target counts requests.
inline uint64_t work_done = 0;

}  // namespace counterpart::fuzz

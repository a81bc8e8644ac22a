#pragma once
/// The answers that a contract documents, with bodies as its engine gives them: where every mutation starts.

#include <vector>

#include "conformance/suite.h"
#include "fuzz/responses/variant.h"

namespace counterpart::fuzz {

inline constexpr size_t bodies_of_a_response_max = 4;

/// Each response of each operation at least once, more often where the folder's scenarios meet it with different bodies;
/// in the contract's order, undocumented ones too. The same suite gives the same answers. They point into the suite.
std::vector<Variant> documented_answers(const conformance::Suite& suite);

}  // namespace counterpart::fuzz

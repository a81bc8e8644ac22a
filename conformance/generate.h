#pragma once
/// Generated sequences: legal requests drawn from the schemas of parameters and bodies, and from what the oracle remembers, and after
/// each that changes something, a look at what it changed.

#include "conformance/play.h"

namespace counterpart::conformance {

/// Makes the calls of one sequence, the same for the same seed and the same answers. Operations marked `destructive` are
/// never called. The suite must outlive it.
NextCall generated(const Suite& suite, uint64_t seed);

}  // namespace counterpart::conformance

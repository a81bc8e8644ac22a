#pragma once
/// A sequence that shows a finding, made as short and as simple as still shows it.

#include <functional>
#include <vector>

#include "conformance/case.h"
#include "conformance/report.h"
#include "conformance/suite.h"

namespace counterpart::conformance {

/// Whether these calls, from a fresh start, show the finding.
using Shows = std::function<bool(const std::vector<Call>&)>;

/// Whether what shows it is an answer that does not come.
bool is_hang(const Finding& finding);

/// How many sequences to play for this one, `tries_max` or less: each of a hang's takes the whole of the timeout.
size_t shrink_tries(const Finding& finding, size_t tries_max);

/// Leaves calls out, then tricks and parameters, then makes tricks and values (parameters and bodies, and what is in them)
/// simpler, until nothing of that still shows it, or `tries_max` sequences have been played. `calls` must show it.
std::vector<Call> shrunk(std::vector<Call> calls, const Shows& shows, size_t tries_max);

}  // namespace counterpart::conformance

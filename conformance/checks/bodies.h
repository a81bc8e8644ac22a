#pragma once
/// What the checks of bodies share: a difference put into words.

#include "conformance/check.h"

namespace counterpart::conformance::checks {

/// A violation of the response that came; the difference's values are not in its message, so that one cause is one
/// finding.
Violation body_violation(const Judged& judged, const Difference& difference, const std::optional<Json>& expected_body);

}  // namespace counterpart::conformance::checks

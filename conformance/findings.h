#pragma once
/// Findings as a run collects them: one a cause, with a count, and what the target file knows of them.

#include <vector>

#include "conformance/report.h"
#include "conformance/target_file.h"

namespace counterpart::conformance {

/// Adds a finding, or counts it with the one of the same cause (check, subject, message). Its index.
size_t collect(std::vector<Finding>& findings, Finding finding);

/// Marks the findings that `known` lists, and tells which entries hid nothing or something else. `is_whole`: only then
/// an entry that did not occur is stale.
std::vector<StaleKnown> mark_known(std::vector<Finding>& findings, const std::vector<KnownFailure>& known,
                                   bool is_whole);

/// The entries that would hide all these findings; those of `known` that still hold keep their reasons.
std::vector<KnownFailure> known_of(const std::vector<Finding>& findings, const std::vector<KnownFailure>& known);

}  // namespace counterpart::conformance

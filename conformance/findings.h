#pragma once
/// Findings as a run collects them: one a cause, with a count, and what the target file knows of them.

#include <functional>
#include <string_view>
#include <vector>

#include "conformance/report.h"
#include "conformance/target_file.h"

namespace counterpart::conformance {

/// The entry that hides the finding: of its check and subject, and, where the entry has one, its message. nullptr: none.
const KnownFailure* known_entry(const Finding& finding, const std::vector<KnownFailure>& known);

/// Whether both have the same check, subject and message.
bool is_same_cause(const Finding& a, const Finding& b);

/// Adds a finding, or counts it with the one of the same cause. Its index.
size_t collect(std::vector<Finding>& findings, Finding finding);

/// StaleKnown::problem of an entry that hid nothing.
inline constexpr const char* not_seen = "it no longer occurs";

/// The entries of `known` that hid none of the findings. `was_played`: whether all that could show a failure of this
/// operation was; only then an entry that did not occur is stale.
std::vector<StaleKnown> stale_entries(const std::vector<Finding>& findings, const std::vector<KnownFailure>& known,
                                      const std::function<bool(std::string_view operation)>& was_played);

/// The entries that would hide all these findings, and those of `known` that are not stale: they still hold, or could not
/// be shown. Those of `known` keep their reasons.
std::vector<KnownFailure> known_of(const std::vector<Finding>& findings, const std::vector<KnownFailure>& known,
                                   const std::vector<StaleKnown>& stale);

}  // namespace counterpart::conformance

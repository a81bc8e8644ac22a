#pragma once
/// Findings as a run collects them: one a cause, with a count, and what the target file knows of them.

#include <functional>
#include <string_view>
#include <vector>

#include "conformance/report.h"
#include "conformance/target_file.h"
#include "engine/contract/contract.h"

namespace counterpart::conformance {

/// The entry that hides the finding: of its check and subject, and, where the entry has one, its message. nullptr: none.
const KnownFailure* known_entry(const Finding& finding, const std::vector<KnownFailure>& known);

/// Whether both have the same check, subject and message.
bool is_same_cause(const Finding& a, const Finding& b);

/// Adds a finding, or counts it with the one of the same cause. Its index.
size_t collect(std::vector<Finding>& findings, Finding finding);

/// StaleKnown::problem of an entry that hid nothing.
inline constexpr const char* not_seen = "it no longer occurs";

/// The entries of `known` that hid none of the findings.
struct Unused {
  std::vector<StaleKnown> stale;      ///< must go
  std::vector<StaleKnown> undecided;  ///< did not occur, and might have
};

/// An entry has to name a check, and an operation of the contract or one of its responses. `why_undecided`: what could
/// have shown the entry and was not played; "" when all of it was.
Unused unused_entries(const contract::Contract& contract, const std::vector<Finding>& findings,
                      const std::vector<KnownFailure>& known,
                      const std::function<std::string(const KnownFailure&)>& why_undecided);

/// The entries that would hide all these findings, and those of `known` that are not stale: they still hold, or could not
/// be shown. Those of `known` keep their reasons.
std::vector<KnownFailure> known_of(const std::vector<Finding>& findings, const std::vector<KnownFailure>& known,
                                   const std::vector<StaleKnown>& stale);

}  // namespace counterpart::conformance

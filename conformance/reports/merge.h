#pragma once
/// Reports of one run's shards made one.

#include <optional>
#include <string>
#include <vector>

#include "conformance/report.h"

namespace counterpart::conformance::reports {

/// Cases and exchanges one after the other. Findings of the same cause (check, subject, message) become one: their
/// counts are added, of the sequences of exchanges the shortest is kept, and it is known only where it is known in all.
/// Counts of coverage are added. An entry of the known failures is stale only if it is in all shards. It began when the
/// first began, and took as long as all together: the work that was done, not how long somebody waited.
///
/// nullopt, and a sentence in `problem`, for no reports, and for reports that are not of one run: another contract,
/// seed or level.
std::optional<Report> merge(std::vector<Report> shards, std::string& problem);

}  // namespace counterpart::conformance::reports

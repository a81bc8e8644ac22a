#pragma once
/// A server that gives every request the same status (it redirects everything, nothing is where the URL says) has one
/// cause, not one for each operation and check.

#include <map>
#include <set>
#include <string>

#include "conformance/report.h"

namespace counterpart::conformance {

/// The statuses that came, by the operation that was asked; 0: no answer.
using StatusesByOperation = std::map<std::string, std::set<int>>;

/// Makes one finding of all that say that another answer came than was due, when each of several operations was only ever
/// answered with one and the same status, and each has such a finding. Findings about what an answer holds, and known
/// ones, stay as they are. CaseResult::findings follow.
void join_same_answers(const StatusesByOperation& statuses, Report& report);

}  // namespace counterpart::conformance

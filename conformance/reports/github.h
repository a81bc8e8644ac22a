#pragma once
/// Workflow commands of GitHub Actions: annotations at the contract's lines. Written to standard output, where the
/// runner reads them.

#include <string>

#include "conformance/report.h"

namespace counterpart::conformance::reports {

/// Errors are findings that count, stale known failures and a void run; other findings are warnings, known ones
/// notices. The last line is a notice that sums up.
std::string write_github(const Report& report);

}  // namespace counterpart::conformance::reports

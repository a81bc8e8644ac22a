#pragma once
/// JUnit XML, as CI servers read it: a suite for each group of cases (what their names begin with), a testcase for each
/// case.

#include <string>

#include "conformance/report.h"

namespace counterpart::conformance::reports {

/// A failed case has one `failure` that tells all its findings; a finding is told in full by the first case that has
/// it. Known, inconclusive and skipped cases are `skipped`, with the reason. A run that is void has an `error`.
std::string write_junit(const Report& report);

}  // namespace counterpart::conformance::reports

#pragma once
/// SARIF 2.1.0: findings at the contract's lines, for code scanning.

#include <string>

#include "conformance/report.h"

namespace counterpart::conformance::reports {

/// Rules are the checks. What is documented is an `error`, what is assumed a `warning`; known findings are suppressed,
/// with their reason. Files are relative URIs where the contract's path is relative. Fingerprints hold as long as
/// check, subject and message do.
std::string write_sarif(const Report& report);

}  // namespace counterpart::conformance::reports

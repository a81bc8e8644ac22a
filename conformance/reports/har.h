#pragma once
/// HAR 1.2: the exchanges, for the network panels of browsers and other tools that read it.

#include <string>

#include "conformance/report.h"

namespace counterpart::conformance::reports {

/// Report::exchanges as entries. Bodies are whole; those that are no UTF-8 are base64 (a request's under `_encoding`,
/// because HAR has no such field there). What HAR has no place for begins with an underscore: `_operation`,
/// `_expected`, `_got`, `_attempts`, `_error`. A request without an answer has the status 0.
std::string write_har(const Report& report);

}  // namespace counterpart::conformance::reports

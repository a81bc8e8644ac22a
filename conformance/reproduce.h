#pragma once
/// A finding for somebody else to see: a `curl` line, and a scenario file that `check` and `mock` both play.

#include <string>
#include <vector>

#include "conformance/play.h"

namespace counterpart::conformance {

/// A word for a POSIX shell: single quotes, and nothing to be expanded.
std::string shell_word(const std::string& text);

/// One line for a POSIX shell.
std::string curl_line(const Exchange& exchange);

/// The text of a scenario that sends these calls. "" when a scenario cannot say it: tricks, a method that the operation
/// does not have.
std::string scenario_text(const Suite& suite, const std::string& name, const Finding& finding,
                          const std::vector<Sent>& sent, const scenario::Scenario* given);

}  // namespace counterpart::conformance

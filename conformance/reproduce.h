#pragma once
/// A finding for somebody else to see: a `curl` line, and a scenario file that `check` and `mock` both play.

#include <string>
#include <vector>

#include "conformance/play.h"

namespace counterpart::conformance {

/// A word for a POSIX shell: single quotes, and nothing to be expanded.
std::string shell_word(const std::string& text);
/// The same, without quotes where a shell takes the text as it is.
std::string shell_argument(const std::string& text);

/// One line for a POSIX shell that sends the request as it was sent, header for header. `options` are the target's
/// (Target::curl_options).
std::string curl_line(const Exchange& exchange, const std::string& options = "");

/// The text of a scenario that sends these calls, and names what the server made up as its answers tell it. "" when none
/// can: tricks, a method that the operation does not have, a body that is none, and what no answer told alone.
struct Reproducer {
  std::string text;
  std::string why_not;
};

/// `sent`: as far as the finding's exchanges. `given`: the scenario that was played; may be nullptr.
Reproducer reproducer_of(const Suite& suite, const std::string& name, const Finding& finding,
                         const std::vector<Sent>& sent, const scenario::Scenario* given);

/// That text, under another name.
std::string with_name(const std::string& scenario, const std::string& name);

}  // namespace counterpart::conformance

#pragma once
/// What `fuzz client` found, for people and as JSON. Bytes from the command never reach the terminal as they came.

#include <string>
#include <vector>

#include "fuzz/client/fuzzer.h"

namespace counterpart::fuzz::client {

/// "crash: SIGSEGV", "hang: not ended after 10 s".
std::string text_of(const Failure& failure, const Options& options);

/// The line of a shell that shows a finding again.
std::string repeat_line(const Finding& finding, const Options& options);

/// What stands above a saved scenario.
std::vector<std::string> remarks_of(const Finding& finding, const Options& options);

/// The last bytes of what a command said, indented, each line made fit to be shown.
std::string output_tail(const Ended& ended);

std::string report_text(const Report& report, const Options& options, bool colour);
std::string report_json(const Report& report, const Options& options);

}  // namespace counterpart::fuzz::client

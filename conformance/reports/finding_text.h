#pragma once
/// A finding as a block of text: what the terminal shows of it, and what stands in JUnit's failures.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/report.h"

namespace counterpart::conformance::reports {

/// What is wrong, expected and actual or their diff, the exchange in short, how to repeat it, where the contract says
/// so. Lines begin with `indent` and end in newlines; but for the curl line they have at most `columns` columns.
std::string finding_text(const Finding& finding, const std::string& indent, size_t columns, bool colour);

/// Text broken at spaces into lines of at most `columns` characters; longer words are left whole.
std::vector<std::string> wrapped(std::string_view text, size_t columns);

}  // namespace counterpart::conformance::reports

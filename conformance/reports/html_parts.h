#pragma once
/// The parts of the page, one file each. Only for html.cpp.

#include <string>
#include <string_view>

#include "conformance/report.h"

namespace counterpart::conformance::reports {

extern const std::string_view html_style;
extern const std::string_view html_script;

std::string html_findings(const Report& report);
/// Operations and their responses, parameters and their bounds.
std::string html_coverage(const Report& report);
std::string html_cases(const Report& report);

/// One line made fit to be shown, and escaped.
std::string html_line(std::string_view text, size_t characters_max = 1000);

/// A text in a box, with a button that copies it. `id` must be unique.
std::string html_copied(const std::string& id, std::string_view label, std::string_view text);

}  // namespace counterpart::conformance::reports

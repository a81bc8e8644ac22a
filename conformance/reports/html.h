#pragma once
/// The report as one page for people: style and script inside, nothing loaded from elsewhere, so that it works from a
/// file, an artifact store or a mail. Texts from servers are escaped, and the page's own policy lets no other script
/// run.

#include <cstddef>
#include <string>

#include "conformance/report.h"

namespace counterpart::conformance::reports {

inline constexpr size_t html_findings_max = 500;
inline constexpr size_t html_cases_max = 5'000;  ///< those that passed are left out first
inline constexpr size_t html_rows_max = 2'000;   ///< of each table of coverage

std::string write_html(const Report& report);

}  // namespace counterpart::conformance::reports

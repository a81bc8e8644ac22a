#include "conformance/report.h"

#include <fmt/format.h>

#include <algorithm>

namespace counterpart::conformance {

Exchange in_part(Exchange exchange) {
  std::string& body = exchange.reply.response.body;
  if (body.size() <= Report::body_bytes_max) return exchange;
  exchange.reply.error =
      fmt::format("{} of the body's {} bytes are left out", body.size() - Report::body_bytes_max, body.size());
  body.resize(Report::body_bytes_max);
  body.shrink_to_fit();
  return exchange;
}

size_t Report::failures() const {
  return static_cast<size_t>(
      std::count_if(findings.begin(), findings.end(), [&](const Finding& finding) { return counts(finding); }));
}

double Report::coverage_percent() const {
  size_t documented = 0, had = 0;
  for (const ResponseCoverage& row : responses) {
    if (row.level != Level::documented) continue;
    ++documented;
    had += row.count > 0 ? 1 : 0;
  }
  return documented == 0 ? 100.0 : 100.0 * static_cast<double>(had) / static_cast<double>(documented);
}

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
      return "passed";
    case Outcome::failed:
      return "failed";
    case Outcome::known:
      return "known";
    case Outcome::inconclusive:
      return "inconclusive";
    case Outcome::skipped:
      return "skipped";
  }
  return "";
}

std::string_view name_of(Level level) { return level == Level::documented ? "documented" : "assumed"; }

}  // namespace counterpart::conformance

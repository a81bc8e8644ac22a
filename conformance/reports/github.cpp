#include "conformance/reports/github.h"

#include <fmt/format.h>

#include "conformance/reports/finding_text.h"
#include "conformance/reports/text.h"

namespace counterpart::conformance::reports {

namespace {

constexpr size_t columns = 100;

std::string escaped(std::string_view text, bool is_property) {
  std::string result;
  for (const char c : text) {
    if (c == '%' || c == '\r' || c == '\n' || (is_property && (c == ':' || c == ','))) {
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      result += c;
    }
  }
  return result;
}

std::string command(std::string_view name, const Place& where, std::string_view title, std::string_view message) {
  std::string properties;
  const auto add = [&](std::string_view key, std::string_view value) {
    properties += fmt::format("{}{}={}", properties.empty() ? " " : ",", key, escaped(value, true));
  };
  if (!where.file.empty()) {
    add("file", one_line(where.file));
    if (where.line > 0) add("line", std::to_string(where.line));
    if (where.line > 0 && where.column > 0) add("col", std::to_string(where.column));
  }
  if (!title.empty()) add("title", one_line(title));
  return fmt::format("::{}{}::{}\n", name, properties, escaped(message, false));
}

}  // namespace

std::string write_github(const Report& report) {
  std::string result;
  if (!report.environment_error.empty())
    result += command("error", {}, "the run is void", one_line(report.environment_error));
  for (const Finding& finding : report.findings) {
    const char* name = !finding.known.empty() ? "notice" : report.counts(finding) ? "error" : "warning";
    const std::string times = finding.count > 1 ? fmt::format(" ×{}", finding.count) : "";
    std::string text = finding_text(finding, "", columns, false);
    if (!text.empty() && text.back() == '\n') text.pop_back();
    result += command(name, finding.where, fmt::format("{}: {}{}", finding.check, finding.subject, times), text);
  }
  for (const StaleKnown& entry : report.stale) {
    result += command("error", entry.where, "a known failure must go from the list",
                      one_line(fmt::format("{} on {}: {}", entry.check, entry.on, entry.problem)));
  }
  return result + command("notice", {}, one_line(report.contract), closing_line(report));
}

}  // namespace counterpart::conformance::reports

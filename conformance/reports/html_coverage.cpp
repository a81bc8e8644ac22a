#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "conformance/reports/html.h"
#include "conformance/reports/html_parts.h"
#include "conformance/reports/html_text.h"
#include "conformance/reports/text.h"

namespace counterpart::conformance::reports {

namespace {

std::string table_begin(std::string_view label, std::string_view caption) {
  return fmt::format(
      "<div class=\"scroll\" role=\"region\" aria-labelledby=\"{}\" tabindex=\"0\"><table class=\"matrix\">\n"
      "<caption>{}</caption>\n",
      label, caption);
}

std::string response_html(const ResponseCoverage& row) {
  const bool assumed = row.level == Level::assumed;
  const char* kind = row.count > 0 ? (assumed ? "assumed" : "had") : (assumed ? "assumed-not" : "lacks");
  return fmt::format("<span class=\"cell {}\">{} <b>{}</b></span>", kind, html_line(row.response, 80),
                     row.count > 0 ? fmt::format("×{}", row.count) : "never");
}

/// What was never seen, and why.
std::string reasons_html(const Report& report) {
  std::string items;
  size_t shown = 0;
  for (const ResponseCoverage& row : report.responses) {
    if (row.count > 0 || row.level == Level::assumed || shown++ >= html_rows_max) continue;
    items += fmt::format("<li><code>{}/{}</code> ({}): {}</li>\n", html_line(row.operation), html_line(row.response),
                         row.status,
                         row.why_not.empty() ? "nothing that was sent brought it about" : html_line(row.why_not));
  }
  return items.empty() ? "" : "<h3>Documented and never seen</h3>\n<ul>\n" + items + "</ul>\n";
}

/// A row for each operation, a column for each status.
std::string responses_html(const Report& report) {
  std::set<int> statuses;
  std::vector<std::string> operations;
  std::map<std::string, std::map<int, std::string>> cells;
  for (const ResponseCoverage& row : report.responses) {
    if (cells.count(row.operation) == 0) operations.push_back(row.operation);
    statuses.insert(row.status);
    cells[row.operation][row.status] += response_html(row);
  }
  std::string result = table_begin("coverage", "Operations and their responses, by status") +
                       "<thead><tr><th scope=\"col\">operation</th>";
  for (const int status : statuses) result += fmt::format("<th scope=\"col\">{}</th>", status);
  result += "</tr></thead>\n<tbody>\n";
  for (size_t i = 0; i < std::min(operations.size(), html_rows_max); ++i) {
    result += "<tr><th scope=\"row\">" + html_line(operations[i]) + "</th>";
    for (const int status : statuses) result += "<td>" + cells[operations[i]][status] + "</td>";
    result += "</tr>\n";
  }
  result +=
      "</tbody>\n</table></div>\n<p class=\"legend\"><span class=\"cell had\">documented, seen</span> "
      "<span class=\"cell lacks\">documented, never seen</span> <span class=\"cell assumed\">undocumented</span></p>\n";
  if (operations.size() > html_rows_max)
    result += fmt::format("<p class=\"note\">… {}</p>\n", counted(operations.size() - html_rows_max, "more operation"));
  return result + reasons_html(report);
}

/// A row for each parameter, a column for each bound.
std::string parameters_html(const Report& report) {
  if (report.parameters.empty()) return "";
  using Key = std::pair<std::string, std::string>;
  std::vector<std::string> bounds;
  std::set<std::string> known_bounds;
  std::vector<Key> order;
  std::map<Key, std::map<std::string, size_t>> counts;
  std::string reasons;
  size_t with_reasons = 0;
  for (const ParameterCoverage& row : report.parameters) {
    if (known_bounds.insert(row.bound).second) bounds.push_back(row.bound);
    const Key key{row.operation, row.parameter + " (" + row.in + ")"};
    if (counts.count(key) == 0) order.push_back(key);
    counts[key][row.bound] += row.count;
    if (row.count == 0 && !row.why_not.empty() && ++with_reasons <= html_rows_max) {
      reasons += fmt::format("<li><code>{}</code> {}, {}: {}</li>\n", html_line(row.operation),
                             html_line(row.parameter), html_line(row.bound), html_line(row.why_not));
    }
  }
  std::string result = "<h3 id=\"parameters\">Parameters</h3>\n" +
                       table_begin("parameters", "How often each kind of value was sent") +
                       "<thead><tr><th scope=\"col\">parameter</th>";
  for (const std::string& bound : bounds) result += "<th scope=\"col\">" + html_line(bound, 60) + "</th>";
  result += "</tr></thead>\n<tbody>\n";
  for (size_t i = 0; i < std::min(order.size(), html_rows_max); ++i) {
    result += fmt::format("<tr><th scope=\"row\">{} <span class=\"on\">{}</span></th>", html_line(order[i].second),
                          html_line(order[i].first));
    const auto& row = counts[order[i]];
    for (const std::string& bound : bounds) {
      const auto count = row.find(bound);
      const char* kind = count == row.end() ? "" : count->second > 0 ? " class=\"had\"" : " class=\"lacks\"";
      result += fmt::format("<td{}>{}</td>", kind, count == row.end() ? "" : std::to_string(count->second));
    }
    result += "</tr>\n";
  }
  result += "</tbody>\n</table></div>\n";
  if (order.size() > html_rows_max)
    result += fmt::format("<p class=\"note\">… {}</p>\n", counted(order.size() - html_rows_max, "more parameter"));
  if (!reasons.empty()) result += "<h3>Values that could not be exercised</h3>\n<ul>\n" + reasons + "</ul>\n";
  return result;
}

}  // namespace

std::string html_coverage(const Report& report) {
  std::string result = "<section aria-labelledby=\"coverage\">\n<h2 id=\"coverage\">Coverage</h2>\n";
  if (report.responses.empty() && report.parameters.empty()) result += "<p>Nothing was counted.</p>\n";
  if (!report.responses.empty()) result += responses_html(report);
  return result + parameters_html(report) + "</section>\n";
}

}  // namespace counterpart::conformance::reports

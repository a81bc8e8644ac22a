#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "conformance/reports/html.h"
#include "conformance/reports/html_parts.h"
#include "conformance/reports/html_text.h"
#include "conformance/reports/text.h"

namespace counterpart::conformance::reports {

namespace {

constexpr size_t links_max = 20;

/// The cases to show, in their order: all that did not pass before any that did.
std::vector<const CaseResult*> shown_cases(const Report& report) {
  const auto passed = [](const CaseResult& result) { return result.outcome == Outcome::passed; };
  const auto others =
      report.cases.size() - static_cast<size_t>(std::count_if(report.cases.begin(), report.cases.end(), passed));
  size_t room_for_others = std::min(others, html_cases_max);
  size_t room_for_passed = html_cases_max - room_for_others;
  std::vector<const CaseResult*> result;
  for (const CaseResult& one : report.cases) {
    size_t& room = passed(one) ? room_for_passed : room_for_others;
    if (room == 0) continue;
    --room;
    result.push_back(&one);
  }
  return result;
}

std::string links_html(const CaseResult& result) {
  std::string links;
  for (size_t i = 0; i < result.findings.size(); ++i) {
    const size_t number = result.findings[i] + 1;
    if (i == links_max) return links + " …";
    links += number <= html_findings_max
                 ? fmt::format("{0}<a href=\"#finding-{1}\">{1}</a>", i == 0 ? "" : ", ", number)
                 : fmt::format("{}{}", i == 0 ? "" : ", ", number);
  }
  return links;
}

std::string row_html(const CaseResult& result) {
  const std::string_view outcome = name_of(result.outcome);
  std::string name = "<code>" + html_line(result.name) + "</code>";
  if (!result.summary.empty()) name += "<br>" + html_line(result.summary);
  if (!result.reason.empty()) name += "<br><span class=\"note\">" + html_line(result.reason) + "</span>";
  std::string retries;
  if (result.retries > 0) retries = fmt::format(" ({} {})", result.retries, result.retries == 1 ? "retry" : "retries");
  return fmt::format(
      "<tr data-outcome=\"{0}\"><td><span class=\"badge {0}\">{0}</span></td><th scope=\"row\">{1}</th><td>{2}</td>"
      "<td class=\"number wide\">{3}{4}</td><td class=\"number wide\">{5}</td></tr>\n",
      outcome, name, links_html(result), result.exchanges, retries,
      result.exchanges == 0 ? "" : duration(result.microseconds));
}

std::string filters_html(const Report& report) {
  std::array<size_t, 5> counts{};
  for (const CaseResult& result : report.cases) ++counts[static_cast<size_t>(result.outcome)];
  std::string result = "<form id=\"filter\" hidden>\n<fieldset>\n<legend>Show</legend>\n";
  for (const Outcome outcome :
       {Outcome::failed, Outcome::known, Outcome::inconclusive, Outcome::skipped, Outcome::passed}) {
    const size_t count = counts[static_cast<size_t>(outcome)];
    if (count == 0) continue;
    result += fmt::format("<label><input type=\"checkbox\" value=\"{0}\" checked> {0} ({1})</label>\n",
                          name_of(outcome), count);
  }
  return result +
         "</fieldset>\n<label class=\"search\">Search <input type=\"search\" id=\"search\" "
         "autocomplete=\"off\"></label>\n"
         "<output id=\"matches\" aria-live=\"polite\"></output>\n</form>\n";
}

}  // namespace

std::string html_cases(const Report& report) {
  std::string result = "<section aria-labelledby=\"cases\">\n<h2 id=\"cases\">Cases</h2>\n";
  if (report.cases.empty()) return result + "<p>There are none.</p>\n</section>\n";
  result += filters_html(report) +
            "<table id=\"case-table\">\n<thead><tr><th scope=\"col\">outcome</th><th scope=\"col\">case</th>"
            "<th scope=\"col\">findings</th><th scope=\"col\" class=\"number wide\">exchanges</th>"
            "<th scope=\"col\" class=\"number wide\">time</th></tr></thead>\n<tbody>\n";
  const auto cases = shown_cases(report);
  for (const CaseResult* one : cases) result += row_html(*one);
  result += "</tbody>\n</table>\n";
  if (cases.size() < report.cases.size()) {
    result += fmt::format("<p class=\"note\">… {} not shown here; the JSON report has them all.</p>\n",
                          counted(report.cases.size() - cases.size(), "case"));
  }
  return result + "</section>\n";
}

}  // namespace counterpart::conformance::reports

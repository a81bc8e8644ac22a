#include "conformance/reports/html.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/reports/html_parts.h"
#include "conformance/reports/html_text.h"
#include "conformance/reports/sha256.h"
#include "conformance/reports/text.h"
#include "engine/document/base64.h"
#include "engine/state/time_text.h"

namespace counterpart::conformance::reports {

namespace {

constexpr Outcome outcomes[] = {Outcome::failed, Outcome::known, Outcome::inconclusive, Outcome::skipped,
                                Outcome::passed};

std::string head(const Report& report) {
  const auto hash = [](std::string_view text) { return "'sha256-" + document::base64(sha256(text)) + "'"; };
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {}; script-src {}; "
      "base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<title>{} · conformance</title>\n<style>{}</style>\n</head>\n",
      hash(html_style), hash(html_script), html_line(report.contract), html_style);
}

std::string fact(std::string_view name, std::string_view value) {
  return value.empty() ? "" : fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, html_line(value));
}

std::string page_header(const Report& report) {
  std::string when = state::to_iso(report.started_ms);
  if (when.size() > 19) when = when.substr(0, 10) + " " + when.substr(11, 8) + " UTC";
  return fmt::format("<header>\n<p class=\"kicker\">Conformance of {}</p>\n<h1>{}</h1>\n<dl class=\"facts\">\n",
                     html_line(report.contract), html_line(report.title.empty() ? report.contract : report.title)) +
         fact("target", report.target) + fact("seed", std::to_string(report.seed)) + fact("began", when) +
         fact("took", seconds(report.microseconds)) + fact("judged", "what is " + std::string(name_of(report.level))) +
         fact("version", report.version) + "</dl>\n</header>\n";
}

std::string verdict(const Report& report) {
  const size_t failures = report.failures();
  std::string text;
  if (!report.environment_error.empty()) {
    text = "The run is void: " + one_line(report.environment_error);
  } else if (failures > 0) {
    text = counted(failures, "finding") + (failures == 1 ? " makes" : " make") + " the run fail";
  } else if (!report.stale.empty()) {
    text = "The list of known failures is out of date";
  } else {
    text = "The target does what the contract says, as far as it was asked";
  }
  const bool good = report.environment_error.empty() && failures == 0 && report.stale.empty();
  return fmt::format("<p class=\"verdict {}\">{}</p>\n", good ? "good" : "bad", escaped_html(text));
}

size_t count_of(const Report& report, Outcome outcome) {
  return static_cast<size_t>(std::count_if(report.cases.begin(), report.cases.end(),
                                           [&](const CaseResult& result) { return result.outcome == outcome; }));
}

/// The outcomes as one bar: shapes are not covered by the style's policy, inline widths would be.
std::string outcome_bar(const Report& report) {
  if (report.cases.empty()) return "";
  std::string result = "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">";
  double x = 0;
  for (const Outcome outcome : outcomes) {
    const double width =
        1000.0 * static_cast<double>(count_of(report, outcome)) / static_cast<double>(report.cases.size());
    if (width > 0)
      result += fmt::format("<rect class=\"fill-{}\" x=\"{:.2f}\" width=\"{:.2f}\" height=\"10\"/>", name_of(outcome),
                            x, width);
    x += width;
  }
  return result + "</svg>\n";
}

std::string summary(const Report& report) {
  std::string result = "<section aria-labelledby=\"summary\">\n<h2 id=\"summary\">Summary</h2>\n" + verdict(report) +
                       "<ul class=\"tiles\">\n";
  const auto tile = [&](std::string_view kind, const std::string& number, std::string_view name) {
    result += fmt::format("<li class=\"{}\"><b>{}</b> {}</li>\n", kind, number, name);
  };
  tile("all", std::to_string(report.cases.size()), report.cases.size() == 1 ? "case" : "cases");
  for (const Outcome outcome : outcomes) {
    const size_t count = count_of(report, outcome);
    tile(count == 0 ? "none" : name_of(outcome), std::to_string(count), name_of(outcome));
  }
  const size_t exchanges = exchange_count(report);
  tile("all", std::to_string(exchanges), exchanges == 1 ? "exchange" : "exchanges");
  tile("all", fmt::format("{} %", whole_percent(report)), "of documented responses seen");
  const Foretold foretold = foretold_of(report);
  tile(foretold.all == 0 ? "none" : "all", std::to_string(foretold.all), "judged by state-agrees");
  return result + "</ul>\n" + outcome_bar(report) + "</section>\n";
}

std::string known_failures(std::string_view id, std::string_view title, const std::vector<StaleKnown>& entries) {
  if (entries.empty()) return "";
  std::string result = fmt::format(
      "<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n"
      "<div class=\"scroll\" role=\"region\" aria-labelledby=\"{0}\" tabindex=\"0\"><table>\n<thead><tr>"
      "<th scope=\"col\">check</th><th scope=\"col\">on</th><th scope=\"col\">problem</th><th scope=\"col\">where</th>"
      "</tr></thead>\n<tbody>\n",
      id, title);
  for (size_t i = 0; i < std::min(entries.size(), html_rows_max); ++i) {
    const StaleKnown& entry = entries[i];
    result +=
        fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>\n", html_line(entry.check),
                    html_line(entry.on), html_line(entry.problem), html_line(text_of(entry.where)));
  }
  return result + "</tbody>\n</table></div>\n</section>\n";
}

}  // namespace

std::string html_line(std::string_view text, size_t characters_max) {
  return escaped_html(one_line(text, characters_max));
}

std::string html_copied(const std::string& id, std::string_view label, std::string_view text) {
  return fmt::format(
      "<div class=\"box\"><button type=\"button\" class=\"copy\" data-copy=\"{0}\" hidden>Copy</button>"
      "<pre id=\"{0}\" tabindex=\"0\" aria-label=\"{1}\">{2}</pre></div>\n",
      id, label, escaped_html(many_lines(text)));
}

std::string write_html(const Report& report) {
  std::string result = head(report) + "<body>\n" + page_header(report);
  result +=
      "<nav aria-label=\"Parts of this page\"><a href=\"#findings\">Findings</a> <a href=\"#coverage\">Coverage</a> "
      "<a href=\"#cases\">Cases</a></nav>\n<main>\n";
  result += summary(report) + html_findings(report) +
            known_failures("stale", "Known failures that must go from the list", report.stale) +
            known_failures("undecided", "Known failures that did not occur, and are not decided", report.undecided) +
            html_coverage(report) + html_cases(report);
  result += fmt::format("</main>\n<footer><p>{}</p></footer>\n<script>{}</script>\n</body>\n</html>\n",
                        escaped_html(closing_line(report)), html_script);
  return result;
}

}  // namespace counterpart::conformance::reports

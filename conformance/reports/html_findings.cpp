#include <fmt/format.h>

#include <algorithm>

#include "conformance/reports/diff.h"
#include "conformance/reports/html.h"
#include "conformance/reports/html_parts.h"
#include "conformance/reports/html_text.h"
#include "conformance/reports/text.h"

namespace counterpart::conformance::reports {

namespace {

constexpr size_t earlier_max = 20;
constexpr size_t headers_max = 100;

std::string message_text(std::string first, const http::Headers& headers, const std::string& body) {
  size_t shown = 0;
  for (const auto& [name, value] : headers) {
    if (shown++ == headers_max) {
      first += fmt::format("\n… {} more", counted(headers.size() - headers_max, "header field"));
      break;
    }
    first += "\n" + one_line(utf8_or_latin1(name + ": " + value));
  }
  if (!body.empty()) first += "\n\n" + shown_body(body);
  return escaped_html(first);
}

std::string exchange_html(const Exchange& exchange) {
  std::string result = "<div class=\"exchange\">\n<div><h5>Request</h5>\n<pre tabindex=\"0\" aria-label=\"request\">";
  result += message_text(one_line(exchange.request.method + " " + exchange.request.target, 4000),
                         exchange.request.headers, exchange.request.body);
  result += "</pre></div>\n<div><h5>Answer</h5>\n<pre tabindex=\"0\" aria-label=\"answer\">";
  result += message_text(reply_line(exchange.reply), exchange.reply.response.headers, exchange.reply.response.body);
  result += "</pre></div>\n</div>\n";
  if (!exchange.expected.empty() && exchange.expected != exchange.got) {
    result += fmt::format("<p class=\"note\">expected: {}; what came: {}</p>\n", html_line(exchange.expected),
                          exchange.got.empty() ? "no response of the operation" : html_line(exchange.got));
  }
  return result;
}

std::string exchanges_html(const std::vector<Exchange>& exchanges) {
  if (exchanges.empty()) return "";
  std::string result;
  const size_t before = exchanges.size() - 1;
  if (before > 0) {
    result += fmt::format("<details><summary>{} before it</summary>\n<ol>\n", counted(before, "exchange"));
    for (size_t i = 0; i < std::min(before, earlier_max); ++i) {
      result += fmt::format("<li><p><code>{}</code> → {}</p>\n{}</li>\n", escaped_html(request_line(exchanges[i])),
                            escaped_html(reply_line(exchanges[i].reply)), exchange_html(exchanges[i]));
    }
    result += "</ol>\n";
    if (before > earlier_max) result += fmt::format("<p class=\"note\">… {} more</p>\n", before - earlier_max);
    result += "</details>\n";
  }
  return result + exchange_html(exchanges.back());
}

std::string side(std::string_view name, const std::string& text) {
  if (text.empty()) return "";
  return fmt::format("<div><h5>{0}</h5>\n<pre class=\"{0}\" tabindex=\"0\" aria-label=\"{0}\">{1}</pre></div>\n", name,
                     escaped_html(shown_body(text)));
}

std::string comparison_html(const Finding& finding) {
  if (finding.expected_body && finding.actual_body) {
    const auto lines = diff(*finding.expected_body, *finding.actual_body);
    const bool differs = std::any_of(lines.begin(), lines.end(), [](const DiffLine& line) {
      return line.kind != DiffLine::Kind::same && line.kind != DiffLine::Kind::left_out;
    });
    if (differs) {
      return "<h4>Difference</h4>\n<p class=\"legend\"><span class=\"removed\">- expected</span> "
             "<span class=\"added\">+ actual</span></p>\n<pre class=\"diff\" tabindex=\"0\" "
             "aria-label=\"difference\">" +
             html_text(lines) + "</pre>\n";
    }
  }
  const std::string sides = side("expected", finding.expected) + side("actual", finding.actual);
  return sides.empty() ? "" : "<h4>Comparison</h4>\n<div class=\"exchange\">\n" + sides + "</div>\n";
}

std::string badge(std::string_view kind, std::string_view text) {
  return fmt::format(" <span class=\"badge {}\">{}</span>", kind, text);
}

/// Where one cause showed itself.
std::string causes_html(const Finding& finding) {
  if (finding.also.empty()) return "";
  std::string items;
  for (const Cause& cause : finding.also) {
    items +=
        fmt::format("<li><code>{}</code> {} ×{}</li>\n", html_line(cause.check), html_line(cause.subject), cause.count);
  }
  return fmt::format("<details><summary>Seen by {}</summary>\n<ul>\n{}</ul>\n</details>\n",
                     finding.also.size() == 1 ? "one check" : fmt::format("{} checks", finding.also.size()), items);
}

std::string finding_html(const Report& report, size_t index) {
  const Finding& finding = report.findings[index];
  const size_t number = index + 1;
  std::string badges;
  if (!finding.known.empty()) {
    badges = badge("known", "known");
  } else {
    badges = badge(report.counts(finding) ? "failed" : "known", name_of(finding.level));
  }
  if (finding.count > 1) badges += badge("plain", fmt::format("×{}", finding.count));
  std::string result = fmt::format(
      "<article id=\"finding-{0}\" aria-labelledby=\"title-{0}\">\n"
      "<h3 id=\"title-{0}\"><span class=\"number\">{0}</span> <code>{1}</code> <span class=\"on\">{2}</span>{3}</h3>\n"
      "<p class=\"message\">{4}</p>\n<p class=\"requirement\">{5}</p>\n",
      number, html_line(finding.check), html_line(finding.subject), badges, html_line(finding.message),
      html_line(finding.requirement));
  if (!finding.known.empty()) result += "<p class=\"note\">known: " + html_line(finding.known) + "</p>\n";
  result += causes_html(finding);
  result += comparison_html(finding);
  if (!finding.exchanges.empty()) result += "<h4>Exchange</h4>\n" + exchanges_html(finding.exchanges);
  if (!finding.curl.empty())
    result += "<h4>Repeat it</h4>\n" + html_copied(fmt::format("curl-{}", number), "curl command", finding.curl);
  if (!finding.reproducer.empty()) {
    result += "<details><summary>A scenario that shows it</summary>\n" +
              html_copied(fmt::format("scenario-{}", number), "scenario", finding.reproducer) + "</details>\n";
  } else if (!finding.no_reproducer.empty()) {
    result += "<p class=\"note\">No scenario shows it: " + html_line(finding.no_reproducer) + ".</p>\n";
  }
  const std::string where = text_of(finding.where);
  result += "<dl class=\"facts\">\n";
  if (!where.empty()) result += "<div><dt>contract</dt><dd><code>" + escaped_html(where) + "</code></dd></div>\n";
  if (!finding.case_name.empty())
    result += "<div><dt>first seen in</dt><dd><code>" + html_line(finding.case_name) + "</code></dd></div>\n";
  return result + "</dl>\n</article>\n";
}

}  // namespace

std::string html_findings(const Report& report) {
  std::string result = "<section aria-labelledby=\"findings\">\n<h2 id=\"findings\">Findings</h2>\n";
  if (report.findings.empty()) result += "<p>There are none.</p>\n";
  const size_t shown = std::min(report.findings.size(), html_findings_max);
  for (size_t i = 0; i < shown; ++i) result += finding_html(report, i);
  if (shown < report.findings.size()) {
    result += fmt::format("<p class=\"note\">… {} are not shown here; the JSON report has them all.</p>\n",
                          counted(report.findings.size() - shown, "more finding"));
  }
  return result + "</section>\n";
}

}  // namespace counterpart::conformance::reports

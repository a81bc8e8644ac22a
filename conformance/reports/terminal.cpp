#include "conformance/reports/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "conformance/reports/finding_text.h"
#include "conformance/reports/paint.h"
#include "conformance/reports/text.h"
#include "engine/document/utf8.h"

namespace counterpart::conformance::reports {

namespace {

std::string padded(const std::string& text, size_t width) {
  const size_t columns = document::utf8_count(text);
  return columns < width ? text + std::string(width - columns, ' ') : text;
}

/// The sections of the report, one after the other.
class Sections {
 public:
  Sections(const Report& report, const TerminalStyle& style) : report_(report), style_(style), paint_{style.colour} {}

  std::string write() {
    text_ += fmt::format("{}{}{}\n", paint_.bold(one_line(report_.contract)), report_.title.empty() ? "" : ": ",
                         one_line(report_.title));
    line(paint_.dim("against " + one_line(report_.target)));
    findings();
    unjudged();
    known_failures("known failures that must go from the list", report_.stale, "31");
    known_failures("known failures that did not occur, and are not decided", report_.undecided, "33");
    if (!report_.cases.empty()) {  // else nothing was exercised
      responses();
      parameters();
    }
    text_ += "\n";
    if (!report_.cases.empty()) text_ += paint_.dim(foretold_line(report_)) + "\n";
    if (!report_.environment_error.empty())
      text_ += paint_.red("the run is void: ") + one_line(report_.environment_error) + "\n";
    const bool good = report_.environment_error.empty() && report_.failures() == 0 && report_.stale.empty();
    text_ += paint_(good ? "1;32" : "1;31", closing_line(report_)) + "\n";
    return std::move(text_);
  }

 private:
  void line(const std::string& text) { text_ += "  " + text + "\n"; }
  void heading(const std::string& text) { text_ += "\n" + paint_.bold(text) + "\n\n"; }
  void rest(size_t left_out, std::string_view noun) {
    if (left_out > 0) line(paint_.dim(fmt::format("… {} not shown here", counted(left_out, noun))));
  }
  std::string shown(std::string_view text) const { return one_line(text, style_.columns / 2); }

  void findings() {
    if (report_.findings.empty()) return;
    heading(counted(report_.findings.size(), "finding"));
    const size_t shown_findings = std::min(report_.findings.size(), terminal_findings_max);
    for (size_t i = 0; i < shown_findings; ++i) {
      const Finding& finding = report_.findings[i];
      const std::string times = finding.count > 1 ? fmt::format("  ×{}", finding.count) : "";
      const std::string kind = finding.known.empty() ? std::string(name_of(finding.level)) : "known";
      const std::string number = fmt::format("{:>3}  ", i + 1);
      const std::string check = one_line(finding.check, 60);
      text_ += fmt::format("{}{}  {}  {}{}\n", number,
                           report_.counts(finding) ? paint_("1;31", check) : paint_("1;33", check),
                           one_line(finding.subject, 100), paint_.dim(kind), times);
      text_ += finding_text(finding, "     ", style_.columns, style_.colour) + "\n";
    }
    if (shown_findings < report_.findings.size()) rest(report_.findings.size() - shown_findings, "finding");
    if (text_.size() > 1 && text_[text_.size() - 2] == '\n') text_.pop_back();
  }

  /// Skipped and inconclusive cases, those of one reason together.
  void unjudged() {
    std::map<std::pair<Outcome, std::string>, std::vector<const CaseResult*>> groups;
    for (const CaseResult& result : report_.cases) {
      if (result.outcome == Outcome::inconclusive || result.outcome == Outcome::skipped)
        groups[{result.outcome, result.reason}].push_back(&result);
    }
    if (groups.empty()) return;
    heading("not judged");
    size_t rows = 0;
    for (const auto& [key, cases] : groups) {
      if (++rows > terminal_rows_max) break;
      const std::string name = padded(std::string(name_of(key.first)), 12);
      const std::string what = cases.size() == 1
                                   ? shown(cases.front()->name)
                                   : fmt::format("{} and {} more", shown(cases.front()->name), cases.size() - 1);
      line(fmt::format("{}  {}", paint_.yellow(name), what));
      for (const std::string& part : wrapped(one_line(key.second), style_.columns - 16))
        line(std::string(14, ' ') + paint_.dim(part));
    }
    if (groups.size() > terminal_rows_max) rest(groups.size() - terminal_rows_max, "reason");
  }

  void known_failures(const std::string& title, const std::vector<StaleKnown>& entries, const char* colour) {
    if (entries.empty()) return;
    heading(title);
    for (size_t i = 0; i < std::min(entries.size(), terminal_rows_max); ++i) {
      const StaleKnown& entry = entries[i];
      line(fmt::format("{}  {}  {}", paint_(colour, one_line(entry.check, 60)), one_line(entry.on, 100),
                       paint_.dim(text_of(entry.where))));
      for (const std::string& part : wrapped(one_line(entry.problem), style_.columns - 4)) line("  " + part);
    }
    if (entries.size() > terminal_rows_max) rest(entries.size() - terminal_rows_max, "known failure");
  }

  void responses() {
    if (report_.responses.empty()) return;
    std::vector<const ResponseCoverage*> rows;
    for (const ResponseCoverage& row : report_.responses) {
      if (report_.responses.size() <= terminal_rows_max || row.count == 0) rows.push_back(&row);
    }
    const size_t shown_rows = std::min(rows.size(), terminal_rows_max);
    const std::string_view title = "documented response";
    size_t width = title.size();
    const auto name = [&](const ResponseCoverage& row) { return shown(row.operation + "/" + row.response); };
    for (size_t i = 0; i < shown_rows; ++i) width = std::max(width, document::utf8_count(name(*rows[i])));
    heading("coverage");
    line(paint_.dim(fmt::format("{}  status   count", padded(std::string(title), width))));
    for (size_t i = 0; i < shown_rows; ++i) {
      const ResponseCoverage& row = *rows[i];
      const std::string count = fmt::format("{:>6}", row.count);
      const bool lacks = row.count == 0 && row.level == Level::documented;
      line(fmt::format("{}  {:>6}  {}  ", padded(name(row), width), row.status, lacks ? paint_.red(count) : count));
      remark(row, width + 20);
    }
    rest(report_.responses.size() - shown_rows, "response");
  }

  /// What is to be said of a row, behind it where there is room, below it where there is not.
  void remark(const ResponseCoverage& row, size_t used) {
    std::string why = row.count > 0 ? "" : one_line(row.why_not);
    if (row.level == Level::assumed) why = why.empty() ? "undocumented" : "undocumented; " + why;
    text_.erase(text_.find_last_not_of(" \n") + 1);
    if (used + document::utf8_count(why) <= style_.columns) {
      if (!why.empty()) text_ += "  " + paint_.dim(why);
      text_ += "\n";
      return;
    }
    text_ += "\n";
    for (const std::string& part : wrapped(why, style_.columns - 6)) line("    " + paint_.dim(part));
  }

  void parameters() {
    if (report_.parameters.empty()) return;
    std::vector<std::string> operations;
    std::map<std::string, std::vector<std::string>> names;              // of an operation
    std::map<std::pair<std::string, std::string>, std::string> bounds;  // of an operation's parameter
    for (const ParameterCoverage& row : report_.parameters) {
      const std::string name = row.parameter + " (" + row.in + ")";
      if (names.count(row.operation) == 0) operations.push_back(row.operation);
      const auto [place, is_new] = bounds.try_emplace({row.operation, name});
      if (is_new) names[row.operation].push_back(name);
      // The spaces inside of one bound do not break.
      std::string bound = one_line(row.bound, 60) + " ×" + std::to_string(row.count);
      std::replace(bound.begin(), bound.end(), ' ', '\x01');
      if (row.count == 0 && !row.why_not.empty()) bound += " (" + one_line(row.why_not) + ")";
      place->second += (is_new ? "" : " · ") + bound;
    }
    heading("parameters");
    size_t rows = 0;
    for (const std::string& operation : operations) {
      if (rows < terminal_rows_max) line(shown(operation));
      for (const std::string& name : names[operation]) {
        if (++rows > terminal_rows_max) continue;
        line("  " + shown(name));
        for (std::string& part : wrapped(bounds[{operation, name}], style_.columns - 8)) {
          std::replace(part.begin(), part.end(), '\x01', ' ');
          line("      " + paint_.dim(part));
        }
      }
    }
    if (rows > terminal_rows_max) rest(rows - terminal_rows_max, "parameter");
  }

  const Report& report_;
  TerminalStyle style_;
  Paint paint_;
  std::string text_;
};

}  // namespace

std::string terminal_text(const Report& report, const TerminalStyle& style) { return Sections(report, style).write(); }

}  // namespace counterpart::conformance::reports

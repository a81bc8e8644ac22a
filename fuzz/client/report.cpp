#include "fuzz/client/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/reports/paint.h"
#include "conformance/reports/text.h"
#include "conformance/reproduce.h"
#include "engine/document/json.h"

namespace counterpart::fuzz::client {

namespace {

using conformance::shell_argument;
using conformance::reports::counted;
using conformance::reports::duration;
using conformance::reports::many_lines;
using conformance::reports::one_line;
using conformance::reports::Paint;
using conformance::reports::seconds;

constexpr size_t tail_bytes = 2000;
constexpr size_t tail_lines = 12;

/// "nearly legal", "wire: cut short".
std::string class_of(const Damage& damage) {
  return fmt::format("{}{}", is_on_the_wire(damage.family) ? "wire: " : "", name_of(damage.family));
}

/// "shrunk in 12 tries", and what else is to be known of it.
std::string state_of(const Finding& finding) {
  if (finding.is_flaky) return "flaky: it did not show again";
  const std::string words = finding.in_other_words ? ", stderr ends otherwise each time" : "";
  const std::string tries =
      fmt::format("shrunk in {} {}{}", finding.tries, finding.tries == 1 ? "try" : "tries", words);
  if (finding.is_shrunk) return tries;
  return fmt::format("{}: {}", finding.is_less ? "shrunk in part" : "not shrunk",
                     finding.is_out_of_time ? "out of time" : "the run ended early");
}

std::string finding_text(const Finding& finding, const Options& options, Paint paint) {
  std::string text = fmt::format("{}  {} in {}\n", paint.bold(finding.name),
                                 paint.red(one_line(text_of(finding.failure, options))), finding.damage.operation->id);
  text += fmt::format("  answer   {} ({})\n", one_line(describe(finding.damage)), class_of(finding.damage));
  text += fmt::format("  seen     in {}, first in run {}; {}\n", counted(finding.count, "run"), finding.first_run,
                      state_of(finding));
  const std::string said = output_tail(finding.ended);
  if (!said.empty()) text += "  said\n" + said;
  if (finding.file.empty()) return text + "  not saved\n\n";
  return text + fmt::format("  repeat   {}\n\n", repeat_line(finding, options));
}

std::string clean_line(const Report& report) {
  std::string asked;
  for (const AskedSummary& one : report.asked) {
    asked += fmt::format("{}{}{}", asked.empty() ? "" : ", ", one.operation,
                         one.calls == 1 ? "" : fmt::format(" ×{}", one.calls));
  }
  return fmt::format("clean run: {}; asked for {}\n\n", duration(report.clean.microseconds), asked);
}

}  // namespace

std::string text_of(const Failure& failure, const Options& options) {
  if (failure.kind != Failure::Kind::hang) return failure.text();
  return fmt::format("{}: not ended after {}", failure.text(),
                     duration(std::chrono::microseconds(options.timeout).count()));
}

std::string output_tail(const Ended& ended) {
  std::string_view bytes = ended.err.find_first_not_of(" \t\r\n") == std::string::npos ? ended.out : ended.err;
  if (bytes.size() > tail_bytes) bytes.remove_prefix(bytes.size() - tail_bytes);
  const std::string text = many_lines(bytes);
  std::vector<std::string_view> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) lines.push_back(std::string_view(text).substr(at, end - at));
    at = end + 1;
  }
  if (lines.size() > tail_lines) lines.erase(lines.begin(), lines.end() - tail_lines);
  std::string out;
  for (const std::string_view line : lines) out += fmt::format("    {}\n", line);
  return out;
}

std::string repeat_line(const Finding& finding, const Options& options) {
  std::string line = fmt::format("counterpart exec {} --scenario {} --seed {} --", shell_argument(options.contract),
                                 shell_argument(finding.file), finding.damage.seed);
  for (const std::string& argument : options.command) line += " " + shell_argument(argument);
  return line;
}

std::vector<std::string> remarks_of(const Finding& finding, const Options& options) {
  return {fmt::format("{} in {} ({})", text_of(finding.failure, options), finding.damage.operation->id,
                      class_of(finding.damage)),
          fmt::format("{}, seed {}", state_of(finding), options.seed), repeat_line(finding, options)};
}

std::string report_text(const Report& report, const Options& options, bool colour) {
  const Paint paint{colour};
  std::string text = clean_line(report);
  for (const Finding& finding : report.findings) text += finding_text(finding, options, paint);
  for (const auto& [what, runs] : report.left_out) {
    text += fmt::format("left out: {} of {}: those before hung\n", counted(runs, "run"), what);
  }
  if (report.untold > 0) {
    text += fmt::format("not told apart: {} that failed in yet other words\n", counted(report.untold, "run"));
  }
  const std::string ended = report.interrupted ? " · interrupted" : report.out_of_time ? " · out of time" : "";
  return text + fmt::format("{}: {} · {} to shrink · seed {} · {}{}\n", counted(report.runs, "run"),
                            counted(report.findings.size(), "finding"), counted(report.tries, "run"), options.seed,
                            seconds(report.microseconds), ended);
}

std::string report_json(const Report& report, const Options& options) {
  Json findings = Json::array();
  for (const Finding& finding : report.findings) {
    findings.push_back({{"name", finding.name},
                        {"file", finding.file},
                        {"scenario", finding.scenario},
                        {"failure", finding.failure.text()},
                        {"operation", finding.damage.operation->id},
                        {"class", name_of(finding.damage.family)},
                        {"answer", describe(finding.damage)},
                        {"count", finding.count},
                        {"first_run", finding.first_run},
                        {"flaky", finding.is_flaky},
                        {"in_other_words", finding.in_other_words},
                        {"shrunk", finding.is_shrunk},
                        {"out_of_time", finding.is_out_of_time},
                        {"tries", finding.tries},
                        {"seed", finding.damage.seed},
                        {"repeat", finding.file.empty() ? "" : repeat_line(finding, options)},
                        {"out", finding.ended.out},
                        {"err", finding.ended.err}});
  }
  Json asked = Json::object(), left_out = Json::object();
  for (const AskedSummary& one : report.asked) asked[one.operation] = one.calls;
  for (const auto& [what, runs] : report.left_out) left_out[what] = runs;
  const Json all = {{"contract", options.contract},
                    {"command", options.command},
                    {"seed", options.seed},
                    {"runs", report.runs},
                    {"tries", report.tries},
                    {"microseconds", report.microseconds},
                    {"interrupted", report.interrupted},
                    {"out_of_time", report.out_of_time},
                    {"asked", asked},
                    {"left_out", left_out},
                    {"untold", report.untold},
                    {"findings", findings}};
  return document::write_json(all) + "\n";
}

}  // namespace counterpart::fuzz::client

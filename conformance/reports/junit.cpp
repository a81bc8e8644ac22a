#include "conformance/reports/junit.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "conformance/reports/finding_text.h"
#include "conformance/reports/html_text.h"
#include "conformance/reports/text.h"
#include "engine/state/time_text.h"

namespace counterpart::conformance::reports {

namespace {

constexpr size_t columns = 120;

/// For attributes and content. Text that is fit to be shown holds nothing that XML 1.0 cannot.
std::string xml(std::string_view text) { return escaped_html(text); }
std::string attribute(std::string_view text) { return xml(one_line(text)); }

std::string seconds_of(int64_t microseconds) { return fmt::format("{:.6f}", static_cast<double>(microseconds) / 1e6); }

struct Suite {
  std::string name;
  std::string cases;
  size_t tests = 0, failures = 0, errors = 0, skipped = 0;
  int64_t microseconds = 0;
};

class Writer {
 public:
  explicit Writer(const Report& report) : report_(report) {}

  std::string write() {
    for (const CaseResult& result : report_.cases) add(result);
    if (!report_.environment_error.empty()) add_environment_error();
    Suite sum;
    std::string suites;
    for (const Suite& suite : suites_) {
      suites += written(suite);
      sum.tests += suite.tests;
      sum.failures += suite.failures;
      sum.errors += suite.errors;
    }
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{}\">\n{}</testsuites>\n",
        attribute(report_.contract), sum.tests, sum.failures, sum.errors, seconds_of(report_.microseconds), suites);
  }

 private:
  Suite& suite_of(const std::string& name) {
    const auto [place, is_new] = index_.try_emplace(name, suites_.size());
    if (is_new) suites_.emplace_back().name = name;
    return suites_[place->second];
  }

  void add(const CaseResult& result) {
    const size_t slash = result.name.find('/');
    Suite& suite = suite_of(slash == std::string::npos ? report_.contract : result.name.substr(0, slash));
    const std::string name = slash == std::string::npos ? result.name : result.name.substr(slash + 1);
    ++suite.tests;
    suite.microseconds += result.microseconds;
    std::string inside;
    if (result.outcome == Outcome::failed) {
      ++suite.failures;
      inside = failure(result);
    } else if (result.outcome != Outcome::passed) {
      ++suite.skipped;
      inside = fmt::format("<skipped>{}</skipped>\n", attribute(why_skipped(result)));
    }
    const std::string others = other_findings(result);
    if (!others.empty()) inside += fmt::format("<system-out>{}</system-out>\n", xml(others));
    suite.cases += fmt::format("    <testcase name=\"{}\" classname=\"{}\" time=\"{}\"", attribute(name),
                               attribute(report_.contract + "." + suite.name), seconds_of(result.microseconds));
    suite.cases += inside.empty() ? "/>\n" : ">\n" + inside + "    </testcase>\n";
  }

  std::string why_skipped(const CaseResult& result) const {
    if (result.outcome != Outcome::known) return fmt::format("{}: {}", name_of(result.outcome), result.reason);
    std::string reasons;
    for (const size_t index : result.findings) {
      if (!report_.findings[index].known.empty())
        reasons += (reasons.empty() ? "" : "; ") + report_.findings[index].known;
    }
    return "known: " + reasons;
  }

  bool counts(size_t index) const { return report_.counts(report_.findings[index]); }

  std::string told(size_t index) {
    const Finding& finding = report_.findings[index];
    const std::string head =
        fmt::format("{} on {} ({})\n", one_line(finding.check), one_line(finding.subject), name_of(finding.level));
    if (!told_.insert(index).second) return head + "  " + one_line(finding.message) + "\n";
    return head + finding_text(finding, "  ", columns, false);
  }

  std::string failure(const CaseResult& result) {
    std::string type, message, text;
    size_t count = 0;
    for (const size_t index : result.findings) {
      if (!counts(index)) continue;
      const Finding& finding = report_.findings[index];
      if (++count == 1) {
        type = finding.check;
        message = finding.message;
      }
      text += (count == 1 ? "" : "\n") + told(index);
    }
    if (count == 0) type = "failed", message = result.reason;
    if (count > 1) message = fmt::format("{}: {}", counted(count, "finding"), message);
    return fmt::format("<failure type=\"{}\" message=\"{}\">{}</failure>\n", attribute(type), attribute(message),
                       xml(text));
  }

  /// Findings that do not make the case fail.
  std::string other_findings(const CaseResult& result) {
    std::string text;
    for (const size_t index : result.findings) {
      if (!counts(index)) text += (text.empty() ? "" : "\n") + told(index);
    }
    return text;
  }

  void add_environment_error() {
    Suite& suite = suite_of("environment");
    ++suite.tests;
    ++suite.errors;
    suite.cases += fmt::format(
        "    <testcase name=\"target\" classname=\"{}\" time=\"0\">\n"
        "<error type=\"environment\" message=\"{}\"/>\n    </testcase>\n",
        attribute(report_.contract + ".environment"), attribute(report_.environment_error));
  }

  std::string written(const Suite& suite) const {
    const std::string iso = state::to_iso(report_.started_ms);
    const auto property = [](std::string_view name, const std::string& value) {
      return fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, attribute(value));
    };
    return fmt::format(
               "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{}\" "
               "timestamp=\"{}\">\n    <properties>\n",
               attribute(suite.name), suite.tests, suite.failures, suite.errors, suite.skipped,
               seconds_of(suite.microseconds), iso.substr(0, 19)) +
           property("target", report_.target) + property("seed", std::to_string(report_.seed)) +
           property("coverage", fmt::format("{} %", whole_percent(report_))) + property("version", report_.version) +
           "    </properties>\n" + suite.cases + "  </testsuite>\n";
  }

  const Report& report_;
  std::vector<Suite> suites_;
  std::map<std::string, size_t> index_;
  std::set<size_t> told_;
};

}  // namespace

std::string write_junit(const Report& report) { return Writer(report).write(); }

}  // namespace counterpart::conformance::reports

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <thread>

#include "cli/child.h"
#include "cli/commands.h"
#include "cli/progress_line.h"
#include "conformance/reports/text.h"
#include "conformance/suite.h"
#include "fuzz/client/fuzzer.h"
#include "fuzz/client/report.h"

namespace counterpart::cli {

namespace {

namespace client = fuzz::client;
using conformance::reports::counted;

std::string progress_text(const client::Progress& progress) {
  return fmt::format("{} of {} runs · {}{}{}", progress.runs, progress.runs_max, counted(progress.findings, "finding"),
                     progress.doing.empty() ? "" : " · ", progress.doing);
}

client::Options fuzzer_options(const FuzzClientOptions& options) {
  client::Options to;
  to.command = options.command;
  to.seed = options.seed;
  to.runs_max = options.runs_max;
  to.time_max = std::chrono::milliseconds(options.time_max_ms);
  to.timeout = std::chrono::milliseconds(options.timeout_ms);
  to.at_once = options.jobs > 0 ? options.jobs : std::max(std::thread::hardware_concurrency(), 1u);
  to.cut_everywhere = options.cut_everywhere;
  to.folder = options.out.empty() ? "counterpart-findings" : options.out;
  to.contract = options.folder;
  return to;
}

int conclude(const client::Report& report, const client::Options& fuzzing, const FuzzClientOptions& options) {
  if (!report.usage_error.empty()) {
    const std::string said = client::output_tail(report.clean);
    return complain(report.usage_error + (said.empty() ? "" : "\n" + said.substr(0, said.size() - 1)), exit_usage);
  }
  if (!report.asked.empty()) {
    fmt::print("{}", options.json ? client::report_json(report, fuzzing)
                                  : client::report_text(report, fuzzing, wants_colour(STDOUT_FILENO)));
  }
  if (report.interrupted) return exit_interrupted;
  if (!report.environment_error.empty()) return complain(report.environment_error, exit_environment);
  if (report.runs == 0) return complain("no run was made: there was no time, or --runs is 0", exit_usage);
  return report.findings.empty() ? exit_ok : exit_findings;
}

}  // namespace

int run_fuzz_client(const FuzzClientOptions& options) {
  std::string problem;
  const client::Verdict verdict(options.expect_exit, options.fail_on_output, problem);
  if (!problem.empty()) return complain(problem, exit_usage);
  MockOptions mock;
  mock.folders = {options.folder};
  mock.port = 0;
  mock.journal_entries_max = 1'000'000;  // the clean run's says what is asked for
  mock.journal_bytes_max = size_t{512} << 20;
  mock.stop_time_ms = 0;  // nobody waits for the rest of a stalled answer
  mock.seed = options.seed;
  MockSites sites(mock, {});
  if (const int failed = sites.load(); failed != exit_ok) return failed;
  document::Diagnostics diagnostics;
  conformance::SuiteOptions suite_options;
  suite_options.exact = true;
  const auto suite = conformance::load_suite(options.folder, suite_options, diagnostics);
  if (suite == nullptr) {
    fmt::print(stderr, "{}", diagnostics.render(wants_colour(STDERR_FILENO)));
    return exit_usage;
  }
  std::signal(SIGPIPE, SIG_IGN);
  block_signals({SIGINT, SIGTERM, SIGHUP, SIGCHLD});  // in the mock's threads; the fuzzer takes them in this one
  if (const int failed = sites.listen(); failed != exit_ok) return failed;
  if (const int failed = sites.start(); failed != exit_ok) return failed;
  const client::Options fuzzing = fuzzer_options(options);
  ProgressLine line(options.quiet ? nullptr : stderr);
  const client::World world{*sites.sites().front()->spaces, *suite, verdict,
                            [&](const std::string& space) { return environment_of(sites, space); }};
  const client::Report report = client::run(
      world, fuzzing, [&](const client::Progress& progress) { line.draw([&] { return progress_text(progress); }); });
  line.finish();
  sites.stop();
  return conclude(report, fuzzing, options);
}

}  // namespace counterpart::cli

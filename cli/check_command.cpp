#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cli/commands.h"
#include "conformance/check.h"
#include "conformance/engine_target.h"
#include "conformance/findings.h"
#include "conformance/http_target.h"
#include "conformance/reports/json.h"
#include "conformance/reports/merge.h"
#include "conformance/reports/reports.h"
#include "conformance/reports/terminal.h"
#include "conformance/reproduce.h"
#include "conformance/runner.h"
#include "engine/document/yaml.h"

namespace counterpart::cli {

namespace {

using conformance::Report;
namespace reports = conformance::reports;

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void on_interrupt(int) { interrupted.store(true, std::memory_order_relaxed); }

int complain_of(const document::Diagnostics& diagnostics) {
  std::fputs(diagnostics.render(wants_colour(STDERR_FILENO)).c_str(), stderr);
  return exit_usage;
}

/// Whether a name fits a glob of `*` and `?`.
bool fits(std::string_view glob, std::string_view name) {
  size_t g = 0, n = 0, star = std::string_view::npos, from = 0;
  while (n < name.size()) {
    if (g < glob.size() && (glob[g] == '?' || glob[g] == name[n])) {
      ++g, ++n;
    } else if (g < glob.size() && glob[g] == '*') {
      star = g++;
      from = n;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      n = ++from;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

bool is_file(const std::string& scenario) { return scenario.ends_with(scenario::scenario_suffix); }

/// Whether a scenario is one of those that are asked for, by name or by file.
bool is_wanted(const scenario::Scenario& scenario, const std::vector<std::string>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& one) {
    return one == (is_file(one) ? scenario.where.source->name : scenario.name);
  });
}

/// The cases that are asked for: those of the scenarios, that fit a filter, of these every `shards`-th.
std::vector<conformance::Case> chosen(std::vector<conformance::Case> cases, const CheckOptions& options) {
  if (!options.scenarios.empty()) {
    std::erase_if(cases, [&](const conformance::Case& one) {
      return one.scenario == nullptr || !is_wanted(*one.scenario, options.scenarios);
    });
  }
  if (!options.filters.empty()) {
    std::erase_if(cases, [&](const conformance::Case& one) {
      return std::none_of(options.filters.begin(), options.filters.end(),
                          [&](const std::string& glob) { return fits(glob, one.name); });
    });
  }
  std::vector<conformance::Case> mine;
  for (size_t i = options.shard - 1; i < cases.size(); i += options.shards) mine.push_back(std::move(cases[i]));
  return mine;
}

void print_list(const std::vector<conformance::Case>& cases) {
  size_t width = 0;
  for (const conformance::Check& check : conformance::all_checks()) width = std::max(width, check.id.size());
  fmt::print("checks\n");
  for (const conformance::Check& check : conformance::all_checks()) {
    fmt::print("  {:<{}}  {}\n", check.id, width, check.sentence);
  }
  std::vector<std::pair<std::string, std::string>> rows;
  std::vector<const conformance::Case*> generated;
  for (const conformance::Case& one : cases) {
    if (one.seed) {
      generated.push_back(&one);
    } else {
      rows.emplace_back(one.name, one.summary);
    }
  }
  if (generated.size() == 1) rows.emplace_back(generated[0]->name, generated[0]->summary);
  if (generated.size() > 1) {
    rows.emplace_back(generated.front()->name + " to " + generated.back()->name,
                      fmt::format("{}, {} times", generated.front()->summary, generated.size()));
  }
  width = 0;
  for (const auto& [name, summary] : rows) width = std::max(width, name.size());
  fmt::print("\n{} case{}\n", cases.size(), cases.size() == 1 ? "" : "s");
  for (const auto& [name, summary] : rows) fmt::print("  {:<{}}  {}\n", name, width, summary);
}

/// Writes the reports that go to files, and github's to stdout. The exit code.
int write_reports(const Report& report, const std::vector<reports::Destination>& destinations) {
  for (const reports::Destination& destination : destinations) {
    const std::string text = reports::write(destination.format, report);
    if (destination.file.empty()) {
      std::fwrite(text.data(), 1, text.size(), stdout);
      continue;
    }
    std::ofstream file(destination.file, std::ios::binary);
    file << text;
    file.close();
    if (!file) return complain(fmt::format("the report {} cannot be written", destination.file), exit_environment);
  }
  return exit_ok;
}

int conclude(const Report& report, const std::vector<reports::Destination>& destinations, double coverage_min) {
  const reports::TerminalStyle style{wants_colour(STDOUT_FILENO), 100};
  fmt::print("{}", reports::terminal_text(report, style));
  std::fflush(stdout);
  if (const int failed = write_reports(report, destinations); failed != exit_ok) return failed;
  if (interrupted) return exit_interrupted;
  if (!report.environment_error.empty()) return complain(report.environment_error, exit_environment);
  if (report.failures() > 0 || !report.stale.empty()) return exit_findings;
  if (report.coverage_percent() < coverage_min) {
    return complain(
        fmt::format("coverage is {:.1f} %, under --min-coverage {:.1f}", report.coverage_percent(), coverage_min),
        exit_findings);
  }
  return exit_ok;
}

/// The scenario of each finding, as DIR/found-N.scenario.yaml with that name.
int write_reproducers(const Report& report, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  size_t written = 0;
  for (size_t i = 0; i < report.findings.size(); ++i) {
    const std::string& text = report.findings[i].reproducer;
    if (text.empty()) continue;
    const std::string name = fmt::format("found-{}", i + 1);
    const std::string path = folder + "/" + name + ".scenario.yaml";
    std::ofstream file(path, std::ios::binary);
    file << conformance::with_name(text, name);
    file.close();
    if (!file) return complain(fmt::format("{} cannot be written", path), exit_environment);
    ++written;
  }
  fmt::print("{}: {} scenario{} written\n", folder, written, written == 1 ? "" : "s");
  return exit_ok;
}

bool is_target_file(const std::string& target) { return target.ends_with(".yaml") || target.ends_with(".yml"); }

/// The settings of the target; nullopt and `exit_code` when it is no good.
std::optional<conformance::TargetSettings> settings_of(const CheckOptions& options, int& exit_code) {
  std::optional<conformance::TargetSettings> settings;
  if (is_target_file(options.target)) {
    document::Diagnostics diagnostics;
    settings = conformance::load_target(options.target, diagnostics);
    if (!settings) exit_code = complain_of(diagnostics);
  } else {
    std::string problem;
    settings = conformance::target_of_url(options.target, problem);
    if (!settings) exit_code = complain(problem, exit_usage);
  }
  if (!settings) return std::nullopt;
  settings->insecure = settings->insecure || options.insecure;
  if (options.retries) settings->limits.retries = *options.retries;
  if (options.concurrency) settings->limits.concurrency = *options.concurrency;
  return settings;
}

int update_known(const conformance::TargetSettings& settings, const Report& report) {
  document::Diagnostics diagnostics;
  const auto source = document::read_source(settings.file, diagnostics);
  if (source == nullptr) return complain_of(diagnostics);
  std::vector<conformance::Finding> failing;
  for (const auto& finding : report.findings) {
    if (report.counts(finding) || !finding.known.empty()) failing.push_back(finding);
  }
  const auto known = conformance::known_of(failing, settings.known_failures, report.stale);
  std::ofstream file(settings.file, std::ios::binary);
  file << conformance::with_known_failures(source->text, known);
  file.close();
  if (!file) return complain(fmt::format("{} cannot be written", settings.file), exit_environment);
  fmt::print("{}: {} known failure{} listed\n", settings.file, known.size(), known.size() == 1 ? "" : "s");
  return exit_ok;
}

class Checking {
 public:
  explicit Checking(const CheckOptions& options) : options_(options) {}

  int run() {
    std::string problem;
    const auto destinations = reports::parse_destinations(options_.reports, problem);
    if (!destinations) return complain(problem, exit_usage);
    int exit_code = exit_ok;
    const bool in_process = options_.target == "engine" || (options_.list && options_.target.empty());
    if (options_.target.empty() && !options_.list) return complain("check: --target is required", exit_usage);
    if (!in_process) {
      settings_ = settings_of(options_, exit_code);
      if (!settings_) return exit_code;
    }
    if (options_.update_known && (!settings_ || settings_->file.empty())) {
      return complain("--update-known needs a target file", exit_usage);
    }
    if (options_.coverage_min > 0 && options_.shards > 1) {
      return complain("--min-coverage is for the whole run: give it to merge-reports", exit_usage);
    }
    if (options_.update_known && !is_whole()) {
      return complain("--update-known needs the whole run: no --filter, --scenario, --shard or --fail-fast",
                      exit_usage);
    }
    if (const int failed = load(in_process); failed != exit_ok) return failed;
    if (const std::string missing = missing_scenario(); !missing.empty()) return complain(missing, exit_usage);
    const auto cases = chosen(conformance::plan(*suite_, {options_.generate, options_.seed}), options_);
    if (options_.list) {
      print_list(cases);
      return exit_ok;
    }
    if (cases.empty() && !options_.filters.empty()) {
      return complain("no case has a name that fits --filter", exit_usage);
    }
    const Report report = play(cases);
    const int exit_after = conclude(report, *destinations, options_.coverage_min);
    if (!options_.reproducers.empty()) {
      if (const int failed = write_reproducers(report, options_.reproducers); failed != exit_ok) return failed;
    }
    const bool updates = options_.update_known && report.environment_error.empty() && !interrupted;
    return updates ? update_known(*settings_, report) : exit_after;
  }

 private:
  /// Whether this run plays every case.
  bool is_whole() const { return is_unfiltered() && options_.shards == 1 && !options_.fail_fast; }
  bool is_unfiltered() const { return options_.filters.empty() && options_.scenarios.empty(); }

  /// A scenario that is asked for and not there; "" when there is none.
  std::string missing_scenario() const {
    std::vector<std::string> names;
    for (const auto& scenario : suite_->scenarios) names.push_back(scenario->name);
    for (const std::string& wanted : options_.scenarios) {
      if (is_file(wanted) || std::find(names.begin(), names.end(), wanted) != names.end()) continue;
      const std::string hint = document::suggestion(wanted, names);
      return fmt::format("there is no scenario \"{}\"{}{}", wanted, hint.empty() ? "" : "; ", hint);
    }
    return "";
  }

  int load(bool in_process) {
    document::Diagnostics diagnostics;
    conformance::SuiteOptions suite_options;
    suite_options.exact = in_process;
    std::copy_if(options_.scenarios.begin(), options_.scenarios.end(), std::back_inserter(suite_options.scenario_files),
                 is_file);
    if (settings_ && settings_->variables) suite_options.variables = &*settings_->variables;
    suite_ = conformance::load_suite(options_.folder, suite_options, diagnostics);
    if (suite_ == nullptr) return complain_of(diagnostics);
    suite_->time_max_ms = options_.time_max_ms;
    if (settings_ && !settings_->contract.empty() && settings_->contract != suite_->contract().name) {
      return complain(fmt::format("{} is a target of the contract \"{}\", not of \"{}\"", settings_->file,
                                  settings_->contract, suite_->contract().name),
                      exit_usage);
    }
    try {
      target_ = settings_ ? conformance::make_http_target(*settings_, conformance::Connections::of_many_cases)
                          : conformance::make_engine_target(suite_->engine, diagnostics);
    } catch (const conformance::EnvironmentError& error) {
      return complain(error.what(), exit_environment);
    }
    return target_ == nullptr ? complain_of(diagnostics) : exit_ok;
  }

  Report play(const std::vector<conformance::Case>& cases) {
    std::signal(SIGINT, on_interrupt);
    std::signal(SIGTERM, on_interrupt);
    std::signal(SIGPIPE, SIG_IGN);
    const bool live = ::isatty(STDOUT_FILENO) != 0;
    reports::Progress progress({live,
                                {wants_colour(STDOUT_FILENO), 100},
                                cases.size(),
                                [](std::string_view text) {
                                  std::fwrite(text.data(), 1, text.size(), stdout);
                                  std::fflush(stdout);
                                },
                                [] {
                                  using namespace std::chrono;
                                  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
                                }});
    conformance::RunOptions run_options;
    run_options.level = options_.assumed ? conformance::Level::assumed : conformance::Level::documented;
    run_options.seed = options_.seed;
    run_options.fail_fast = options_.fail_fast;
    run_options.is_whole = is_unfiltered() && !options_.fail_fast;
    run_options.shard = options_.shard;
    run_options.shards = options_.shards;
    run_options.interrupted = &interrupted;
    if (settings_) {
      run_options.concurrency = settings_->limits.concurrency;
      run_options.known_failures = settings_->known_failures;
    }
    if (!options_.quiet) run_options.on_case = [&](const auto& result) { progress.done(result); };
    Report report = conformance::run(*suite_, cases, *target_, run_options);
    progress.finish();
    return report;
  }

  const CheckOptions& options_;
  std::optional<conformance::TargetSettings> settings_;
  std::unique_ptr<conformance::Suite> suite_;
  std::unique_ptr<conformance::Target> target_;
};

}  // namespace

int run_check(const CheckOptions& options) { return Checking(options).run(); }

int run_merge_reports(const MergeOptions& options) {
  std::string problem;
  const auto destinations = reports::parse_destinations(options.reports, problem);
  if (!destinations) return complain(problem, exit_usage);
  std::vector<Report> shards;
  for (const std::string& name : options.files) {
    std::ifstream file(name, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (!file) return complain(fmt::format("{} cannot be read", name), exit_environment);
    auto report = reports::read_json(text, problem);
    if (!report) return complain(fmt::format("{}: {}", name, problem), exit_usage);
    shards.push_back(*std::move(report));
  }
  const auto merged = reports::merge(std::move(shards), problem);
  if (!merged) return complain(problem, exit_usage);
  return conclude(*merged, *destinations, options.coverage_min);
}

}  // namespace counterpart::cli

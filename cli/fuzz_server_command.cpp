#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>

#include "cli/commands.h"
#include "cli/progress_line.h"
#include "conformance/engine_target.h"
#include "conformance/http_target.h"
#include "conformance/reports/finding_text.h"
#include "conformance/reports/text.h"
#include "conformance/reproduce.h"
#include "fuzz/server/allowed.h"
#include "fuzz/server/corpus.h"
#include "fuzz/server/fuzzer.h"
#include "fuzz/server/save.h"

namespace counterpart::cli {

namespace {

using conformance::reports::counted;

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void on_fuzz_interrupt(int) { interrupted.store(true, std::memory_order_relaxed); }

int complain_of(const document::Diagnostics& diagnostics) {
  std::fputs(diagnostics.render(wants_colour(STDERR_FILENO)).c_str(), stderr);
  return exit_usage;
}

double per_second(const fuzz::server::FuzzProgress& progress) {
  return 1000.0 * static_cast<double>(progress.requests) /
         static_cast<double>(std::max<int64_t>(1, progress.milliseconds));
}

std::string progress_text(const fuzz::server::FuzzProgress& progress) {
  return fmt::format("{} · {:.0f}/s · {} kept · {} of answers · {}", counted(progress.requests, "request"),
                     per_second(progress), progress.corpus, counted(progress.tuples, "kind"),
                     counted(progress.found, "finding"));
}

class Fuzzing {
 public:
  explicit Fuzzing(const FuzzServerOptions& options)
      : options_(options), out_(options.out.empty() ? "counterpart-findings" : options.out) {}

  int run() {
    if (options_.target != "engine") {
      if (const int failed = load_settings(); failed != exit_ok) return failed;
    }
    if (const int failed = load(); failed != exit_ok) return failed;
    if (options_.raw && raw_ == nullptr) return complain("--raw needs a target with a socket", exit_usage);
    if (!options_.replays.empty()) return replay();
    fuzz::server::FuzzReport report;
    try {
      folder_.emplace(out_);
      report = play();
      show(report);
      fuzz::server::save_corpus(report.corpus, corpus_folder());
    } catch (const std::runtime_error& error) {
      return complain(error.what(), exit_environment);
    }
    if (!unsaved_.empty()) return complain(unsaved_, exit_environment);
    return code_of(report);
  }

 private:
  static int code_of(const fuzz::server::FuzzReport& report) {
    if (interrupted) return exit_interrupted;
    if (!report.found.empty()) return exit_findings;
    if (!report.environment_error.empty()) return complain(report.environment_error, exit_environment);
    return report.progress.requests > 0 ? exit_ok : complain("nothing was sent: there was no time for it", exit_usage);
  }

  int replay() {
    std::vector<fuzz::server::Replay> replays;
    for (const std::string& file : options_.replays) {
      std::string problem;
      auto one = fuzz::server::load_replay(*suite_, file, options_.allow_destructive, problem);
      if (one && one->sequence.empty() && raw_ == nullptr) problem = file + ": bytes need a target with a socket";
      if (!problem.empty()) return complain(problem, exit_usage);
      replays.push_back(*std::move(one));
    }
    take_signals();
    const auto replayed = fuzz::server::replay(*suite_, *target_, raw_.get(), fuzz_options(), replays);
    const size_t showing = show(replays, replayed.found);
    if (interrupted) return exit_interrupted;
    if (showing > 0) return exit_findings;
    return replayed.environment_error.empty() ? exit_ok : complain(replayed.environment_error, exit_environment);
  }

  int load_settings() {
    const bool is_file = options_.target.ends_with(".yaml") || options_.target.ends_with(".yml");
    document::Diagnostics diagnostics;
    std::string problem;
    settings_ = is_file ? conformance::load_target(options_.target, diagnostics)
                        : conformance::target_of_url(options_.target, problem);
    if (!settings_) return is_file ? complain_of(diagnostics) : complain(problem, exit_usage);
    settings_->insecure = settings_->insecure || options_.insecure;
    settings_->limits.retries = 0;  // nothing is sent twice
    if (options_.timeout_ms > 0) settings_->limits.timeout_ms = options_.timeout_ms;
    url_ = conformance::parse_target_url(settings_->url, problem);
    if (!url_) return complain(fmt::format("{}: {}", settings_->url, problem), exit_usage);
    if (!options_.allowed && !fuzz::server::is_loopback(url_->host, problem)) return complain(problem, exit_usage);
    return exit_ok;
  }

  int load() {
    document::Diagnostics diagnostics;
    conformance::SuiteOptions suite_options;
    suite_options.exact = !settings_;
    if (settings_ && settings_->variables) suite_options.variables = &*settings_->variables;
    suite_ = conformance::load_suite(options_.folder, suite_options, diagnostics);
    if (suite_ == nullptr) return complain_of(diagnostics);
    if (settings_ && !settings_->contract.empty() && settings_->contract != suite_->contract().name) {
      return complain(fmt::format("{} is a target of the contract \"{}\", not of \"{}\"", settings_->file,
                                  settings_->contract, suite_->contract().name),
                      exit_usage);
    }
    try {
      target_ = settings_ ? conformance::make_http_target(*settings_)
                          : conformance::make_engine_target(suite_->engine, diagnostics);
      if (settings_) raw_ = std::make_unique<fuzz::server::RawSender>(*settings_);
    } catch (const conformance::EnvironmentError& error) {
      return complain(error.what(), exit_environment);
    }
    return target_ == nullptr ? complain_of(diagnostics) : exit_ok;
  }

  std::string corpus_folder() const { return out_ + "/corpus"; }

  /// At once: who stops a long run has what it has found.
  std::string save(const fuzz::server::Found& found) {
    try {
      saved_.push_back(fuzz::server::save(*folder_, *suite_, found,
                                          {options_.target, options_.insecure, options_.allowed, options_.timeout_ms}));
    } catch (const std::runtime_error& error) {
      unsaved_ = error.what();
    }
    return unsaved_;
  }

  static void take_signals() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, on_fuzz_interrupt);
    std::signal(SIGPIPE, SIG_IGN);
  }

  fuzz::server::FuzzOptions fuzz_options() const {
    fuzz::server::FuzzOptions options;
    options.session.level = options_.assumed ? conformance::Level::assumed : conformance::Level::documented;
    options.session.allow_destructive = options_.allow_destructive;
    if (settings_) {
      options.session.restarts_as_contract = settings_->starts_as_contract;
      options.session.known_failures = settings_->known_failures;
    }
    options.session.interrupted = &interrupted;
    options.seed = options_.seed;
    options.time_max_ms = options_.time_max_ms;
    options.requests_max = options_.requests_max;
    options.raw = options_.raw;
    options.fail_fast = options_.fail_fast;
    return options;
  }

  fuzz::server::FuzzReport play() {
    take_signals();
    fuzz::server::FuzzOptions options = fuzz_options();
    options.corpus = fuzz::server::load_corpus(*suite_, corpus_folder());
    options.on_found = [this](const fuzz::server::Found& found) { return save(found); };
    if (!options_.quiet) {
      const std::string known =
          options.corpus.empty()
              ? ""
              : fmt::format(", {} of {}", counted(options.corpus.size(), "sequence"), corpus_folder());
      fmt::print("fuzzing {} as {}, seed {}{}\n", target_->description(), suite_->contract().name, options_.seed,
                 known);
      std::fflush(stdout);
    }
    ProgressLine line(options_.quiet ? nullptr : stdout);
    auto report = fuzz::server::fuzz_server(*suite_, *target_, raw_.get(), options, [&](const auto& progress) {
      line.draw([&] { return progress_text(progress); });
    });
    line.finish();
    return report;
  }

  void show(fuzz::server::Found found, size_t number, bool colour) const {
    constexpr size_t columns = 100;
    const bool is_saved = number <= saved_.size();
    const fuzz::server::Saved saved = is_saved ? saved_[number - 1] : fuzz::server::Saved{};
    // Of several requests the last one alone shows nothing.
    if (found.sent.size() <= 1 && !found.finding.exchanges.empty()) {
      found.finding.curl = conformance::curl_line(found.finding.exchanges.back(), target_->curl_options());
    } else {
      found.finding.curl = saved.repeat;
    }
    const bool is_replayed = !options_.replays.empty();
    fmt::print("\n{:>3}  {}  {}{}\n", number, found.finding.check, found.finding.subject,
               is_replayed
                   ? ""
                   : fmt::format("  ×{}, first after {}", found.finding.count, counted(found.requests, "request")));
    fmt::print("{}", conformance::reports::finding_text(found.finding, "     ", columns, colour));
    for (const std::string& line : fuzz::server::oddities_of(found)) fmt::print("     {}\n", line);
    if (!found.carried.empty()) {
      fmt::print("     The request before carries it over on their connection: {}\n", fmt::join(found.carried, ", "));
    }
    if (found.is_interrupted) {
      fmt::print("     It is not as simple as it could be: interrupted.\n");
    } else if (found.is_gone) {
      fmt::print("     It could not be sent once more: the target did not come back.\n");
    } else if (!found.shows_again) {
      fmt::print("     It did not show again when it was sent once more.\n");
    }
    if (!is_replayed) fmt::print("     {}\n", is_saved ? "saved: " + saved.file : "not saved");
    if (!saved.repeat.empty() && saved.repeat != found.finding.curl) fmt::print("     again: {}\n", saved.repeat);
  }

  /// How many of the files show something.
  size_t show(const std::vector<fuzz::server::Replay>& replays,
              const std::vector<std::vector<fuzz::server::Found>>& found) const {
    const bool colour = wants_colour(STDOUT_FILENO);
    size_t showing = 0;
    for (size_t i = 0; i < found.size(); ++i) {
      const std::string what = found[i].empty() ? "shows nothing" : counted(found[i].size(), "finding");
      fmt::print("{}: {}\n", conformance::reports::one_line(replays[i].name), what);
      for (size_t j = 0; j < found[i].size(); ++j) show(found[i][j], j + 1, colour);
      if (!found[i].empty()) fmt::print("\n");
      showing += found[i].empty() ? 0 : 1;
    }
    const size_t unsent = replays.size() - found.size();
    fmt::print("{} sent once more · {} with findings{}\n", counted(found.size(), "file"), showing,
               unsent == 0 ? "" : fmt::format(" · {} not sent", unsent));
    return showing;
  }

  void show(const fuzz::server::FuzzReport& report) const {
    const bool colour = wants_colour(STDOUT_FILENO);
    for (size_t i = 0; i < report.found.size(); ++i) show(report.found[i], i + 1, colour);
    if (!report.environment_error.empty() && !report.found.empty()) {
      fmt::print("\nThe run ended early: {}\n", conformance::reports::one_line(report.environment_error));
    }
    const auto& progress = report.progress;
    if (!report.found.empty()) fmt::print("\n");
    if (report.unsent > 0) {
      fmt::print("{} of {} were never sent: what came before them ended their sequences\n", report.unsent,
                 counted(report.planned, "planned call"));
    }
    if (!report.never_accepted.empty()) {
      fmt::print("never accepted: {} (every answer was 400 or above)\n", fmt::join(report.never_accepted, ", "));
    }
    fmt::print("{} in {}, {:.0f}/s · {} kept · {} of answers · {} · seed {}\n", counted(progress.requests, "request"),
               counted(progress.sequences, "sequence"), per_second(progress), progress.corpus,
               counted(progress.tuples, "kind"), counted(report.found.size(), "finding"), options_.seed);
  }

  const FuzzServerOptions& options_;
  const std::string out_;
  std::optional<fuzz::FindingsFolder> folder_;
  std::vector<fuzz::server::Saved> saved_;  ///< as in the report
  std::string unsaved_;                     ///< why a finding could not be saved
  std::optional<conformance::TargetSettings> settings_;
  std::optional<conformance::TargetUrl> url_;
  std::unique_ptr<conformance::Suite> suite_;
  std::unique_ptr<conformance::Target> target_;
  std::unique_ptr<fuzz::server::RawSender> raw_;
};

}  // namespace

int run_fuzz_server(const FuzzServerOptions& options) { return Fuzzing(options).run(); }

}  // namespace counterpart::cli

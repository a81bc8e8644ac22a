#include "conformance/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>

#include "conformance/check.h"
#include "conformance/coverage.h"
#include "conformance/findings.h"
#include "conformance/generate.h"
#include "conformance/reproduce.h"
#include "conformance/shrink.h"

namespace counterpart::conformance {

namespace {

using Clock = std::chrono::steady_clock;

int64_t microseconds_since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count();
}

/// A target that answers nothing several times in a row is not there.
constexpr size_t unanswered_max = 3;

}  // namespace

class Runner::Impl {
 public:
  Impl(const Suite& suite, const std::vector<Case>& cases, Target& target, const RunOptions& options)
      : suite_(suite),
        cases_(cases),
        target_(target),
        options_(options),
        coverage_(suite, cases),
        oracle_(suite, target.is_known()) {
    report_.contract = suite_.contract().name;
    report_.title = suite_.contract().title;
    report_.target = target_.description();
    report_.version = COUNTERPART_VERSION;
    report_.seed = options_.seed;
    report_.level = options_.level;
    report_.started_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
  }

  void begin() { target_.before_run(); }

  CaseResult play_one(const Case& one) {
    play_case(one, oracle_);
    return report_.cases.back();
  }

  const std::vector<Finding>& findings() const { return report_.findings; }

  Report run() {
    if (!succeeds([&] { begin(); })) return take();
    succeeds([&] { play_all(); });
    return finish();
  }

  Report finish() {
    succeeds([&] { target_.after_run(); });
    return take();
  }

 private:
  /// Does it; an EnvironmentError is the report's, the first one.
  template <typename Step>
  bool succeeds(const Step& step) {
    try {
      step();
      return true;
    } catch (const EnvironmentError& error) {
      if (report_.environment_error.empty()) report_.environment_error = error.what();
      return false;
    }
  }

  Report take() {
    finish_report();
    report_.microseconds = microseconds_since(start_);
    return std::move(report_);
  }

  bool is_over() const {
    return stopped_ || (options_.interrupted != nullptr && options_.interrupted->load(std::memory_order_relaxed));
  }

  void play_all() {
    size_t next = 0;
    const auto is_parallel = [&](const Case& one) { return target_.is_isolated() || one.parallel; };
    if (options_.concurrency > 1 && !target_.resets()) {
      const auto end = std::find_if_not(cases_.begin(), cases_.end(), is_parallel);
      next = static_cast<size_t>(end - cases_.begin());
      play_side_by_side(next);
    }
    for (; next < cases_.size() && !is_over(); ++next) play_case(cases_[next], oracle_);
  }

  /// The first `count` cases. What they change is not told to the run's oracle: it has to look again.
  void play_side_by_side(size_t count) {
    if (count == 0) return;
    std::atomic<size_t> next{0};
    std::mutex mutex;
    std::string error;
    const auto work = [&] {
      Oracle oracle(suite_, target_.is_known());
      for (size_t i = next++; i < count && !is_over(); i = next++) {
        try {
          play_case(cases_[i], oracle);
        } catch (const EnvironmentError& failed) {
          const std::lock_guard lock(mutex);
          if (error.empty()) error = failed.what();
          stopped_ = true;
        }
      }
    };
    std::vector<std::thread> threads;
    const size_t workers = std::min(static_cast<size_t>(options_.concurrency), count);
    for (size_t i = 1; i < workers; ++i) threads.emplace_back(work);
    work();
    for (std::thread& thread : threads) thread.join();
    if (!error.empty()) throw EnvironmentError(error);
    if (!target_.is_isolated()) oracle_.lose();
  }

  Played play_once(const Case& one, Oracle& oracle, const NextCall& next) {
    const auto conversation = target_.open(one.scenario);
    if (conversation->is_fresh) oracle.restart(conversation->has_given ? one.scenario : nullptr);
    return conformance::play(suite_, one, *conversation, oracle, {options_.level, options_.keep_exchanges}, next);
  }

  void play_case(const Case& one, Oracle& oracle) {
    const auto start = Clock::now();
    Played played = play_once(one, oracle, one.seed ? generated(suite_, *one.seed) : NextCall{});
    if (!played.findings.empty()) explain(one, played, oracle);
    const int64_t microseconds = microseconds_since(start);
    const std::lock_guard lock(mutex_);
    record(one, std::move(played), microseconds);
  }

  /// Whether what was played can be played again from the same start.
  bool is_repeatable(const Played& played) const {
    return target_.is_isolated() || target_.resets() ||
           std::all_of(played.sent.begin(), played.sent.end(),
                       [](const Sent& sent) { return is_read(*sent.call.operation); });
  }

  bool is_new(const Finding& finding) {
    const std::lock_guard lock(mutex_);
    return std::none_of(report_.findings.begin(), report_.findings.end(),
                        [&](const Finding& other) { return is_same_cause(other, finding); });
  }

  /// Shrinks what the case found for the first time, and writes how to see it again.
  void explain(const Case& one, Played& played, Oracle& oracle) {
    const bool may_shrink = one.scenario == nullptr && options_.shrink_tries_max > 0 && is_repeatable(played);
    for (size_t i = 0; i < played.findings.size(); ++i) {
      Finding& finding = played.findings[i];
      const auto same = [&](const Finding& other) { return is_same_cause(other, finding); };
      const auto place = played.findings.begin() + static_cast<std::ptrdiff_t>(i);
      std::vector<Sent> sent = played.sent;
      if (may_shrink && std::none_of(played.findings.begin(), place, same) && is_new(finding)) {
        shrink(one, finding, sent, oracle);
      }
      if (options_.keep_exchanges && !finding.exchanges.empty()) show(one, finding, std::move(sent));
    }
  }

  /// How to see the finding again; `sent` begins with what led to it.
  void show(const Case& one, Finding& finding, std::vector<Sent> sent) const {
    sent.resize(std::min(finding.exchanges.size(), sent.size()));
    finding.curl = curl_line(finding.exchanges.back());
    finding.reproducer = scenario_text(suite_, "found-" + finding.check, finding, sent, one.scenario);
  }

  /// Replaces the finding, and what was sent, by the shortest that still shows it.
  void shrink(const Case& one, Finding& finding, std::vector<Sent>& sent, Oracle& oracle) {
    Case again = one;
    again.seed.reset();
    const Finding sought = finding;
    const Shows shows = [&](const std::vector<Call>& calls) {
      again.calls = calls;
      Played tried = play_once(again, oracle, {});
      const auto found = std::find_if(tried.findings.begin(), tried.findings.end(),
                                      [&](const Finding& other) { return is_same_cause(other, sought); });
      if (found == tried.findings.end()) return false;
      finding = std::move(*found);
      sent = std::move(tried.sent);
      return true;
    };
    std::vector<Call> calls;
    for (const Sent& one_sent : sent) calls.push_back(one_sent.call);
    try {
      shrunk(std::move(calls), shows, options_.shrink_tries_max);
    } catch (const EnvironmentError&) {
      // The target or its hook is gone: what was found stays, and the next case will tell.
    }
  }

  void record(const Case& one, Played played, int64_t microseconds) {
    CaseResult result;
    result.name = one.name;
    result.summary = one.summary;
    result.outcome = played.outcome;
    result.reason = played.reason;
    result.exchanges = played.exchanges.size();
    result.retries = played.retries;
    result.microseconds = microseconds;
    result.where = one.where;
    bool counts = false, is_known = false;
    for (Exchange& exchange : played.exchanges) shorten(exchange);
    for (Finding& finding : played.findings) {
      for (Exchange& exchange : finding.exchanges) shorten(exchange);
      if (const KnownFailure* entry = known_entry(finding, options_.known_failures)) {
        finding.known = entry->reason.empty() ? "listed as known" : entry->reason;
        is_known = true;
      }
      counts = counts || report_.counts(finding);
      const size_t index = collect(report_.findings, std::move(finding));
      if (std::find(result.findings.begin(), result.findings.end(), index) == result.findings.end()) {
        result.findings.push_back(index);
      }
    }
    if (result.outcome == Outcome::failed && !counts) result.outcome = is_known ? Outcome::known : Outcome::passed;
    if (result.outcome == Outcome::skipped || result.outcome == Outcome::inconclusive) leave_out(one);
    coverage_.add(played);
    if (!played.reason.empty()) coverage_.add_obstacle(one, played.reason);
    watch_answers(played);
    if (options_.keep_exchanges) keep(std::move(played.exchanges));
    report_.cases.push_back(result);
    if (options_.on_case) options_.on_case(result);
    if (options_.fail_fast && result.outcome == Outcome::failed) stopped_ = true;
  }

  /// What was not played to its end cannot show its failures.
  void leave_out(const Case& one) {
    for (const Call& call : one.calls) left_out_.insert(call.operation->id);
    if (one.scenario == nullptr) return;
    for (const scenario::Step& step : one.scenario->steps) left_out_.insert(step.operation->id);
  }

  /// A hostile target's bodies are judged whole, and kept in part.
  static void shorten(Exchange& exchange) {
    std::string& body = exchange.reply.response.body;
    if (body.size() <= Report::body_bytes_max) return;
    exchange.reply.error =
        fmt::format("{} of the body's {} bytes are left out", body.size() - Report::body_bytes_max, body.size());
    body.resize(Report::body_bytes_max);
    body.shrink_to_fit();
  }

  void watch_answers(const Played& played) {
    for (const Exchange& exchange : played.exchanges) {
      unanswered_ = exchange.reply.kind == Reply::Kind::answered ? 0 : unanswered_ + 1;
      if (unanswered_ >= unanswered_max) {
        throw EnvironmentError(
            fmt::format("{} requests in a row got no answer: {}", unanswered_, exchange.reply.error));
      }
    }
  }

  void keep(std::vector<Exchange> exchanges) {
    for (Exchange& exchange : exchanges) {
      if (report_.exchanges.size() < Report::exchanges_max) {
        report_.exchanges.push_back(std::move(exchange));
      } else {
        ++report_.exchanges_left_out;
      }
    }
  }

  void finish_report() {
    const bool is_whole = options_.is_whole && report_.environment_error.empty() && !is_over();
    report_.stale = stale_entries(report_.findings, options_.known_failures, [&](std::string_view operation) {
      return is_whole && left_out_.find(operation) == left_out_.end();
    });
    coverage_.write(report_);
  }

  const Suite& suite_;
  const std::vector<Case>& cases_;
  Target& target_;
  const RunOptions& options_;
  Coverage coverage_;
  Oracle oracle_;  ///< of the cases that are played one after the other
  std::mutex mutex_;
  Report report_;
  std::atomic<bool> stopped_{false};
  size_t unanswered_ = 0;
  std::set<std::string, std::less<>> left_out_;  ///< operations of cases that were not played to their end
  const Clock::time_point start_ = Clock::now();
};

Runner::Runner(const Suite& suite, const std::vector<Case>& cases, Target& target, const RunOptions& options)
    : impl_(std::make_unique<Impl>(suite, cases, target, options)) {}
Runner::~Runner() = default;

void Runner::begin() { impl_->begin(); }
CaseResult Runner::play(const Case& one) { return impl_->play_one(one); }
const std::vector<Finding>& Runner::findings() const { return impl_->findings(); }
Report Runner::finish() { return impl_->finish(); }

Report run(const Suite& suite, const std::vector<Case>& cases, Target& target, const RunOptions& options) {
  const auto runner = std::make_unique<Runner::Impl>(suite, cases, target, options);
  return runner->run();
}

}  // namespace counterpart::conformance

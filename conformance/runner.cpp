#include "conformance/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <mutex>
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
    try {
      begin();
      play_all();
      target_.after_run();
    } catch (const EnvironmentError& error) {
      report_.environment_error = error.what();
    }
    return take();
  }

  Report finish() {
    try {
      target_.after_run();
    } catch (const EnvironmentError& error) {
      report_.environment_error = error.what();
    }
    return take();
  }

 private:
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
    if (options_.concurrency > 1) {
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

  /// Whether a case can be played again from the same start.
  bool is_repeatable() const { return target_.is_isolated(); }

  /// Shrinks what the case found, and writes how to see it again.
  void explain(const Case& one, Played& played, Oracle& oracle) {
    if (one.scenario == nullptr && is_repeatable() && options_.shrink_tries_max > 0) shrink(one, played, oracle);
    if (!options_.keep_exchanges) return;
    for (Finding& finding : played.findings) {
      if (finding.exchanges.empty()) continue;
      const std::vector<Sent> sent(
          played.sent.begin(),
          played.sent.begin() + static_cast<std::ptrdiff_t>(std::min(finding.exchanges.size(), played.sent.size())));
      finding.curl = curl_line(finding.exchanges.back());
      finding.reproducer = scenario_text(suite_, "found-" + finding.check, finding, sent, one.scenario);
    }
  }

  void shrink(const Case& one, Played& played, Oracle& oracle) {
    const Finding sought = played.findings.front();
    Case again = one;
    again.seed.reset();
    Played best = played;
    const Shows shows = [&](const std::vector<Call>& calls) {
      again.calls = calls;
      Played tried = play_once(again, oracle, {});
      const bool found = std::any_of(tried.findings.begin(), tried.findings.end(), [&](const Finding& finding) {
        return finding.check == sought.check && finding.subject == sought.subject && finding.message == sought.message;
      });
      if (found) best = std::move(tried);
      return found;
    };
    std::vector<Call> calls;
    for (const Sent& sent : played.sent) calls.push_back(sent.call);
    shrunk(std::move(calls), shows, options_.shrink_tries_max);
    played.findings = std::move(best.findings);
    played.sent = std::move(best.sent);
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
    bool counts = false;
    for (Exchange& exchange : played.exchanges) shorten(exchange);
    for (Finding& finding : played.findings) {
      for (Exchange& exchange : finding.exchanges) shorten(exchange);
      counts = counts || report_.counts(finding);
      const size_t index = collect(report_.findings, std::move(finding));
      if (std::find(result.findings.begin(), result.findings.end(), index) == result.findings.end()) {
        result.findings.push_back(index);
      }
    }
    if (result.outcome == Outcome::failed && !counts) result.outcome = Outcome::passed;
    coverage_.add(played);
    if (!played.reason.empty()) coverage_.add_obstacle(one, played.reason);
    watch_answers(played);
    if (options_.keep_exchanges) keep(std::move(played.exchanges));
    report_.cases.push_back(result);
    if (options_.on_case) options_.on_case(result);
    if (options_.fail_fast && result.outcome == Outcome::failed) stopped_ = true;
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
    report_.stale = mark_known(report_.findings, options_.known_failures, is_whole);
    for (CaseResult& result : report_.cases) {
      if (result.outcome != Outcome::failed) continue;
      const bool fails = std::any_of(result.findings.begin(), result.findings.end(),
                                     [&](size_t index) { return report_.counts(report_.findings[index]); });
      if (!fails) result.outcome = Outcome::known;
    }
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

#include "conformance/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <mutex>
#include <set>
#include <thread>

#include "conformance/check.h"
#include "conformance/coverage.h"
#include "conformance/findings.h"
#include "conformance/generate.h"
#include "conformance/reproduce.h"
#include "conformance/same_answer.h"
#include "conformance/shrink.h"

namespace counterpart::conformance {

namespace {

using Clock = std::chrono::steady_clock;

int64_t microseconds_since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count();
}

/// A target that answers nothing several times in a row is not there.
constexpr size_t unanswered_max = 3;  // and an operation that does it is left alone

/// A case that could not show all failures that it was made to show.
struct LeftOut {
  std::set<std::string> operations;
  std::string_view check;  ///< whose failures it could not show; "": it was not played to its end, so anybody's
  std::string why;
};

/// What came of one request, as far as it matters whether the target is there.
struct Silence {
  std::string operation;
  std::string error;  ///< "": it was answered
};

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
    report_.shard = options_.shard;
    report_.shards = options_.shards;
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
      if (!target_.is_isolated()) oracle.share();
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
    PlayOptions how;
    how.level = options_.level;
    how.keep_exchanges = options_.keep_exchanges;
    return conformance::play(suite_, one, *conversation, oracle, how, next);
  }

  void play_case(const Case& one, Oracle& oracle) {
    const auto start = Clock::now();
    Played played;
    if (const std::string silent = silent_operation(one); !silent.empty()) {
      played.outcome = Outcome::skipped;
      played.reason = fmt::format("{} got no answer {} times in a row", silent, unanswered_max);
    } else {
      played = play_once(one, oracle, one.seed ? generated_for(*one.seed) : NextCall{});
      if (!played.findings.empty()) explain(one, played, oracle);
    }
    const int64_t microseconds = microseconds_since(start);
    const std::lock_guard lock(mutex_);
    std::vector<Silence> answers;
    for (const Exchange& exchange : played.exchanges) {
      const bool answered = exchange.reply.kind == Reply::Kind::answered;
      answers.push_back({exchange.operation, answered ? "" : exchange.reply.error});
    }
    record(one, std::move(played), microseconds);
    watch_answers(answers);
  }

  /// A generated sequence that ends where an operation comes that does not answer.
  NextCall generated_for(uint64_t seed) {
    return [this, next = generated(suite_, seed)](Oracle& oracle) {
      auto call = next(oracle);
      const std::lock_guard lock(mutex_);
      return call && silent_.contains(call->operation->id) ? std::nullopt : std::move(call);
    };
  }

  /// An operation of the case that does not answer; "" when there is none.
  std::string silent_operation(const Case& one) {
    const std::lock_guard lock(mutex_);
    if (silent_.empty()) return "";
    for (const std::string& operation : operations_of(one)) {
      if (silent_.contains(operation)) return operation;
    }
    return "";
  }

  static std::set<std::string> operations_of(const Case& one) {
    std::set<std::string> operations;
    for (const Call& call : one.calls) operations.insert(call.operation->id);
    if (one.scenario == nullptr) return operations;
    for (const scenario::Step& step : one.scenario->steps) operations.insert(step.operation->id);
    return operations;
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
    std::vector<Call> calls;  // what the target made up is another value each time: they name it as the oracle does
    for (const Sent& sent : played.sent) calls.push_back(oracle.as_in(Aliases::World::first, sent.call));
    for (size_t i = 0; i < played.findings.size(); ++i) {
      Finding& finding = played.findings[i];
      const auto same = [&](const Finding& other) { return is_same_cause(other, finding); };
      const auto place = played.findings.begin() + static_cast<std::ptrdiff_t>(i);
      std::vector<Sent> sent = played.sent;
      if (may_shrink && std::none_of(played.findings.begin(), place, same) && is_new(finding)) {
        shrink(one, finding, calls, sent, oracle);
      }
      if (options_.keep_exchanges && !finding.exchanges.empty()) show(one, finding, std::move(sent));
    }
  }

  /// How to see the finding again; `sent` begins with what led to it.
  void show(const Case& one, Finding& finding, std::vector<Sent> sent) const {
    sent.resize(std::min(finding.exchanges.size(), sent.size()));
    finding.curl = curl_line(finding.exchanges.back(), target_.curl_options());
    Reproducer reproducer = reproducer_of(suite_, "found-" + finding.check, finding, sent, one.scenario);
    finding.reproducer = std::move(reproducer.text);
    finding.no_reproducer = std::move(reproducer.why_not);
  }

  /// Replaces the finding, and what was sent, by the shortest of these calls that still shows it.
  void shrink(const Case& one, Finding& finding, std::vector<Call> calls, std::vector<Sent>& sent, Oracle& oracle) {
    Case again = one;
    again.seed.reset();
    const Finding sought = finding;
    const Shows shows = [&](const std::vector<Call>& fewer) {
      if (is_over()) return false;
      again.calls = fewer;
      Played tried = play_once(again, oracle, {});
      const auto found = std::find_if(tried.findings.begin(), tried.findings.end(),
                                      [&](const Finding& other) { return is_same_cause(other, sought); });
      if (found == tried.findings.end()) return false;
      finding = std::move(*found);
      sent = std::move(tried.sent);
      return true;
    };
    try {
      shrunk(std::move(calls), shows, shrink_tries(sought, options_.shrink_tries_max));
    } catch (const EnvironmentError&) {
      // The target or its hook is gone: what was found stays, and the next case will tell.
    }
  }

  /// Why it shows nothing that the case found nothing; "": it does. What is refused for its bounds has to be an operation
  /// that accepts something: as far as the contract knows, and where the target's state is unknown, there.
  std::string doubt(const Case& one, const Played& played) const {
    if (one.calls.empty() || !one.calls.front().about || played.exchanges.empty()) return "";
    if (!one.doubt.empty() || target_.is_known()) return one.doubt;
    constexpr int first_error = 400;
    const contract::Operation& operation = *one.calls.front().operation;
    const bool is_refused = played.exchanges.front().reply.response.status >= first_error;
    if (!is_refused || coverage_.has_succeeded(operation)) return "";
    return fmt::format("{} has accepted no request so far: a refusal shows nothing of this value", operation.id);
  }

  void record(const Case& one, Played played, int64_t microseconds) {
    if (played.outcome == Outcome::skipped || played.outcome == Outcome::inconclusive) {
      note_left_out(one, "", played.reason);
    } else if (played.outcome == Outcome::passed) {
      played.reason = doubt(one, played);
      if (!played.reason.empty()) {
        played.outcome = Outcome::inconclusive;
        note_left_out(one, one.check, played.reason);
      }
    }
    CaseResult result;
    result.name = one.name;
    result.summary = one.summary;
    result.outcome = played.outcome;
    result.reason = played.reason;
    result.exchanges = played.exchanges.size();
    result.retries = played.retries;
    result.microseconds = microseconds;
    result.where = one.where;
    result.foretold = played.foretold;
    for (const Exchange& exchange : played.exchanges) {
      if (!options_.keep_exchanges) break;
      const bool is_answered = exchange.reply.kind == Reply::Kind::answered;
      statuses_[exchange.operation].insert(is_answered ? exchange.reply.response.status : 0);
    }
    bool counts = false, is_known = false;
    for (Exchange& exchange : played.exchanges) exchange = in_part(std::move(exchange));
    for (Finding& finding : played.findings) {
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
    coverage_.add(played);
    if (!played.reason.empty()) coverage_.add_obstacle(one, played.reason);
    if (options_.keep_exchanges) keep(std::move(played.exchanges));
    report_.cases.push_back(result);
    if (options_.on_case) options_.on_case(result);
    if (options_.fail_fast && result.outcome == Outcome::failed) stopped_ = true;
  }

  void note_left_out(const Case& one, std::string_view check, const std::string& reason) {
    left_out_.push_back({operations_of(one), check, fmt::format("{}: {}", one.name, reason)});
  }

  /// What of the run could have shown this failure, and did not: "" where there is nothing.
  std::string why_undecided(const KnownFailure& entry) const {
    const std::string operation = entry.on.substr(0, entry.on.find('/'));
    const auto found = std::find_if(left_out_.begin(), left_out_.end(), [&](const LeftOut& one) {
      return (one.check.empty() || one.check == entry.check) && one.operations.contains(operation);
    });
    return found == left_out_.end() ? "" : "not decided: " + found->why;
  }

  /// A target that never answered, or where two operations in a row do not, is not there; one operation that does not is
  /// left alone from now on.
  void watch_answers(const std::vector<Silence>& exchanges) {
    for (const Silence& exchange : exchanges) {
      if (exchange.error.empty()) {
        has_answered_ = true;
        in_a_row_.clear();
        continue;
      }
      in_a_row_.push_back(exchange.operation);
      const auto of_it = static_cast<size_t>(std::count(in_a_row_.begin(), in_a_row_.end(), exchange.operation));
      const bool is_alone = of_it == in_a_row_.size();
      if (of_it >= unanswered_max) silent_.insert(exchange.operation);
      if (in_a_row_.size() >= unanswered_max && (!has_answered_ || !is_alone)) {
        throw EnvironmentError(fmt::format("{} requests in a row got no answer: {}", in_a_row_.size(), exchange.error));
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
    const auto why_not = [&](const KnownFailure& entry) {
      return is_whole ? why_undecided(entry) : std::string("not everything was played");
    };
    Unused unused = unused_entries(suite_.contract(), report_.findings, options_.known_failures, why_not);
    report_.stale = std::move(unused.stale);
    if (is_whole) report_.undecided = std::move(unused.undecided);
    if (options_.shards > 1) {
      const auto unseen = std::stable_partition(report_.stale.begin(), report_.stale.end(),
                                                [](const StaleKnown& entry) { return entry.problem != not_seen; });
      std::move(unseen, report_.stale.end(), std::back_inserter(report_.unseen));
      report_.stale.erase(unseen, report_.stale.end());
    }
    coverage_.write(report_);
    if (!options_.keep_exchanges) return;  // nobody will read it
    coverage_.write_unsendable(report_);
    join_same_answers(statuses_, report_);
  }

  const Suite& suite_;
  const std::vector<Case>& cases_;
  Target& target_;
  const RunOptions& options_;
  Coverage coverage_;
  Oracle oracle_;  ///< of the cases that are played one after the other
  std::mutex mutex_;
  Report report_;
  StatusesByOperation statuses_;
  std::atomic<bool> stopped_{false};
  bool has_answered_ = false;
  std::vector<std::string> in_a_row_;  ///< operations of the latest requests, none of which was answered
  std::set<std::string> silent_;       ///< operations that are left alone
  std::vector<LeftOut> left_out_;
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

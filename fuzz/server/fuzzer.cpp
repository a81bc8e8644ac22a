#include "fuzz/server/fuzzer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "conformance/checks/all.h"
#include "fuzz/server/danger.h"
#include "fuzz/server/raw_requests.h"

namespace counterpart::fuzz::server {

namespace {

using conformance::EnvironmentError;
using Clock = std::chrono::steady_clock;

constexpr size_t corpus_max = 4096;
constexpr size_t raw_one_in = 8, raw_one_in_at_first = 2;
constexpr size_t raw_shrink_tries_max = 60;
constexpr size_t raw_hang_tries_max = 8;
constexpr const char* answers_no_longer = "the target no longer answers";

class Fuzzer {
 public:
  Fuzzer(const conformance::Suite& suite, conformance::Target& target, RawSender* raw, const FuzzOptions& options)
      : suite_(suite),
        target_(target),
        raw_(raw),
        options_(options),
        session_(suite, target, options_.session),
        random_(options.seed) {}

  FuzzReport fuzz(const std::function<void(const FuzzProgress&)>& on_progress) {
    attempt([&] {
      target_.before_run();
      set_good();
      if (options_.raw) raw_requests_.emplace(good_, random_);
      while (!is_over()) {
        step();
        tell_findings();
        if (on_progress) on_progress(progress());
      }
    });
    attempt([&] { tell_findings(); });
    attempt([&] { target_.after_run(); });
    return take();
  }

  FuzzReport replay(const Replay& one) {
    attempt([&] {
      set_good();
      if (!one.sequence.empty()) {
        session_.play(one.sequence);
        session_.look_after();
      } else if (raw_ != nullptr) {
        play_raw({one.bytes, one.name});
      }
    });
    return take();
  }

 private:
  void attempt(const std::function<void()>& work) {
    try {
      work();
    } catch (const EnvironmentError& error) {
      if (report_.environment_error.empty()) report_.environment_error = error.what();
    }
  }

  void set_good() {
    if (raw_ != nullptr) good_ = good_request(suite_, raw_->url());
  }

  FuzzReport take() {
    const bool has_gone = session_.is_gone() && !options_.session.is_interrupted();
    if (has_gone && report_.environment_error.empty()) report_.environment_error = "the target did not come back";
    report_.found = session_.found();
    report_.progress = progress();
    report_.planned = session_.planned();
    report_.unsent = session_.unsent();
    report_.absences = session_.absences();
    report_.responses_met = session_.met().size();
    report_.never_accepted = session_.never_accepted();
    return std::move(report_);
  }

  int64_t since_start() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start_).count();
  }

  bool is_over() const {
    if (session_.is_gone() || (options_.fail_fast && !session_.found().empty())) return true;
    if (options_.session.is_interrupted()) return true;
    if (options_.requests_max > 0 && session_.requests() >= options_.requests_max) return true;
    return since_start() >= options_.time_max_ms;
  }

  FuzzProgress progress() const {
    return {session_.requests(),     sequences_,   report_.corpus.size(), session_.tuples_seen(),
            session_.found().size(), since_start()};
  }

  void tell_findings() {
    while (options_.on_found && told_ < session_.found().size()) {
      if (const std::string problem = options_.on_found(session_.found()[told_++]); !problem.empty()) {
        throw EnvironmentError(problem);
      }
    }
  }

  void step() {
    if (raw_requests_) {
      const size_t one_in = raw_requests_->is_first_time() ? raw_one_in_at_first : raw_one_in;
      if (++steps_ % one_in == 0) return play_raw(raw_requests_->next());
    }
    Sequence sequence = next();
    if (sequence.empty()) {
      ++empty_;
      constexpr size_t empty_max = 1000;
      if (empty_ > empty_max) throw EnvironmentError("the contract has no operation that may be called");
      return;
    }
    ++sequences_;
    if (session_.play(sequence) && report_.corpus.size() < corpus_max) report_.corpus.push_back(std::move(sequence));
  }

  Sequence next() {
    constexpr uint64_t anew_one_in = 3;
    auto& corpus = report_.corpus;
    const Generator& generator = session_.generator();
    while (replayed_ < options_.corpus.size() && turns_++ % 2 == 0) {
      Sequence sequence = options_.corpus[replayed_++];
      generator.make_safe(sequence);
      if (!sequence.empty()) return sequence;
    }
    if (corpus.empty() || random_.below(anew_one_in) == 0) return generator.make(session_.space(), random_);
    // Half the time among the newest: what was found last leads on.
    constexpr size_t newest = 16;
    const bool of_newest = random_.below(2) == 0;
    const size_t from = of_newest && corpus.size() > newest ? corpus.size() - newest : 0;
    const Sequence& one = corpus[from + random_.below(corpus.size() - from)];
    return generator.changed(one, corpus[random_.below(corpus.size())], session_.space(), random_);
  }

  RawSender::Outcome send_raw(std::string_view bytes) {
    constexpr size_t requests = 3;
    session_.count_requests(requests);
    RawSender::Outcome outcome = raw_->send(bytes, good_);
    if (outcome.problem != RawSender::no_connection) session_.note_there(!outcome.problem.empty());
    return outcome;
  }

  /// What is wrong with how the target takes these bytes, and what came.
  RawSender::Outcome judge_raw(std::string_view bytes) {
    RawSender::Outcome outcome = send_raw(bytes);
    const bool is_sent = outcome.problem != RawSender::no_connection;
    if (is_sent && !outcome.problem.empty()) return outcome;
    const size_t unexplained = session_.unexplained();
    const std::string wrong = session_.look();
    const bool was_away = is_sent && session_.unexplained() > unexplained;
    if (!is_sent && session_.is_gone() && !options_.session.is_interrupted()) session_.add_absence(wrong);
    if (!wrong.empty()) return {!is_sent || options_.session.is_interrupted() ? "" : answers_no_longer, wrong};
    if (outcome.beside == RawSender::Beside::ended && ends_others_again(bytes)) {
      return {"other connections ended with it, as in a crash", outcome.reply};
    }
    return {was_away ? "the target stopped taking connections for a while" : "", outcome.reply};
  }

  /// And what is good HTTP does not: it was no chance, and the server keeps more than one connection.
  bool ends_others_again(std::string_view bytes) {
    const bool does =
        send_raw(good_).beside == RawSender::Beside::kept && send_raw(bytes).beside == RawSender::Beside::ended;
    return session_.look().empty() && does;  // whatever came of it, the target is there again
  }

  bool may_send(std::string_view bytes) const {
    return options_.session.allow_destructive || !may_destroy(suite_, bytes);
  }

  void play_raw(const RawRequest& raw) {
    if (!may_send(raw.bytes)) return;
    const RawSender::Outcome outcome = judge_raw(raw.bytes);
    if (outcome.problem.empty()) return;
    Found found;
    found.requests = session_.requests();
    conformance::Finding& finding = found.finding;
    finding.check = conformance::checks::no_server_error.id;
    finding.subject = "raw bytes";
    finding.requirement = "What is no HTTP request is refused, or the connection is closed, and the server goes on";
    finding.message = fmt::format("{}: {}", raw.what, outcome.problem);
    finding.case_name = "fuzz";
    finding.expected = "a refusal (4xx), or an end of the connection; and then an answer to a good request";
    finding.actual = outcome.reply;
    const bool is_known = std::any_of(session_.found().begin(), session_.found().end(), [&](const Found& known) {
      return known.sent.empty() && known.finding.message == finding.message;
    });
    found.bytes = raw.bytes;
    if (!is_known && options_.session.shrink_tries_max > 0) shrink_raw(outcome, found);
    session_.add(std::move(found));
  }

  void shrink_raw(const RawSender::Outcome& outcome, Found& found) {
    const auto shows = [&](std::string_view bytes) {
      if (!may_send(bytes) || options_.session.is_interrupted() || session_.is_gone()) return false;
      // Of a target that answers no longer, any bytes would say so.
      if (outcome.problem == answers_no_longer && !session_.look().empty()) return false;
      return judge_raw(bytes).problem == outcome.problem;
    };
    found.shows_again = shows(found.bytes);
    const bool is_hang = outcome.problem.starts_with("neither");
    if (found.shows_again) {
      found.bytes = shrunk_bytes(found.bytes, shows, is_hang ? raw_hang_tries_max : raw_shrink_tries_max);
    }
    found.is_interrupted = options_.session.is_interrupted();
    found.is_gone = !found.shows_again && session_.is_gone();
  }

  const conformance::Suite& suite_;
  conformance::Target& target_;
  RawSender* const raw_;
  const FuzzOptions options_;
  Session session_;
  state::SeededRandom random_;
  FuzzReport report_;
  std::string good_;
  std::optional<RawRequests> raw_requests_;
  size_t steps_ = 0;
  size_t sequences_ = 0;
  size_t empty_ = 0;
  size_t turns_ = 0, replayed_ = 0;  ///< of the corpus of earlier runs
  size_t told_ = 0;                  ///< findings
  const Clock::time_point start_ = Clock::now();
};

}  // namespace

FuzzReport fuzz_server(const conformance::Suite& suite, conformance::Target& target, RawSender* raw,
                       const FuzzOptions& options, const std::function<void(const FuzzProgress&)>& on_progress) {
  return Fuzzer(suite, target, raw, options).fuzz(on_progress);
}

Replayed replay(const conformance::Suite& suite, conformance::Target& target, RawSender* raw,
                const FuzzOptions& options, const std::vector<Replay>& replays) {
  FuzzOptions once = options;
  once.session.shrink_tries_max = 0;
  Replayed replayed;
  const auto attempt = [&](const std::function<void()>& work) {
    try {
      work();
    } catch (const EnvironmentError& error) {
      if (replayed.environment_error.empty()) replayed.environment_error = error.what();
    }
  };
  attempt([&] {
    target.before_run();
    for (const Replay& one : replays) {
      if (once.session.is_interrupted()) break;
      FuzzReport report = Fuzzer(suite, target, raw, once).replay(one);
      replayed.found.push_back(std::move(report.found));
      if (!report.environment_error.empty()) throw EnvironmentError(report.environment_error);
    }
  });
  attempt([&] { target.after_run(); });
  return replayed;
}

}  // namespace counterpart::fuzz::server

#include "conformance/play.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "conformance/checks/all.h"
#include "conformance/identify.h"
#include "conformance/plan.h"
#include "conformance/readings.h"
#include "engine/document/json.h"
#include "engine/scenario/story.h"

namespace counterpart::conformance {

namespace {

int64_t real_now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

class Playing {
 public:
  Playing(const Suite& suite, const Case& one, Conversation& conversation, Oracle& oracle, const PlayOptions& options)
      : suite_(suite), case_(one), conversation_(conversation), oracle_(oracle), options_(options) {}

  Played run(const NextCall& next) {
    if (case_.scenario != nullptr) {
      play_scenario(*case_.scenario);
    } else if (!case_.calls.empty()) {
      for (const Call& call : case_.calls) {
        if (!perform(call)) break;
      }
    } else if (next) {
      while (auto call = next(oracle_)) {
        if (!perform(*std::move(call))) break;
      }
    }
    if (!played_.findings.empty()) played_.outcome = Outcome::failed;
    return std::move(played_);
  }

 private:
  /// What came of one request.
  struct Came {
    size_t exchange = 0;  ///< into Played::exchanges
    Json body;            ///< of the answer: JSON, or its text; null where no check needs it
    const contract::Response* got = nullptr;
    bool goes_on = true;  ///< the rest of the case still makes sense
  };

  // ------------------------------------------------------------------------------------------- calls

  bool perform(Call call) {
    call = oracle_.as_at_server(std::move(call));
    if (!call.tricks.empty()) return perform_with_tricks(call);
    const http::Request request = request_of(suite_, call);
    if (const std::string missing = suite_.missing_variable(request); !missing.empty()) {
      return stop(Outcome::skipped, fmt::format("the target does not define the variable {}", missing));
    }
    const std::string* credential = call.parts.credential ? &*call.parts.credential : nullptr;
    Expectation expectation;
    expectation.operation = call.operation;
    expectation.may_be_closed = options_.is_hostile && may_be_closed_on(request);
    auto before = call.bound.empty() && !expectation.may_be_closed ? nullptr : oracle_.copy();
    Prediction predicted = oracle_.predict(call, request);
    expectation.predicted = &predicted.answer;
    expectation.exact = oracle_.is_sure(credential);
    expect_prediction(call, expectation);
    expectation.refusal_suffices = expectation.refusal_suffices || expectation.may_be_closed;
    if (call.is_subject) expectation.check = case_.check;
    const Came came = exchange(std::move(call), request, expectation, predicted);
    if (was_closed(came, expectation)) {
      oracle_.restore(std::move(before));
      return false;
    }
    const bool goes_on = conclude(came, expectation, request);
    const bool was_refused = expectation.refusal_suffices && came.got == nullptr && goes_on;
    if (was_refused && before != nullptr) oracle_.restore(std::move(before));  // it may refuse, and then it did nothing
    return goes_on;
  }

  /// It is the answer that shows how the server reads the request.
  bool perform_with_tricks(const Call& call) {
    Readings readings(suite_, call, oracle_);
    if (const std::string missing = suite_.missing_variable(readings.sent()); !missing.empty()) {
      return stop(Outcome::skipped, fmt::format("the target does not define the variable {}", missing));
    }
    Came came = send(call, readings.sent(), false);
    const Reply& reply = exchange_of(came).reply;
    const bool answered = reply.kind == Reply::Kind::answered;
    const Json body = answered ? body_of(reply.response) : Json();
    Readings::Reading& reading = answered ? readings.choose(reply.response, body, oracle_) : readings.first();
    const Expectation& expectation = reading.expectation;
    weigh(came, expectation, reading.predicted);
    return !was_closed(came, expectation) && conclude(came, expectation, readings.sent());
  }

  /// What a document says of a value's bounds, it does not say of a value that is empty or there twice, or of what is no
  /// such body at all.
  static bool is_unsaid(std::string_view bound) {
    return bound == "empty" || bound == "repeated" || bound == "odd" || bound == "not JSON" ||
           bound == "another content type";
  }

  /// The connection was closed instead of an answer, and may be.
  bool was_closed(const Came& came, const Expectation& expectation) {
    return expectation.may_be_closed && exchange_of(came).reply.kind == Reply::Kind::broken;
  }

  /// The engine's answer is what must come, as far as it is sure.
  void expect_prediction(const Call& call, Expectation& expectation) const {
    const engine::Answer& predicted = *expectation.predicted;
    constexpr int first_error = 400;
    if (predicted.operation != nullptr && predicted.documented != nullptr) {
      // Another operation's answer: the request was made not to be the one that was meant.
      expectation.operation = predicted.operation;
      const int status = predicted.response.status;
      if (!expectation.exact && (status < first_error || options_.is_hostile)) return;
      expectation.responses.push_back(predicted.documented);
      const bool chosen =
          level_of(*predicted.operation, *predicted.documented, "status") == Level::assumed && status >= first_error;
      expectation.refusal_suffices = (chosen || is_unsaid(call.bound)) && options_.level == Level::documented;
      return;
    }
    expectation.exact = false;
    if (!call.method.empty()) {  // RFC 9110: 405; servers that do not know the method at all say 501, routers often 404
      expectation.statuses = {405, 501, 404};
    } else if (predicted.operation == nullptr) {
      expectation.refusal_suffices = true;
      expectation.statuses = {predicted.response.status};
    }
  }

  // ------------------------------------------------------------------------------------------- scenarios

  void play_scenario(const scenario::Scenario& scenario) {
    scenario::Story story(scenario, *suite_.engine, oracle_.space());
    for (const scenario::Step& step : scenario.steps) {
      try {
        if (!play_step(story, scenario, step)) return;
      } catch (const expression::Error& error) {
        if (!is_told()) {
          add_step_finding(step, fmt::format("the step cannot be judged: {}", error.what()), "", error.where());
        }
        return;
      }
    }
  }

  bool play_step(scenario::Story& story, const scenario::Scenario& scenario, const scenario::Step& step) {
    if (step.after_ms > 0) {
      if (const std::string why = conversation_.advance(step.after_ms); !why.empty()) {
        return stop(Outcome::skipped, why);
      }
      oracle_.advance(step.after_ms);
    }
    Call call;
    call.operation = step.operation;
    call.parts = story.parts(step);
    const http::Request request = request_of(suite_, call);
    if (const std::string missing = suite_.missing_variable(request); !missing.empty()) {
      return stop(Outcome::skipped,
                  fmt::format("line {}: the target does not define the variable {}", step.where.at.line, missing));
    }
    Expectation expectation;
    expectation.operation = step.operation;
    expectation.statuses = step.statuses;
    for (const std::string& name : step.responses) expectation.responses.push_back(step.operation->find_response(name));
    const std::string* credential = call.parts.credential ? &*call.parts.credential : nullptr;
    const bool gives_nothing = scenario.given_items.empty() && !scenario.clock_ms;
    const bool given_is_there = conversation_.has_given || gives_nothing;
    Prediction predicted = oracle_.predict(call, request);
    expectation.predicted = &predicted.answer;
    expectation.exact = oracle_.is_sure(credential) && given_is_there;
    const bool is_first = spoke_as_.insert(credential == nullptr ? "" : *credential).second;
    expectation.excuses = excuses_of(step, predicted.answer, !expectation.exact && (is_first || !given_is_there));
    const Came came = exchange(std::move(call), request, expectation, predicted);
    if (!conclude(came, expectation, request)) return false;
    if (std::find(expectation.excuses.begin(), expectation.excuses.end(), came.got) != expectation.excuses.end()) {
      return stop(Outcome::inconclusive,
                  fmt::format("line {}: the target is in no state in which {} is {}: it is {}", step.where.at.line,
                              step.operation->id, scenario::Story::expectation(step), came.got->name));
    }
    story.observe(exchange_of(came).reply.response);
    for (const scenario::Condition& condition : step.assume) {
      if (!story.holds(condition))
        return stop(Outcome::inconclusive, "the assumption does not hold: " + condition.text);
    }
    story.capture(step);
    return check_assertions(story, scenario, step);
  }

  /// What a right target may answer instead of what the step expects: what the contract itself answers, when earlier cases
  /// or a `given` that is not there have left another state; all that the operation documents, when the state is unknown.
  static std::vector<const contract::Response*> excuses_of(const scenario::Step& step, const engine::Answer& predicted,
                                                           bool is_unknown) {
    std::vector<const contract::Response*> excuses;
    const bool is_playable = predicted.operation != step.operation || scenario::Story::expects(step, predicted);
    for (const auto& response : step.operation->responses) {
      const bool is_excuse = is_unknown || (!is_playable && response.get() == predicted.documented);
      if (is_excuse && !scenario::Story::expects(step, *response)) excuses.push_back(response.get());
    }
    return excuses;
  }

  bool check_assertions(scenario::Story& story, const scenario::Scenario& scenario, const scenario::Step& step) {
    for (const scenario::Condition& condition : step.assertions) {
      if (!suite_.missing_variable(condition).empty() || story.holds(condition)) continue;
      if (is_told()) return false;
      add_step_finding(step, "this does not hold: " + condition.text, condition.text,
                       scenario.program.at(condition.expression).where);
      return false;
    }
    return true;
  }

  /// Whether the latest exchange has a finding already: then what does not hold of it has the same cause.
  bool is_told() const {
    return !played_.findings.empty() && played_.findings.back().exchanges.size() == played_.exchanges.size();
  }

  /// A finding that no check of the exchange alone can make: state-agrees.
  void add_step_finding(const scenario::Step& step, std::string message, std::string expected,
                        const document::Location& where) {
    const auto* response = step.responses.size() == 1 ? step.operation->find_response(step.responses[0]) : nullptr;
    const Check& check = checks::state_agrees;
    Finding finding;
    finding.check = check.id;
    finding.level = response == nullptr ? Level::documented : level_of(*step.operation, *response, "body");
    finding.subject = subject_of(*step.operation, response);
    finding.requirement = case_.summary.empty() ? std::string(check.sentence) : case_.summary;
    finding.expected = std::move(expected);
    finding.message = std::move(message);
    if (!played_.exchanges.empty()) {
      const Reply& reply = played_.exchanges.back().reply;
      finding.actual = fmt::format("status {}", reply.response.status);
      finding.actual_body = document::parse_json(reply.response.body);
      if (finding.actual_body) finding.actual = finding.actual_body->dump(2);
    }
    finding.where = place_of(where);
    add(std::move(finding));
  }

  // ------------------------------------------------------------------------------------------- judgement

  Exchange& exchange_of(const Came& came) { return played_.exchanges[came.exchange]; }

  Came exchange(Call call, const http::Request& request, const Expectation& expectation, Prediction& predicted) {
    const bool may_repeat = call.method.empty() && is_read(*expectation.operation);
    Came came = send(std::move(call), request, may_repeat);
    weigh(came, expectation, predicted);
    return came;
  }

  Came send(Call call, const http::Request& request, bool may_repeat) {
    Came came;
    came.exchange = played_.exchanges.size();
    Exchange& exchange = played_.exchanges.emplace_back();
    exchange.request = options_.keep_exchanges ? conversation_.as_sent(request) : request;
    exchange.at_ms = options_.keep_exchanges ? real_now_ms() : 0;
    exchange.reply = conversation_.send(request, may_repeat);
    played_.retries += exchange.reply.attempts > 1 ? 1 : 0;
    played_.sent.push_back({std::move(call), ""});
    if (options_.keep_exchanges) exchange.url = conversation_.url(request.target);
    return came;
  }

  /// Finds out what came, and judges it. `predicted` is the expectation's.
  void weigh(Came& came, const Expectation& expectation, Prediction& predicted) {
    Exchange& exchange = exchange_of(came);
    exchange.operation = expectation.operation->id;
    if (const auto* expected = expected_response(expectation)) exchange.expected = expected->name;
    tell_expectation(expectation, exchange.expected, played_.sent.back());
    if (exchange.reply.kind != Reply::Kind::answered) {
      unanswered(came, expectation);
      return;
    }
    identify(came, expectation, predicted);
    if (came.got != nullptr) exchange.got = came.got->name;
    const bool is_foretold = expectation.exact && came.got != nullptr && expectation.predicted->documented == came.got;
    played_.foretold += is_foretold ? 1 : 0;
    judge(came, expectation);
  }

  /// What was expected, as a step of a scenario can say it.
  static void tell_expectation(const Expectation& expectation, const std::string& expected, Sent& sent) {
    sent.expected = expected;
    sent.statuses = expectation.statuses;
    const bool is_its_own = expectation.operation == sent.call.operation;
    for (const contract::Response* response : expectation.responses) {
      if (is_its_own) {
        sent.any.push_back(response->name);
      } else {
        sent.statuses.push_back(response->status);
      }
    }
    if (!is_its_own) sent.expected.clear();
  }

  void unanswered(Came& came, const Expectation& expectation) {
    const Reply& reply = exchange_of(came).reply;
    if (reply.kind == Reply::Kind::unreachable) throw EnvironmentError(reply.error);
    came.goes_on = false;
    if (was_closed(came, expectation)) return;
    Violation violation;
    violation.says = "every request is answered";
    violation.message =
        reply.kind == Reply::Kind::timed_out ? "no answer came in time" : "what came is no HTTP response";
    violation.expected = "an answer";
    violation.actual = reply.error;
    violation.where = &expectation.operation->where;
    add(finding_of(checks::no_server_error, std::move(violation), expectation, nullptr));
  }

  void identify(Came& came, const Expectation& expectation, Prediction& predicted) {
    const http::Response& response = exchange_of(came).reply.response;
    if (predicted.other && predicted.answer.response.status == response.status) {
      const auto* got = identified(*suite_.shapes, expectation, response.status, body_of(response));
      oracle_.settle(predicted, response, got != nullptr && got == predicted.answer.documented);
    }
    is_identical_ = is_as_predicted(expectation, response);
    if (!is_identical_ || case_.check == checks::repeatable.id) came.body = body_of(response);
    came.got = is_identical_ ? expectation.predicted->documented
                             : identified(*suite_.shapes, expectation, response.status, came.body);
  }

  static Json body_of(const http::Response& response) {
    auto parsed = document::parse_json(response.body);
    return parsed ? *std::move(parsed) : Json(response.body);
  }

  void judge(Came& came, const Expectation& expectation) {
    Judged judged{suite_, exchange_of(came), expectation, came.got, &came.body, nullptr, nullptr};
    if (case_.check == checks::repeatable.id && first_) {
      judged.first = &exchange_of(*first_);
      judged.first_body = &first_->body;
    }
    for (const Check& check : all_checks()) {
      if (check.judge == nullptr || (is_identical_ && check.judges_bodies)) continue;
      auto violation = check.judge(judged);
      if (!violation) continue;
      const bool leads_astray = check.ends && !check.judges_bodies;
      came.goes_on = came.goes_on && !leads_astray && check.id != checks::state_agrees.id;
      add(finding_of(check, *std::move(violation), expectation, came.got));
      if (check.ends) break;
    }
    if (case_.check == checks::repeatable.id && !first_) first_ = came;
  }

  /// After the judgement: what was met, what was learned. Whether the case goes on. `request` is the contract's.
  bool conclude(const Came& came, const Expectation& expectation, const http::Request& request) {
    const Exchange& exchange = exchange_of(came);
    if (exchange.reply.kind != Reply::Kind::answered || !came.goes_on) {
      oracle_.lose();
      // A choice of the contract's author that the target does not share must not hide what the documents say.
      const bool only_assumed = options_.level == Level::documented && case_.scenario != nullptr &&
                                !played_.findings.empty() && played_.findings.back().level == Level::assumed;
      return (only_assumed || counts_nothing(came)) && exchange.reply.kind == Reply::Kind::answered;
    }
    if (came.got != nullptr) played_.met.emplace_back(expectation.operation, came.got);
    if (!is_identical_ && expectation.operation->observe) {
      oracle_.learn(played_.sent.back().call, request, *expectation.operation, exchange.reply.response);
    }
    return true;
  }

  /// Whether what was found in a hostile case is nothing that counts: then it must not hide what comes after.
  bool counts_nothing(const Came& came) const {
    const auto counts = [&](const Finding& finding) {
      const bool is_of_this = finding.exchanges.size() == came.exchange + 1;
      const bool is_assumed = options_.level == Level::documented && finding.level == Level::assumed;
      return is_of_this && !is_assumed;
    };
    return options_.is_hostile && std::none_of(played_.findings.begin(), played_.findings.end(), counts);
  }

  Finding finding_of(const Check& check, Violation violation, const Expectation& expectation,
                     const contract::Response* got) const {
    const bool says_what_came = check.id == checks::documented_response.id || check.id == checks::documented_status.id;
    const Check& named = says_what_came && !expectation.check.empty() ? *find_check(expectation.check) : check;
    Finding finding;
    finding.check = named.id;
    finding.level = violation.level;
    const contract::Response* expected = expected_response(expectation);
    finding.subject = subject_of(*expectation.operation, says_what_came ? expected : got != nullptr ? got : expected);
    finding.requirement = fmt::format("{}: {}", named.sentence, violation.says);
    finding.message = std::move(violation.message);
    if (!expectation.check.empty() && says_what_came) finding.message = case_.summary + ": " + finding.message;
    finding.expected = std::move(violation.expected);
    finding.actual = std::move(violation.actual);
    const bool is_small =
        !played_.exchanges.empty() && played_.exchanges.back().reply.response.body.size() <= Report::body_bytes_max;
    if (is_small) {
      finding.expected_body = std::move(violation.expected_body);
      finding.actual_body = std::move(violation.actual_body);
    }
    if (violation.where != nullptr) finding.where = place_of(*violation.where);
    return finding;
  }

  void add(Finding finding) {
    finding.case_name = case_.name;
    for (const Exchange& exchange : played_.exchanges) finding.exchanges.push_back(in_part(exchange));
    played_.findings.push_back(std::move(finding));
  }

  bool stop(Outcome outcome, std::string reason) {
    played_.outcome = outcome;
    played_.reason = std::move(reason);
    return false;
  }

  const Suite& suite_;
  const Case& case_;
  Conversation& conversation_;
  Oracle& oracle_;
  const PlayOptions options_;
  Played played_;
  bool is_identical_ = false;       ///< the latest answer is the predicted one, byte for byte
  std::optional<Came> first_;       ///< repeatable: the first answer
  std::set<std::string> spoke_as_;  ///< credentials of the scenario's steps so far
};

}  // namespace

Played play(const Suite& suite, const Case& one, Conversation& conversation, Oracle& oracle, const PlayOptions& options,
            const NextCall& next) {
  return Playing(suite, one, conversation, oracle, options).run(next);
}

}  // namespace counterpart::conformance

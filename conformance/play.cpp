#include "conformance/play.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conformance/judging.h"
#include "conformance/plan.h"
#include "conformance/readings.h"
#include "engine/scenario/story.h"

namespace counterpart::conformance {

namespace {

class Playing {
 public:
  Playing(const Suite& suite, const Case& one, Conversation& conversation, Oracle& oracle, const PlayOptions& options)
      : suite_(suite),
        case_(one),
        conversation_(conversation),
        oracle_(oracle),
        options_(options),
        judging_(suite, one, conversation, oracle, options, played_) {}

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
    const Judging::Came came = judging_.exchange(std::move(call), request, expectation, predicted);
    if (judging_.was_closed(came, expectation)) {
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
    Judging::Came came = judging_.send(call, readings.sent(), false);
    const Reply& reply = judging_.exchange_of(came).reply;
    const bool answered = reply.kind == Reply::Kind::answered;
    const Json body = answered ? body_of(reply.response) : Json();
    Readings::Reading& reading = answered ? readings.choose(reply.response, body, oracle_) : readings.first();
    const Expectation& expectation = reading.expectation;
    judging_.weigh(came, expectation, reading.predicted);
    return !judging_.was_closed(came, expectation) && conclude(came, expectation, readings.sent());
  }

  /// What a document says of a value's bounds, it does not say of a value that is empty or there twice, or of what is no
  /// such body at all.
  static bool is_unsaid(std::string_view bound) {
    return bound == "empty" || bound == "repeated" || bound == "odd" || bound == "not JSON" ||
           bound == "another content type";
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
        if (!judging_.is_told()) {
          judging_.add_step_finding(step, fmt::format("the step cannot be judged: {}", error.what()), "",
                                    error.where());
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
    const Judging::Came came = judging_.exchange(std::move(call), request, expectation, predicted);
    if (!conclude(came, expectation, request)) return false;
    if (std::find(expectation.excuses.begin(), expectation.excuses.end(), came.got) != expectation.excuses.end()) {
      return stop(Outcome::inconclusive,
                  fmt::format("line {}: the target is in no state in which {} is {}: it is {}", step.where.at.line,
                              step.operation->id, scenario::Story::expectation(step), came.got->name));
    }
    story.observe(judging_.exchange_of(came).reply.response);
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
      if (judging_.is_told()) return false;
      judging_.add_step_finding(step, "this does not hold: " + condition.text, condition.text,
                                scenario.program.at(condition.expression).where);
      return false;
    }
    return true;
  }

  /// After the judgement: what was met, what was learned. Whether the case goes on. `request` is the contract's.
  bool conclude(const Judging::Came& came, const Expectation& expectation, const http::Request& request) {
    const Exchange& exchange = judging_.exchange_of(came);
    if (exchange.reply.kind != Reply::Kind::answered || !came.goes_on) {
      oracle_.lose();
      // A choice of the contract's author that the target does not share must not hide what the documents say.
      const bool only_assumed = options_.level == Level::documented && case_.scenario != nullptr &&
                                !played_.findings.empty() && played_.findings.back().level == Level::assumed;
      return (only_assumed || judging_.counts_nothing(came)) && exchange.reply.kind == Reply::Kind::answered;
    }
    if (came.got != nullptr) played_.met.emplace_back(expectation.operation, came.got);
    if (!judging_.is_identical() && expectation.operation->observe) {
      oracle_.learn(played_.sent.back().call, request, *expectation.operation, exchange.reply.response, came.body);
    }
    return true;
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
  Judging judging_;
  std::set<std::string> spoke_as_;  ///< credentials of the scenario's steps so far
};

}  // namespace

Played play(const Suite& suite, const Case& one, Conversation& conversation, Oracle& oracle, const PlayOptions& options,
            const NextCall& next) {
  return Playing(suite, one, conversation, oracle, options).run(next);
}

}  // namespace counterpart::conformance

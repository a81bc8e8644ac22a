#include "conformance/judging.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "conformance/checks/all.h"
#include "conformance/identify.h"
#include "conformance/plan.h"
#include "engine/document/json.h"

namespace counterpart::conformance {

namespace {

int64_t real_now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

/// What was expected, as a step of a scenario can say it.
void tell_expectation(const Expectation& expectation, const std::string& expected, Sent& sent) {
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

}  // namespace

Json body_of(const http::Response& response) {
  auto parsed = document::parse_json(response.body);
  return parsed ? *std::move(parsed) : Json(response.body);
}

Judging::Came Judging::exchange(Call call, const http::Request& request, const Expectation& expectation,
                                Prediction& predicted) {
  const bool may_repeat = call.method.empty() && is_read(*expectation.operation);
  Came came = send(std::move(call), request, may_repeat);
  weigh(came, expectation, predicted);
  return came;
}

Judging::Came Judging::send(Call call, const http::Request& request, bool may_repeat) {
  Came came;
  came.exchange = into_.exchanges.size();
  Exchange& exchange = into_.exchanges.emplace_back();
  exchange.request = options_.keep_exchanges ? conversation_.as_sent(request) : request;
  exchange.at_ms = options_.keep_exchanges ? real_now_ms() : 0;
  exchange.reply = conversation_.send(request, may_repeat);
  into_.retries += exchange.reply.attempts > 1 ? 1 : 0;
  into_.sent.push_back({std::move(call), ""});
  if (options_.keep_exchanges) exchange.url = conversation_.url(request.target);
  return came;
}

void Judging::weigh(Came& came, const Expectation& expectation, Prediction& predicted) {
  Exchange& exchange = into_.exchanges[came.exchange];
  exchange.operation = expectation.operation->id;
  if (const auto* expected = expected_response(expectation)) exchange.expected = expected->name;
  tell_expectation(expectation, exchange.expected, into_.sent.back());
  if (exchange.reply.kind != Reply::Kind::answered) {
    unanswered(came, expectation);
    return;
  }
  identify(came, expectation, predicted);
  if (came.got != nullptr) exchange.got = came.got->name;
  const bool is_foretold = expectation.exact && came.got != nullptr && expectation.predicted->documented == came.got;
  into_.foretold += is_foretold ? 1 : 0;
  judge(came, expectation);
}

bool Judging::was_closed(const Came& came, const Expectation& expectation) const {
  return expectation.may_be_closed && exchange_of(came).reply.kind == Reply::Kind::broken;
}

void Judging::unanswered(Came& came, const Expectation& expectation) {
  const Reply& reply = exchange_of(came).reply;
  if (reply.kind == Reply::Kind::unreachable) throw EnvironmentError(reply.error);
  came.goes_on = false;
  if (was_closed(came, expectation)) return;
  Violation violation;
  violation.says = "every request is answered";
  violation.message = reply.kind == Reply::Kind::timed_out ? "no answer came in time" : "what came is no HTTP response";
  violation.expected = "an answer";
  violation.actual = reply.error;
  violation.where = &expectation.operation->where;
  add(finding_of(checks::no_server_error, std::move(violation), expectation, nullptr));
}

void Judging::identify(Came& came, const Expectation& expectation, Prediction& predicted) {
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

void Judging::judge(Came& came, const Expectation& expectation) {
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

bool Judging::counts_nothing(const Came& came) const {
  const auto counts = [&](const Finding& finding) {
    const bool is_of_this = finding.exchanges.size() == came.exchange + 1;
    const bool is_assumed = options_.level == Level::documented && finding.level == Level::assumed;
    return is_of_this && !is_assumed;
  };
  return options_.is_hostile && std::none_of(into_.findings.begin(), into_.findings.end(), counts);
}

bool Judging::is_told() const {
  return !into_.findings.empty() && into_.findings.back().exchanges.size() == into_.exchanges.size();
}

void Judging::add_step_finding(const scenario::Step& step, std::string message, std::string expected,
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
  if (!into_.exchanges.empty()) {
    const Reply& reply = into_.exchanges.back().reply;
    finding.actual = fmt::format("status {}", reply.response.status);
    finding.actual_body = document::parse_json(reply.response.body);
    if (finding.actual_body) finding.actual = finding.actual_body->dump(2);
  }
  finding.where = place_of(where);
  add(std::move(finding));
}

Finding Judging::finding_of(const Check& check, Violation violation, const Expectation& expectation,
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
      !into_.exchanges.empty() && into_.exchanges.back().reply.response.body.size() <= Report::body_bytes_max;
  if (is_small) {
    finding.expected_body = std::move(violation.expected_body);
    finding.actual_body = std::move(violation.actual_body);
  }
  if (violation.where != nullptr) finding.where = place_of(*violation.where);
  return finding;
}

void Judging::add(Finding finding) {
  finding.case_name = case_.name;
  for (const Exchange& exchange : into_.exchanges) finding.exchanges.push_back(in_part(exchange));
  into_.findings.push_back(std::move(finding));
}

}  // namespace counterpart::conformance

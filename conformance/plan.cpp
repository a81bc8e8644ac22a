#include "conformance/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/bodies.h"
#include "conformance/check.h"
#include "conformance/oracle.h"
#include "conformance/values.h"

namespace counterpart::conformance {

using contract::Operation;
using contract::Parameter;

bool is_read(const Operation& operation) {
  return (operation.method == "GET" || operation.method == "HEAD") && !operation.changes_state() &&
         !operation.destructive;
}

bool carries_credential(const Suite& suite, const Operation& operation, const Parameter& parameter) {
  if (operation.security.empty()) return false;
  const auto& scheme = suite.contract().security[operation.security[0]];
  return scheme.kind == contract::SecurityScheme::Kind::api_key && scheme.in == parameter.in &&
         scheme.parameter == parameter.name;
}

http::Request request_of(const Suite& suite, const Call& call) {
  http::Request request = plain_request_of(suite, call);
  for (const Trick& trick : call.tricks) lay_over(trick, request);
  return request;
}

http::Request plain_request_of(const Suite& suite, const Call& call) {
  http::Request request = contract::build_request(suite.contract(), *call.operation, call.parts);
  if (!call.method.empty()) request.method = call.method;
  if (call.raw_body) {
    request.body = call.raw_body->text;
    request.headers.set("Content-Type", call.raw_body->content_type);
  }
  return request;
}

Json* find_value(Call& call, std::string_view parameter) {
  for (auto& [name, value] : call.parts.parameters) {
    if (name == parameter) return &value;
  }
  return nullptr;
}

namespace {

constexpr int first_error = 400;

/// A call with the default credential and what is required, drawn without knowledge of the contract's world.
Call draft_base_call(const Suite& suite, const Operation& operation) {
  Call call;
  call.operation = &operation;
  if (!operation.security.empty()) {
    for (const Credential& credential : suite.credentials) {
      if (credential.is_default && credential.scheme == operation.security[0]) call.parts.credential = credential.value;
    }
  }
  state::SeededRandom random(1);
  for (const Parameter& parameter : operation.parameters) {
    if (!parameter.required || parameter.literal || carries_credential(suite, operation, parameter)) continue;
    call.parts.parameters.emplace_back(parameter.name, legal_value(parameter, {}, random));
  }
  call.parts.body = legal_body(operation, {}, false, random);
  return call;
}

/// The required values of a call that a text or a number of the contract's world may be meant for.
std::vector<Json*> open_values(Call& call) {
  std::vector<Json*> values;
  for (auto& [name, value] : call.parts.parameters) {
    if (!value.is_boolean()) values.push_back(&value);
  }
  if (!call.parts.body) return values;
  for (const std::string& member : open_members(*call.operation, *call.parts.body)) {
    values.push_back(&(*call.parts.body)[Json::json_pointer(member)]);
  }
  return values;
}

Call make_base_call(const Suite& suite, const Operation& operation, const std::vector<Json>& known) {
  Call call = draft_base_call(suite, operation);
  const Oracle oracle(suite, true);
  const auto succeeds = [&] {
    if (call.parts.body && !fits_body(operation, *call.parts.body)) return false;
    const auto answer = oracle.foresee(request_of(suite, call));
    return answer.operation == &operation && answer.is_documented && answer.response.status < 300;
  };
  const std::vector<Json*> open = open_values(call);
  if (open.empty() || succeeds()) return call;
  constexpr size_t tries_max = 2000;
  size_t tries = 0;
  for (Json* value : open) {
    const Json before = *value;
    for (const Json& candidate : known) {
      if (++tries > tries_max) break;
      *value = candidate;
      if (succeeds()) return call;
    }
    *value = before;
  }
  return call;
}

}  // namespace

void make_base_calls(Suite& suite) {
  const std::vector<Json> known = known_values(suite, *suite.initial);
  const Oracle oracle(suite, true);
  for (const Operation& operation : suite.contract().operations) {
    suite.base_calls.push_back(make_base_call(suite, operation, known));
    const auto answer = oracle.foresee(request_of(suite, suite.base_calls.back()));
    const bool is_accepted = answer.operation == &operation && answer.response.status < first_error;
    suite.base_refusals.push_back({!is_accepted, answer.documented});
  }
}

std::string doubt_of(const Suite& suite, const Call& call) {
  const Suite::Refusal& refusal = suite.base_refusals[suite.contract().index_of(*call.operation)];
  if (!refusal.is_refused) return "";
  const auto answer = Oracle(suite, true).foresee(request_of(suite, call));
  if (answer.documented != refusal.answer) return "";
  const auto& security = call.operation->security;
  const bool is_known = security.empty() || std::any_of(suite.credentials.begin(), suite.credentials.end(),
                                                        [&](const auto& one) { return one.scheme == security[0]; });
  if (!is_known) {
    return fmt::format(
        "no credential of the scheme {} is known, so no request that {} accepts: a refusal shows nothing",
        suite.contract().security[security[0]].name, call.operation->id);
  }
  return fmt::format("no request is known that {} accepts: a refusal shows nothing of this value", call.operation->id);
}

Case case_of(const Suite& suite, const Operation& operation, std::string_view check, std::string_view what,
             std::string summary, Call call, const document::Location& where) {
  Case one;
  one.name = fmt::format("{}/{}{}{}", operation.id, check, what.empty() ? "" : "/", what);
  one.summary = std::move(summary);
  one.destructive = operation.destructive;
  one.where = place_of(where);
  one.calls.push_back(std::move(call));
  if (!is_read(operation)) add_looks(suite, std::nullopt, one.calls);
  return one;
}

void add_looks(const Suite& suite, const std::optional<std::string>& credential, std::vector<Call>& calls) {
  for (const Operation& operation : suite.contract().operations) {
    if (!is_read(operation) || !operation.undocumented.empty()) continue;
    Call call = suite.base_call(operation);
    if (credential && !operation.security.empty()) call.parts.credential = credential;
    call.is_subject = false;
    calls.push_back(std::move(call));
  }
}

namespace {

void add_scenarios(const Suite& suite, std::vector<Case>& cases) {
  for (const auto& scenario : suite.scenarios) {
    if (scenario->steps.empty()) continue;
    Case one;
    one.name = "scenario/" + scenario->name;
    one.summary = scenario->summary;
    one.scenario = scenario.get();
    one.parallel = scenario->parallel;
    one.destructive = std::find(scenario->tags.begin(), scenario->tags.end(), "destructive") != scenario->tags.end() ||
                      std::any_of(scenario->steps.begin(), scenario->steps.end(),
                                  [](const auto& step) { return step.operation->destructive; });
    one.where = place_of(scenario->where);
    cases.push_back(std::move(one));
  }
}

}  // namespace

std::vector<Case> plan(const Suite& suite, const PlanOptions& options) {
  std::vector<Case> cases;
  add_scenarios(suite, cases);
  for (const Check& check : all_checks()) {
    if (check.plan == nullptr) continue;
    const size_t before = cases.size();
    check.plan(suite, cases);
    for (size_t i = before; i < cases.size(); ++i) cases[i].check = check.id;
  }
  state::SeededRandom random(options.seed);
  for (size_t i = 0; i < options.generate; ++i) {
    Case one;
    one.name = fmt::format("generated/{}", i + 1);
    one.summary = "A generated sequence of requests";
    one.seed = random.next();
    one.where = {suite.contract().source->name, 1, 1};
    cases.push_back(std::move(one));
  }
  const auto rank = [](const Case& one) { return one.destructive ? 2 : one.parallel ? 0 : 1; };
  std::stable_sort(cases.begin(), cases.end(), [&](const Case& a, const Case& b) { return rank(a) < rank(b); });
  return cases;
}

}  // namespace counterpart::conformance

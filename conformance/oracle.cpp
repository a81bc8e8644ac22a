#include "conformance/oracle.h"

#include <algorithm>

#include "conformance/plan.h"
#include "conformance/values.h"
#include "engine/document/json.h"
#include "engine/response_value.h"
#include "engine/scenario/given.h"

namespace counterpart::conformance {

namespace {

constexpr uint64_t seed = 0;  // what depends on chance is not compared, or drawn by a target of the same seed
constexpr uint64_t seed_of_other = 1;

/// That goes on drawing where the other is.
std::unique_ptr<state::Space> copy_of(const state::Space& space, uint64_t with_seed = seed) {
  auto copy = space.fork(std::make_unique<state::VirtualClock>(space.clock->now_ms()), with_seed);
  copy->random.resume(space.random.drawn());
  return copy;
}

Oracle::World initial_world(const Suite& suite) {
  return {copy_of(*suite.initial), suite.initial_other ? copy_of(*suite.initial_other, seed_of_other) : nullptr};
}

/// The second world's client is at another address: then a URL of the server itself is made up as well.
void move_away(http::Request& request) { request.headers.set("Host", "elsewhere"); }

Json body_of(const std::string& text) {
  auto parsed = document::parse_json(text);
  return parsed ? *std::move(parsed) : Json(text);
}

}  // namespace

Oracle::Oracle(const Suite& suite, bool known) : suite_(suite), known_(known), world_(initial_world(suite)) {}

void Oracle::restart(const scenario::Scenario* given) {
  world_ = initial_world(suite_);
  aliases_.clear();
  learned_.clear();
  observed_.clear();
  known_ = true;
  if (given == nullptr) return;
  document::Diagnostics unused;  // the suite's scenarios are valid
  if (given->clock_ms) world_.space->clock->set(*given->clock_ms);
  scenario::apply_given(*given, *suite_.engine, *world_.space, unused);
  if (world_.other == nullptr) return;
  if (given->clock_ms) world_.other->clock->set(*given->clock_ms + Aliases::clock_ahead_ms);
  scenario::apply_given(*given, *suite_.engine, *world_.other, unused);
}

std::unique_ptr<Oracle::World> Oracle::copy() const {
  World copy{copy_of(*world_.space), world_.other ? copy_of(*world_.other, seed_of_other) : nullptr};
  return std::make_unique<World>(std::move(copy));
}

void Oracle::lose() {
  known_ = false;
  learned_.clear();
  observed_.clear();
}

void Oracle::advance(int64_t ms) {
  world_.space->clock->advance(ms);
  if (world_.other) world_.other->clock->advance(ms);
}

engine::Answer Oracle::answer(const http::Request& request) { return suite_.engine->answer(request, *world_.space); }

Prediction Oracle::predict(const Call& call, const http::Request& request) {
  if (!makes_values_up()) return {answer(request), std::nullopt};
  return predict(request_of(suite_, as_in(Aliases::World::first, call)),
                 request_of(suite_, as_in(Aliases::World::second, call)));
}

Prediction Oracle::predict(const http::Request& first, const http::Request& second) {
  Prediction prediction{{}, std::nullopt};
  if (makes_values_up()) advance(1);  // so that no two requests come at the same time
  prediction.answer = answer(first);
  if (!makes_values_up()) return prediction;
  http::Request moved = second;
  move_away(moved);
  engine::Answer other = suite_.engine->answer(moved, *world_.other);
  if (other.documented == prediction.answer.documented && other.response.status == prediction.answer.response.status) {
    prediction.other = std::move(other.response);
  } else {  // chance has it how this is answered
    lose();
    const int64_t now = world_.space->clock->now_ms() + Aliases::clock_ahead_ms;
    world_.other = world_.space->fork(std::make_unique<state::VirtualClock>(now), seed_of_other);
    world_.other->random.resume(world_.space->random.drawn());
  }
  return prediction;
}

void Oracle::settle(Prediction& prediction, const http::Response& came, bool learns) {
  if (!prediction.other) return;
  http::Response& due = prediction.answer.response;
  const auto* operation = prediction.answer.operation;
  if (learns) aliases_.begin_exchange(operation != nullptr && operation->changes_state());
  if (due.body != prediction.other->body) {
    const Json first = body_of(due.body), second = body_of(prediction.other->body), body = body_of(came.body);
    const Json settled = aliases_.settled(first, second, &body, learns);
    due.body = settled.is_string() && first.is_string() ? settled.get<std::string>() : document::write_json(settled);
  }
  http::Headers headers;
  for (const http::Header& field : due.headers) {
    const std::string* other = prediction.other->headers.find(field.name);
    const std::string* sent = came.headers.find(field.name);
    std::string value = field.value;
    if (other != nullptr && *other != value) {
      const Json there = sent == nullptr ? Json() : Json(*sent);
      value = aliases_.settled(value, *other, sent == nullptr ? nullptr : &there, learns).get<std::string>();
    }
    headers.add(field.name, std::move(value));
  }
  due.headers = std::move(headers);
}

std::vector<Json> Oracle::known_values() const {
  std::vector<Json> values = conformance::known_values(suite_, *world_.space);
  if (!makes_values_up()) return values;
  const std::vector<Json> others = conformance::known_values(suite_, *world_.other);
  std::vector<Json> known;
  for (Json& value : values) {
    if (std::find(others.begin(), others.end(), value) != others.end()) {
      known.push_back(std::move(value));
    } else if (const Json* chosen = aliases_.chosen_for(value)) {
      known.push_back(*chosen);
    }
  }
  return known;
}

engine::Answer Oracle::foresee(const http::Request& request) const {
  const auto copy = copy_of(*world_.space);
  return suite_.engine->answer(request, *copy);
}

bool Oracle::is_sure(const std::string* credential) const {
  return !is_shared_ && (known_ || (credential != nullptr && learned_.contains(*credential)));
}

/// `observe` sees the answer in the words of that world.
bool Oracle::observe(Aliases::World world, const Call& call, const http::Request& request,
                     const http::Response& response, const Json& body, state::Space& space) const {
  if (!makes_values_up()) return suite_.engine->observe(request, engine::response_value(response, body), space);
  return suite_.engine->observe(request_of(suite_, as_in(world, call)),
                                engine::response_value(response, aliases_.as_in(world, body)), space);
}

void Oracle::learn(const Call& call, const http::Request& request, const contract::Operation& operation,
                   const http::Response& response, const Json& body) {
  if (!operation.observe) return;
  // Where `observe` stores what the server chose, nothing is made up any more.
  if (operation.changes_state()) aliases_.forget_exchange();
  bool shows_the_state = false;
  try {
    shows_the_state = observe(Aliases::World::first, call, request, response, body, *world_.space);
    if (world_.other) observe(Aliases::World::second, call, request, response, body, *world_.other);
  } catch (const expression::Error&) {
    return;  // an answer that `observe` was not made for teaches nothing
  }
  const auto& credential = call.parts.credential;
  if (!credential) return;
  if (shows_the_state) observed_.insert(*credential);
  // Before that a refusal, say, or one page of many, may be as predicted whatever the state is.
  if (!observed_.contains(*credential) || known_ || operation.changes_state()) return;
  const auto there = copy();
  std::swap(world_, *there);
  Prediction now = predict(call, request);
  std::swap(world_, *there);
  if (now.answer.documented == nullptr || now.answer.response.status != response.status) return;
  settle(now, response, false);
  const auto predicted = document::parse_json(now.answer.response.body);
  if (!predicted) return;
  if (!suite_.shapes->of(*now.answer.documented).disagreement(*predicted, body)) learned_.insert(*credential);
}

}  // namespace counterpart::conformance

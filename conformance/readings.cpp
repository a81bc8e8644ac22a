#include "conformance/readings.h"

#include <algorithm>

#include "conformance/identify.h"
#include "conformance/plan.h"
#include "engine/document/json.h"

namespace counterpart::conformance {

namespace {

constexpr int first_redirect = 300;

/// What a server may answer to tricks besides any 4xx, whatever the contract says of the plain request.
std::vector<int> tolerated_for(const std::vector<Trick>& tricks) {
  std::vector<int> statuses{301, 302, 303, 304, 307, 308};
  for (const Trick& trick : tricks) {
    if (trick.kind == Trick::Kind::method) {
      statuses.push_back(501);
      if (trick.text == "OPTIONS" || trick.text == "TRACE") statuses.insert(statuses.end(), {200, 204});
    }
    if (trick.kind == Trick::Kind::header && http::equal_ignoring_case(trick.name, "Range")) statuses.push_back(206);
  }
  return statuses;
}

}  // namespace

Readings::Readings(const Suite& suite, const Call& call, Oracle& oracle) : suite_(suite), call_(call) {
  requests_ = ways_to_read(plain_request_of(suite, call), call.tricks);
  all_.reserve(requests_.size());
  for (size_t way = 0; way < requests_.size(); ++way) {
    Reading& reading = all_.emplace_back();
    auto start = oracle.copy();
    reading.predicted = predict(way, oracle);
    reading.after = oracle.copy();
    oracle.restore(std::move(start));
  }
  const bool is_sure = oracle.is_sure(call.parts.credential ? &*call.parts.credential : nullptr);
  for (Reading& reading : all_) expect(reading, is_sure);
}

/// Tricks are laid over the request as each of the oracle's worlds has to be asked.
Prediction Readings::predict(size_t way, Oracle& oracle) const {
  if (!oracle.makes_values_up()) return oracle.predict(call_, requests_[way]);
  const auto in = [&](Aliases::World world) {
    auto requests = ways_to_read(plain_request_of(suite_, oracle.as_in(world, call_)), call_.tricks);
    return way < requests.size() ? std::move(requests[way]) : requests_[way];
  };
  return oracle.predict(in(Aliases::World::first), in(Aliases::World::second));
}

void Readings::expect(Reading& reading, bool is_sure) const {
  const engine::Answer& predicted = reading.predicted.answer;
  Expectation& expectation = reading.expectation;
  expectation.predicted = &predicted;
  expectation.operation = predicted.operation == nullptr ? call_.operation : predicted.operation;
  expectation.refusal_suffices = true;
  expectation.tolerated = tolerated_for(call_.tricks);
  expectation.may_be_closed = may_be_closed_on(requests_[0]);
  if (predicted.documented == nullptr) {
    expectation.statuses.push_back(predicted.response.status);
  } else if (is_sure) {
    expectation.exact = true;
    expectation.responses.push_back(predicted.documented);
  } else {
    for (const auto& response : predicted.operation->responses) expectation.responses.push_back(response.get());
  }
}

bool Readings::fits(const Reading& reading, const http::Response& response, const Json& body, Oracle& oracle) const {
  const Expectation& expectation = reading.expectation;
  if (is_as_predicted(expectation, response)) return true;
  const engine::Answer& due = reading.predicted.answer;
  if (due.documented == nullptr) return response.status == due.response.status;
  const contract::Response* got = identified(*suite_.shapes, expectation, response.status, body);
  if (got == nullptr ||
      std::find(expectation.responses.begin(), expectation.responses.end(), got) == expectation.responses.end()) {
    return false;
  }
  if (!expectation.exact) return true;
  Prediction settled = reading.predicted;
  oracle.settle(settled, response, false);
  const auto predicted = document::parse_json(settled.answer.response.body);
  return !predicted || !suite_.shapes->of(*got).disagreement(*predicted, body);
}

Readings::Reading& Readings::choose(const http::Response& response, const Json& body, Oracle& oracle) {
  auto chosen =
      std::find_if(all_.begin(), all_.end(), [&](const Reading& one) { return fits(one, response, body, oracle); });
  if (chosen == all_.end()) chosen = all_.begin();
  const bool is_refusal =
      response.status >= first_redirect && response.status != chosen->predicted.answer.response.status;
  if (!is_refusal) oracle.restore(std::move(chosen->after));
  return *chosen;
}

}  // namespace counterpart::conformance

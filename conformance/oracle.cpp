#include "conformance/oracle.h"

#include "engine/document/json.h"
#include "engine/scenario/given.h"

namespace counterpart::conformance {

namespace {

std::unique_ptr<state::Space> fork_of(const state::Space& space) {
  constexpr uint64_t seed = 0;  // what depends on chance is not compared, or drawn by a target of the same seed
  return space.fork(std::make_unique<state::VirtualClock>(space.clock->now_ms()), seed);
}

}  // namespace

Oracle::Oracle(const Suite& suite, bool known) : suite_(suite), known_(known), space_(fork_of(*suite.initial)) {}

void Oracle::restart(const scenario::Scenario* given) {
  space_ = fork_of(*suite_.initial);
  learned_.clear();
  known_ = true;
  if (given == nullptr) return;
  if (given->clock_ms) space_->clock->set(*given->clock_ms);
  document::Diagnostics unused;  // the suite's scenarios are valid
  scenario::apply_given(*given, *suite_.engine, *space_, unused);
}

std::unique_ptr<state::Space> Oracle::copy() const { return fork_of(*space_); }

void Oracle::lose() {
  known_ = false;
  learned_.clear();
}

engine::Answer Oracle::answer(const http::Request& request) { return suite_.engine->answer(request, *space_); }

engine::Answer Oracle::foresee(const http::Request& request) const {
  const auto fork = fork_of(*space_);
  return suite_.engine->answer(request, *fork);
}

bool Oracle::is_sure(const std::string* credential) const {
  return !is_shared_ && (known_ || (credential != nullptr && learned_.contains(*credential)));
}

void Oracle::learn(const http::Request& request, const contract::Operation& operation, const std::string* credential,
                   const http::Response& response) {
  if (!operation.observe) return;
  try {
    suite_.engine->observe(request, response, *space_);
  } catch (const expression::Error&) {
    return;  // an answer that `observe` was not made for teaches nothing
  }
  if (known_ || credential == nullptr || operation.changes_state()) return;
  const engine::Answer now = foresee(request);
  if (now.documented == nullptr || now.response.status != response.status) return;
  const auto predicted = document::parse_json(now.response.body);
  const auto came = document::parse_json(response.body);
  if (!predicted || !came) return;
  if (!suite_.shapes->of(*now.documented).disagreement(*predicted, *came)) learned_.insert(*credential);
}

}  // namespace counterpart::conformance

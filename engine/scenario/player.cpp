#include "engine/scenario/player.h"

#include <fmt/format.h>

#include "engine/scenario/given.h"
#include "engine/scenario/story.h"

namespace counterpart::scenario {

namespace {

class Playing {
 public:
  Playing(const Scenario& scenario, const engine::Engine& engine, state::Space& space)
      : scenario_(scenario), engine_(engine), space_(space), story_(scenario, engine, space) {}

  Result run() {
    for (const Step& step : scenario_.steps) {
      try {
        play(step);
      } catch (const expression::Error& error) {
        stop(Outcome::failed, error.where(), error.what());
      }
      if (result_.outcome != Outcome::passed) break;
    }
    return std::move(result_);
  }

 private:
  void stop(Outcome outcome, const document::Location& where, std::string message) {
    result_.outcome = outcome;
    result_.where = where;
    result_.message = std::move(message);
  }

  const document::Location& where(const Condition& condition) const {
    return scenario_.program.at(condition.expression).where;
  }

  void play(const Step& step) {
    if (step.after_ms > 0) space_.clock->advance(step.after_ms);
    const engine::Answer answer = engine_.answer(story_.request(step), space_);
    if (answer.documented != nullptr) result_.met.emplace_back(answer.operation, answer.documented);
    if (!Story::expects(step, answer)) {
      const std::string got = answer.documented == nullptr ? "no response of the contract" : answer.documented->name;
      constexpr size_t shown_bytes_max = 300;
      return stop(Outcome::failed, step.where,
                  fmt::format("{} is expected to get {}, but got {}: status {}, {}", step.operation->id,
                              Story::expectation(step), got, answer.response.status,
                              answer.response.body.substr(0, shown_bytes_max)));
    }
    story_.observe(answer.response);
    for (const Condition& condition : step.assume) {
      if (!story_.holds(condition))
        return stop(Outcome::inconclusive, where(condition), "the assumption does not hold: " + condition.text);
    }
    story_.capture(step);
    for (const Condition& condition : step.assertions) {
      if (!story_.holds(condition))
        return stop(Outcome::failed, where(condition), "this does not hold: " + condition.text);
    }
  }

  const Scenario& scenario_;
  const engine::Engine& engine_;
  state::Space& space_;
  Story story_;
  Result result_;
};

}  // namespace

Result play(const Scenario& scenario, const engine::Engine& engine, uint64_t seed, document::Diagnostics& diagnostics) {
  constexpr int64_t epoch_ms = 0;
  const int64_t start = scenario.clock_ms.value_or(engine.contract().clock_ms.value_or(epoch_ms));
  auto space = engine.make_space({seed, start, std::make_unique<state::VirtualClock>(start)}, diagnostics);
  if (space == nullptr) return {Outcome::failed, scenario.where, "the contract's state cannot be made", {}};
  const size_t errors_before = diagnostics.errors();
  apply_given(scenario, engine, *space, diagnostics);
  if (diagnostics.errors() > errors_before)
    return {Outcome::failed, scenario.where, "the given state cannot be made", {}};
  return Playing(scenario, engine, *space).run();
}

}  // namespace counterpart::scenario

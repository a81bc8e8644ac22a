#include "engine/scenario/given.h"

#include "engine/expression/interpreter.h"
#include "engine/initial_state.h"

namespace counterpart::scenario {

void apply_given(const Scenario& scenario, const engine::Engine& engine, state::Space& space,
                 document::Diagnostics& diagnostics) {
  if (scenario.clock_ms) space.clock->set(*scenario.clock_ms);
  if (scenario.given_items.empty()) return space.expire(space.clock->now_ms());
  expression::Interpreter interpreter(scenario.program);
  engine::SpaceScope scope(engine.contract(), space);
  engine::InitialState initial(interpreter, scope);
  for (const auto& [index, items] : scenario.given_items) {
    state::Collection& collection = space.own(index);
    collection = state::Collection(engine.contract().state[index].spec);
    initial.fill(collection, items, diagnostics);
  }
  space.expire(space.clock->now_ms());
}

}  // namespace counterpart::scenario

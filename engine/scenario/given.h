#pragma once
/// `given` of a scenario: where its story begins.

#include <memory>

#include "engine/engine.h"
#include "engine/scenario/scenario.h"

namespace counterpart::scenario {

/// Changes a space in the contract's own state into what `scenario` gives. Errors of the templates go to `diagnostics`.
void apply_given(const Scenario& scenario, const engine::Engine& engine, state::Space& space,
                 document::Diagnostics& diagnostics);

}  // namespace counterpart::scenario

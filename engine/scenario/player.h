#pragma once
/// Plays scenarios as a client against the engine itself, in process: what lint shows of a contract, and what every
/// scenario must pass before it is played against anything else.

#include <string>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "engine/scenario/scenario.h"

namespace counterpart::scenario {

enum class Outcome {
  passed,
  failed,        ///< a step got another answer than it expects, or an assertion does not hold
  inconclusive,  ///< an assumption does not hold
};

struct Result {
  Outcome outcome = Outcome::passed;
  document::Location where;  ///< the step, when not passed
  std::string message;       ///< what was expected and what came, when not passed
  /// The responses met on the way, in order.
  std::vector<std::pair<const contract::Operation*, const contract::Response*>> met;
};

/// Plays all steps in a space of its own. Errors of the state go to `diagnostics`. Never throws.
Result play(const Scenario& scenario, const engine::Engine& engine, uint64_t seed, document::Diagnostics& diagnostics);

}  // namespace counterpart::scenario

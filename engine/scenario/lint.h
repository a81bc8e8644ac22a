#pragma once
/// Looks a whole contract over: what its rules can reach, what its scenarios show, what is undocumented. What
/// `counterpart lint` prints.

#include <memory>
#include <vector>

#include "engine/engine.h"
#include "engine/scenario/scenario.h"

namespace counterpart::scenario {

/// One response of one operation.
struct ResponseReport {
  const contract::Operation* operation = nullptr;
  const contract::Response* response = nullptr;
  bool documented = false;
  bool reachable = false;   ///< some rule that can be tried responds with it
  bool reproduced = false;  ///< some scenario meets it
};

struct Report {
  std::vector<ResponseReport> responses;  ///< in the contract's order
  size_t scenarios = 0;
};

/// Warns of rule lists that can fall off their end, of rules after one that always applies, and of documented responses
/// no rule reaches; plays the scenarios, and reports each that does not pass as an error.
Report lint(const engine::Engine& engine, const std::vector<std::unique_ptr<Scenario>>& scenarios,
            document::Diagnostics& diagnostics);

}  // namespace counterpart::scenario

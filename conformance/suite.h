#pragma once
/// A contract as the conformance client knows it: the engine as the oracle, the scenarios, the shapes of all answers,
/// and which variables the target defines. Loaded once a run; nothing of it changes while cases are played.

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "conformance/case.h"
#include "conformance/report.h"
#include "conformance/shape.h"
#include "engine/engine.h"
#include "engine/scenario/scenario.h"

namespace counterpart::conformance {

/// A credential of the contract's world: what a client may present.
struct Credential {
  size_t scheme = 0;  ///< into Contract::security
  std::string value;
  bool is_default = false;  ///< the scheme's own
};

struct Suite {
  std::shared_ptr<const engine::Engine> engine;
  std::vector<std::unique_ptr<scenario::Scenario>> scenarios;
  std::unique_ptr<Shapes> shapes;
  std::set<std::string> undefined;  ///< variables the target does not define
  /// Those that the schemes have and scenarios present, defaults first, each once.
  std::vector<Credential> credentials;
  std::unique_ptr<state::Space> initial;  ///< the contract's own state; to be forked
  /// A call for each operation, in the contract's order, with the default credential: one that gets a success from the
  /// contract's own state, if such a one can be found.
  std::vector<Call> base_calls;
  /// By operation too: what the contract answers to a base call that it refuses.
  struct Refusal {
    bool is_refused = false;
    const contract::Response* answer = nullptr;  ///< nullptr: none of its responses
  };
  std::vector<Refusal> base_refusals;
  int64_t time_max_ms = 0;  ///< for response-time; 0: no limit
  /// `initial` with another clock and another randomness; nullptr when the contract asks neither, or both are the
  /// target's.
  std::unique_ptr<state::Space> initial_other;

  const contract::Contract& contract() const { return engine->contract(); }
  const Call& base_call(const contract::Operation& operation) const {
    return base_calls[contract().index_of(operation)];
  }
  /// A variable that the request or the text needs and the target does not define; "" when there is none.
  std::string missing_variable(const http::Request& request) const;
  std::string missing_variable(const scenario::Condition& condition) const;
};

struct SuiteOptions {
  const Json* variables = nullptr;  ///< the target's, instead of the contract's; nullptr: the contract's own
  bool exact = false;               ///< Shapes
  uint64_t seed = 0;
  /// Beside those of the contract's folder. One of the same name takes the other's place.
  std::vector<std::string> scenario_files{};
};

/// nullptr, with errors in `diagnostics`, when the contract or a scenario is invalid.
std::unique_ptr<Suite> load_suite(const std::string& folder, const SuiteOptions& options,
                                  document::Diagnostics& diagnostics);

Place place_of(const document::Location& location);

}  // namespace counterpart::conformance

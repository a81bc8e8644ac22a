#pragma once
/// The contracts that the project ships, built into the program: a fuzz target is run far away from the source tree. Used
/// by the targets whose input becomes requests or answers of a real API.

#include <memory>
#include <string>
#include <vector>

#include "conformance/shape.h"
#include "engine/engine.h"

namespace counterpart::fuzz {

struct ShippedContract {
  std::string name;  ///< of its folder under scenarios/
  std::shared_ptr<const document::Source> source;
  std::unique_ptr<const engine::Engine> engine;
  std::unique_ptr<const conformance::Shapes> shapes;
  std::unique_ptr<const state::Space> initial;  ///< to be forked

  /// In the contract's initial state.
  std::unique_ptr<state::Space> new_space() const;
};

/// keyauth-seller, then panel-sessions. Loaded when first asked for; the program ends if they do not load.
const std::vector<ShippedContract>& shipped_contracts();

}  // namespace counterpart::fuzz

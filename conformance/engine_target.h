#pragma once
/// A target in process: an engine, no sockets. What proves a contract and its checks (prove/), and what generated
/// requests are tried on first.

#include <memory>

#include "conformance/target.h"
#include "engine/engine.h"

namespace counterpart::conformance {

/// Each conversation has a space of its own, in the state its scenario gives. nullptr, with errors in `diagnostics`, when
/// the contract's state cannot be made.
std::unique_ptr<Target> make_engine_target(std::shared_ptr<const engine::Engine> engine,
                                           document::Diagnostics& diagnostics);

}  // namespace counterpart::conformance

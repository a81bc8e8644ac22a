#pragma once
/// The contracts that one port plays, as loaded from their folders: engines, scenarios, and how a fresh space begins.
/// Immutable; a hot reload makes a new one and swaps it in.

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/scenario/scenario.h"
#include "mock/play/cues.h"

namespace counterpart::mock {

/// Which scenarios are played, by name.
struct Casting {
  std::vector<std::string> scenarios;
  bool strict = false;  ///< their steps are what the client must send

  bool has(const std::string& scenario) const;
};

/// A scenario of a contract, and its `play` (nullptr where it has none).
struct LoadedScenario {
  std::shared_ptr<const scenario::Scenario> scenario;
  std::shared_ptr<Cues> cues;
};

/// The scenarios of a contract's folder, loaded when first asked for: a mock that plays none starts without them.
/// Thread-safe.
class ScenarioShelf {
 public:
  /// Of the engine's contract.
  explicit ScenarioShelf(std::shared_ptr<const engine::Engine> engine) : engine_(std::move(engine)) {}
  /// What is there already.
  explicit ScenarioShelf(std::vector<LoadedScenario> scenarios) : scenarios_(std::move(scenarios)) {}

  /// Those without errors.
  const std::vector<LoadedScenario>& all();
  /// The same; errors go to `diagnostics` if this is the first call.
  const std::vector<LoadedScenario>& all(document::Diagnostics& diagnostics);
  /// Loads one more, from a file that may stand anywhere; its name, or "" with errors in `diagnostics`. One of the
  /// folder's own files is not loaded twice. Not while another thread reads.
  std::string add_file(const std::string& file, document::Diagnostics& diagnostics);

 private:
  bool add(std::unique_ptr<scenario::Scenario> scenario, document::Diagnostics& diagnostics);

  std::shared_ptr<const engine::Engine> engine_;
  std::once_flag loaded_;
  std::vector<LoadedScenario> scenarios_;
};

/// One contract.
struct Seat {
  std::shared_ptr<const engine::Engine> engine;
  std::shared_ptr<ScenarioShelf> shelf;
  std::shared_ptr<const state::Space> initial;  ///< the contract's own state, without any scenario's

  const std::string& name() const { return engine->contract().name; }
  const std::vector<LoadedScenario>& scenarios() const { return shelf->all(); }
  const LoadedScenario* find_scenario(const std::string& scenario) const;
  /// The state a casting begins with: the contract's, changed by each scenario's `given` in order. nullptr on an error.
  std::shared_ptr<const state::Space> begin(const Casting& casting, document::Diagnostics& diagnostics) const;
  /// A clock that stands where `origin` stands, of the kind the contract asks for.
  std::unique_ptr<state::Clock> clock_from(const state::Clock& origin) const;
};

/// Why one port cannot serve both: the sentence that names the operations, or the name they share; nullopt when it can.
std::optional<std::string> clash(const engine::Engine& one, const engine::Engine& other);

class Stage {
 public:
  /// Loads a contract, and its scenarios if asked; errors go to `diagnostics`, then the seat has no engine.
  static Seat load_seat(const std::string& folder, uint64_t seed, bool with_scenarios,
                        document::Diagnostics& diagnostics);

  /// Adds a contract. A path that an earlier contract could answer too is a clash: then the sentence that names both,
  /// and nothing is added.
  std::optional<std::string> add(Seat seat);
  /// Chooses what fresh spaces play. A scenario nobody has, or two strict ones of one contract: a sentence that says so.
  std::optional<std::string> cast(Casting casting, document::Diagnostics& diagnostics);

  const std::vector<Seat>& seats() const { return seats_; }
  const Casting& casting() const { return casting_; }
  /// Of the seat of that index, with the casting's `given`.
  const state::Space& opening(size_t seat) const { return *openings_[seat]; }

  /// The seat whose contract has the request's path; nullopt when none has it and there is more than one.
  std::optional<size_t> find(const http::Request& request) const;
  /// Why a casting cannot be played: nullopt when it can.
  std::optional<std::string> refusal(const Casting& casting) const;

 private:
  std::vector<Seat> seats_;
  Casting casting_;
  std::vector<std::shared_ptr<const state::Space>> openings_;
};

}  // namespace counterpart::mock

#include "mock/stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "engine/scenario/given.h"
#include "mock/system_clock.h"

namespace counterpart::mock {

bool Casting::has(const std::string& scenario) const {
  return std::find(scenarios.begin(), scenarios.end(), scenario) != scenarios.end();
}

const LoadedScenario* Seat::find_scenario(const std::string& scenario) const {
  const auto found = std::find_if(scenarios().begin(), scenarios().end(),
                                  [&](const LoadedScenario& loaded) { return loaded.scenario->name == scenario; });
  return found == scenarios().end() ? nullptr : &*found;
}

std::unique_ptr<state::Clock> Seat::clock_from(const state::Clock& origin) const {
  if (!engine->contract().clock_is_real) return std::make_unique<state::VirtualClock>(origin.now_ms());
  auto clock = std::make_unique<SystemClock>();
  clock->set(origin.now_ms());
  return clock;
}

std::shared_ptr<const state::Space> Seat::begin(const Casting& casting, document::Diagnostics& diagnostics) const {
  const size_t errors_before = diagnostics.errors();
  std::shared_ptr<state::Space> space = initial->fork(clock_from(*initial->clock), 0);
  for (const std::string& name : casting.scenarios) {
    const LoadedScenario* loaded = find_scenario(name);
    if (loaded != nullptr) scenario::apply_given(*loaded->scenario, *engine, *space, diagnostics);
  }
  return diagnostics.errors() > errors_before ? nullptr : space;
}

const std::vector<LoadedScenario>& ScenarioShelf::all(document::Diagnostics& diagnostics) {
  std::call_once(loaded_, [&] {
    if (engine_ == nullptr) return;
    for (auto& scenario : scenario::load_scenarios(engine_->contract(), diagnostics)) {
      add(std::move(scenario), diagnostics);
    }
  });
  return scenarios_;
}

bool ScenarioShelf::add(std::unique_ptr<scenario::Scenario> scenario, document::Diagnostics& diagnostics) {
  LoadedScenario ready{std::move(scenario), nullptr};
  if (ready.scenario->play != nullptr) {
    ready.cues = Cues::make(ready.scenario->play, engine_->contract(), diagnostics);
    if (ready.cues == nullptr) return false;
  }
  scenarios_.push_back(std::move(ready));
  return true;
}

std::string ScenarioShelf::add_file(const std::string& file, document::Diagnostics& diagnostics) {
  auto scenario = scenario::load_scenario_file(file, engine_->contract(), diagnostics);
  if (scenario == nullptr) return "";
  std::string name = scenario->name;
  for (const LoadedScenario& other : all(diagnostics)) {
    if (other.scenario->name != name) continue;
    const std::string& theirs = other.scenario->where.source->name;
    std::error_code unreadable;
    if (std::filesystem::equivalent(file, theirs, unreadable)) return name;
    diagnostics.error(scenario->where, fmt::format("the scenario \"{}\" is also in {}", name, theirs));
    return "";
  }
  return add(std::move(scenario), diagnostics) ? name : "";
}

const std::vector<LoadedScenario>& ScenarioShelf::all() {
  document::Diagnostics unheard;  // `lint` is who tells
  return all(unheard);
}

Seat Stage::load_seat(const std::string& folder, uint64_t seed, bool with_scenarios,
                      document::Diagnostics& diagnostics) {
  const size_t errors_before = diagnostics.errors();
  Seat seat;
  const contract::Loaded loaded = contract::load(folder, diagnostics);
  if (!loaded) return {};
  seat.engine = std::make_shared<const engine::Engine>(loaded);
  auto clock = loaded.contract->clock_is_real ? std::make_unique<SystemClock>() : nullptr;
  seat.initial = seat.engine->make_space({seed, SystemClock().now_ms(), std::move(clock)}, diagnostics);
  seat.shelf = std::make_shared<ScenarioShelf>(seat.engine);
  if (with_scenarios) seat.shelf->all(diagnostics);
  return diagnostics.errors() > errors_before ? Seat{} : std::move(seat);
}

std::optional<std::string> clash(const engine::Engine& one, const engine::Engine& other) {
  const contract::Contract& first = one.contract();
  const contract::Contract& second = other.contract();
  if (first.name == second.name) {
    return fmt::format("two contracts are named \"{}\": {} and {}", first.name, first.source->name,
                       second.source->name);
  }
  for (const contract::Operation& operation : second.operations) {
    const auto overlap = one.router().overlapping(operation);
    if (!overlap) continue;
    const contract::Operation& theirs = first.operations[*overlap];
    return fmt::format("{} and {} both answer {}: operation \"{}\" ({}) and operation \"{}\" ({})", first.name,
                       second.name, operation.path, theirs.id, theirs.path, operation.id, operation.path);
  }
  return std::nullopt;
}

std::optional<std::string> Stage::add(Seat seat) {
  for (const Seat& earlier : seats_) {
    if (auto problem = clash(*earlier.engine, *seat.engine)) return problem;
  }
  openings_.push_back(seat.initial);
  seats_.push_back(std::move(seat));
  return std::nullopt;
}

std::optional<std::string> Stage::refusal(const Casting& casting) const {
  if (casting.scenarios.empty()) return std::nullopt;
  std::vector<std::string> known;
  for (const Seat& seat : seats_) {
    const scenario::Scenario* strict = nullptr;
    for (const LoadedScenario& loaded : seat.scenarios()) {
      known.push_back(loaded.scenario->name);
      if (!casting.strict || !casting.has(loaded.scenario->name)) continue;
      if (loaded.scenario->steps.empty()) {
        return fmt::format("the scenario \"{}\" cannot be strict: it has no steps for the client to send",
                           loaded.scenario->name);
      }
      if (strict != nullptr) {
        return fmt::format("of {} two scenarios cannot both be strict: {} and {}", seat.name(), strict->name,
                           loaded.scenario->name);
      }
      strict = loaded.scenario.get();
    }
  }
  for (const std::string& name : casting.scenarios) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return fmt::format("there is no scenario \"{}\"; {}", name,
                       known.empty() ? "there are none at all" : document::suggestion(name, known));
  }
  return std::nullopt;
}

std::optional<std::string> Stage::cast(Casting casting, document::Diagnostics& diagnostics) {
  if (auto refused = refusal(casting)) return refused;
  for (size_t i = 0; i < seats_.size(); ++i) {
    if (auto opening = seats_[i].begin(casting, diagnostics)) openings_[i] = std::move(opening);
  }
  casting_ = std::move(casting);
  return std::nullopt;
}

std::optional<size_t> Stage::find(const http::Request& request) const {
  if (seats_.size() == 1) return 0;
  for (size_t i = 0; i < seats_.size(); ++i) {
    if (seats_[i].engine->knows_path(request)) return i;
  }
  return std::nullopt;
}

}  // namespace counterpart::mock

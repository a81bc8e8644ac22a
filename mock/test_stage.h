#pragma once
/// For tests: stages of contracts that are text.

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "engine/contract/loader.h"
#include "engine/document/yaml.h"
#include "mock/stage.h"

namespace counterpart::mock {

/// A contract and its scenarios, each YAML.
inline Seat seat_of(const std::string& contract, const std::vector<std::string>& scenarios = {}, uint64_t seed = 1) {
  document::Diagnostics diagnostics;
  const auto source_of = [](const std::string& name, const std::string& text) {
    return std::make_shared<const document::Source>(document::Source{name, text});
  };
  Seat seat;
  seat.engine =
      std::make_shared<const engine::Engine>(contract::load(source_of("contract.yaml", contract), ".", diagnostics));
  EXPECT_EQ(diagnostics.render(false), "");
  seat.initial = seat.engine->make_space({seed, 0, nullptr}, diagnostics);
  std::vector<LoadedScenario> all;
  for (const std::string& text : scenarios) {
    LoadedScenario loaded;
    loaded.scenario = scenario::load_scenario(source_of("x.scenario.yaml", text), seat.engine->contract(), diagnostics);
    if (loaded.scenario != nullptr && loaded.scenario->play != nullptr) {
      loaded.cues = Cues::make(loaded.scenario->play, seat.engine->contract(), diagnostics);
    }
    all.push_back(std::move(loaded));
  }
  seat.shelf = std::make_shared<ScenarioShelf>(std::move(all));
  EXPECT_EQ(diagnostics.render(false), "");
  return seat;
}

/// A stage of these seats that plays `casting`.
inline std::shared_ptr<Stage> stage_of(std::vector<Seat> seats, Casting casting = {}) {
  auto stage = std::make_shared<Stage>();
  for (Seat& seat : seats) EXPECT_EQ(stage->add(std::move(seat)), std::nullopt);
  document::Diagnostics diagnostics;
  EXPECT_EQ(stage->cast(std::move(casting), diagnostics), std::nullopt);
  EXPECT_EQ(diagnostics.render(false), "");
  return stage;
}

}  // namespace counterpart::mock

/// The scenario loader and player, on the panel's contract. What loads is played against the engine, which must find the
/// state as sound as before.

#include "engine/scenario/player.h"
#include "fuzz/inputs/input.h"
#include "fuzz/inputs/mutators.h"
#include "fuzz/inputs/shipped_contracts.h"

using namespace counterpart;
using namespace counterpart::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t steps_max = 16;
  const engine::Engine& engine = *shipped_contracts()[1].engine;
  document::Diagnostics diagnostics;
  const auto source =
      std::make_shared<const document::Source>(document::Source{"x.scenario.yaml", std::string(text_of(data, size))});
  const auto loaded = scenario::load_scenario(source, engine.contract(), diagnostics);
  require((loaded != nullptr) != diagnostics.has_errors(), "loaded or refused", diagnostics.render(true));
  if (loaded == nullptr || loaded->steps.size() > steps_max) return 0;
  const scenario::Result result = scenario::play(*loaded, engine, 1, diagnostics);
  require(result.outcome == scenario::Outcome::passed || !result.message.empty(), "what failed is told");
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t size_max, unsigned seed) {
  return mutate_lines(data, size, size_max, seed);
}

/// The contract loader, lint and the first answers of what loads: a contract is somebody else's file. What it says badly is
/// told with its place; what it computes has an end; and nothing of it throws.

#include "engine/contract/loader.h"
#include "engine/engine.h"
#include "engine/scenario/lint.h"
#include "fuzz/inputs/answer_check.h"
#include "fuzz/inputs/first_requests.h"
#include "fuzz/inputs/input.h"
#include "fuzz/inputs/mutators.h"

using namespace counterpart;
using namespace counterpart::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  document::Diagnostics diagnostics;
  const auto source =
      std::make_shared<const document::Source>(document::Source{"contract.yaml", std::string(text_of(data, size))});
  contract::Loaded loaded = contract::load(source, "no/such/folder", diagnostics);
  require(bool(loaded) != diagnostics.has_errors(), "loaded or refused", diagnostics.render(true));
  if (!loaded) return 0;
  const engine::Engine engine(std::move(loaded));
  scenario::lint(engine, {}, diagnostics);
  const auto space = engine.make_space({}, diagnostics);
  if (space == nullptr) return 0;
  for (const http::Request& request : first_requests(engine.contract())) {
    const engine::Answer answer = engine.answer(request, *space);
    require(answer.response.status >= 100 && answer.response.status <= 599, "a status of HTTP");
  }
  require(complaint(*space).empty(), complaint(*space));
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t size_max, unsigned seed) {
  return mutate_lines(data, size, size_max, seed);
}

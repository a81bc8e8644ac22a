/// Answers of panel-sessions: the first line is the status, the rest the body. What the reference parser takes for a
/// response is that response for conformance too.

#include <charconv>

#include "fuzz/inputs/answer_opinions.h"
#include "fuzz/inputs/input.h"
#include "fuzz/inputs/mutators.h"

using namespace counterpart::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view body = text_of(data, size);
  const std::string_view first = take_part(body, "\n");
  int status = 200;
  std::from_chars(first.data(), first.data() + first.size(), status);
  const ShippedContract& contract = shipped_contracts()[1];
  for (const auto& operation : contract.engine->contract().operations) {
    require_agreement(contract, operation, status, body, parse_panel_answer(operation.id, status, body));
  }
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t size_max, unsigned seed) {
  return mutate_json(data, size, size_max, seed);
}

/// Sequences of requests against the shipped contracts: every answer is one that its operation documents, and the state's
/// indexes agree.

#include "engine/http/message.h"
#include "fuzz/inputs/answer_check.h"
#include "fuzz/inputs/mutators.h"
#include "fuzz/inputs/replay.h"
#include "fuzz/inputs/sequence.h"

using namespace counterpart;
using namespace counterpart::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  SequenceReader sequence(text_of(data, size));
  const ShippedContract& contract = sequence.contract();
  const auto space = contract.new_space();
  bool changed = false;
  while (const auto step = sequence.next()) {
    space->clock->advance(step->clock_moves_ms);
    const engine::Answer answer = contract.engine->answer(step->request, *space);
    ++work_done;
    const std::string wrong = complaint(contract, answer);
    require(wrong.empty(), wrong, answer.response.body);
    changed = changed || step->clock_moves_ms > 0 || (answer.operation && answer.operation->changes_state());
  }
  const std::string wrong = changed ? complaint(*space) : "";
  require(wrong.empty(), wrong);
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t size_max, unsigned seed) {
  return mutate_sequence(data, size, size_max, seed);
}

/// libFuzzer as the engine of the server fuzzer: sequences as text, changed by the generator, with what was answered as
/// extra counters. docs/fuzzing.md says why `counterpart fuzz server` has a loop of its own, and tests/fuzz_server/engines.py
/// compares the two.

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "fuzz/server/from_environment.h"

using namespace counterpart;
using namespace counterpart::fuzz::server;

// volatile: nothing here reads them.
__attribute__((section("__libfuzzer_extra_counters"))) static volatile uint8_t counters[16 * 1024];

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Session& session = session_from_environment();
  counters[0] = 1;  // without a single counter libFuzzer does not begin
  const auto sequence = read_sequence(session.suite(), {reinterpret_cast<const char*>(data), size});
  if (!sequence || !session.generator().is_safe(*sequence)) return 0;
  const size_t before = session.found().size();
  try {
    session.play(*sequence);
  } catch (const conformance::EnvironmentError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    std::_Exit(3);
  }
  for (const uint64_t tuple : session.tuples()) counters[1 + tuple % (sizeof counters - 1)] = 1;
  for (size_t i = before; i < session.found().size(); ++i) {
    const Found& found = session.found()[i];
    std::printf("after %zu requests: %s %s: %s\n", found.requests, found.finding.check.c_str(),
                found.finding.subject.c_str(), found.finding.message.c_str());
  }
  std::fflush(stdout);
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t size_max, unsigned seed) {
  Session& session = session_from_environment();
  const Generator& generator = session.generator();
  state::SeededRandom random(seed);
  auto sequence = read_sequence(session.suite(), {reinterpret_cast<const char*>(data), size});
  const bool anew = !sequence || sequence->empty() || random.below(3) == 0;  // as the own loop does
  sequence =
      anew ? generator.make(session.space(), random) : generator.changed(*sequence, *sequence, session.space(), random);
  const std::string text = write_sequence(*sequence);
  if (text.size() > size_max) return 0;
  std::memcpy(data, text.data(), text.size());
  return text.size();
}

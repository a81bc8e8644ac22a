// How long a run of `fuzz client` takes beside the command itself: `true` run as the fuzzer runs commands, with damage
// drawn, scripted and judged for each, against `true` started and waited for in a loop. Prints JSON.
//
//   fuzz_client_bench CONTRACT_FOLDER [RUNS]
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <chrono>
#include <cstdlib>

#include "conformance/suite.h"
#include "fuzz/client/plan.h"
#include "fuzz/client/runs.h"
#include "mock/spaces.h"

extern char** environ;

namespace {

using namespace counterpart;
using namespace counterpart::fuzz::client;

double seconds_since(SteadyClock::time_point begun) {
  return std::chrono::duration<double>(SteadyClock::now() - begun).count();
}

double plain_loop(size_t runs) {
  const auto begun = SteadyClock::now();
  for (size_t i = 0; i < runs; ++i) {
    std::string name = "true";
    char* const arguments[] = {name.data(), nullptr};
    pid_t pid = -1;
    if (posix_spawnp(&pid, "true", nullptr, nullptr, arguments, environ) != 0) std::abort();
    waitpid(pid, nullptr, 0);
  }
  return seconds_since(begun);
}

std::vector<std::string> environment_with(const std::string& space) {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) variables.emplace_back(*variable);
  variables.push_back("COUNTERPART_URL=http://127.0.0.1:1/~" + space);
  return variables;
}

/// As Fuzzer::search does it, without the findings.
double fuzzing(const World& world, const Options& options, const std::vector<AskedOperation>& asked, size_t runs) {
  constexpr size_t batch_runs = 32;
  const fuzz::Mutator mutator(world.suite);
  const Plan plan(mutator, asked, {options.seed, options.timeout, false});
  Runs all(world, options);
  const auto begun = SteadyClock::now();
  for (size_t done = 0; done < runs;) {
    std::vector<Damage> batch;
    while (batch.size() < batch_runs && done < runs) {
      batch.push_back(*plan.drawn_at(done++, [](const contract::Operation&, Family) { return false; }));
    }
    for (const auto& ended : all.play(batch, SteadyClock::time_point::max(), [] {})) {
      if (!ended || ended->exit_code != 0 || world.verdict.judge(*ended)) std::abort();
    }
  }
  return seconds_since(begun);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::string folder = argv[1];
  const size_t runs = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 2000;
  document::Diagnostics diagnostics;
  const auto suite = conformance::load_suite(folder, {}, diagnostics);
  auto stage = std::make_shared<mock::Stage>();
  auto seat = mock::Stage::load_seat(folder, 1, false, diagnostics);
  if (suite == nullptr || seat.engine == nullptr || stage->add(std::move(seat))) return 2;
  mock::Spaces spaces({}, stage);
  const auto space = spaces.use("clean");
  for (const conformance::Call& call : suite->base_calls) {
    const http::Request request = contract::build_request(suite->contract(), *call.operation, call.parts);
    space->record(request, space->play(request), 0, 1 << 20);
  }
  std::string error;
  const Verdict verdict({0}, {}, error);
  const World world{spaces, *suite, verdict, environment_with};
  Options options;
  options.command = {"true"};
  options.seed = 1;
  const auto asked = asked_in(spaces, "clean", *suite);
  plain_loop(runs / 10);
  const double plain_s = plain_loop(runs);
  const double fuzzing_s = fuzzing(world, options, asked, runs);
  fmt::print(
      "{{\"runs\":{},\"plain_runs_per_second\":{:.0f},\"fuzzed_runs_per_second\":{:.0f},\"overhead_ms\":{:.3f}}}\n",
      runs, static_cast<double>(runs) / plain_s, static_cast<double>(runs) / fuzzing_s,
      (fuzzing_s - plain_s) / static_cast<double>(runs) * 1000);
  return 0;
}

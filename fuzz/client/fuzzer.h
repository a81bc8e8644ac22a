#pragma once
/// `counterpart fuzz client`: runs a command against the mock again and again, damages what it asks for, and saves what
/// breaks it as scenarios. Knows no command line and no terminal: cli/fuzz_client_command.cpp does.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/client/commands.h"
#include "fuzz/client/damage.h"
#include "fuzz/client/verdict.h"

namespace counterpart::mock {
class Spaces;
}
namespace counterpart::conformance {
struct Suite;
}

namespace counterpart::fuzz::client {

struct Options {
  std::vector<std::string> command;
  uint64_t seed = 0;
  size_t runs_max = 1000;  ///< beside those of cut_everywhere
  /// Nothing new is begun after it, and what was found is made less for as long again at most; 0: no limit.
  std::chrono::milliseconds time_max{0};
  std::chrono::milliseconds timeout{10'000};
  size_t at_once = 1;
  bool cut_everywhere = false;
  std::string folder;    ///< where findings are saved; made when there is one
  std::string contract;  ///< its folder, as the user wrote it
};

/// What the fuzzer works with.
struct World {
  mock::Spaces& spaces;             ///< they play one contract
  const conformance::Suite& suite;  ///< of the same
  const Verdict& verdict;
  std::function<Commands::Environment(const std::string& space)> environment;  ///< in which the command finds a space
};

struct Finding {
  std::string name;  ///< "found-1"; "" where it could not be saved
  std::string file;
  std::string scenario;  ///< its text
  Failure failure;
  Damage damage;
  Ended ended;                  ///< of the last run that showed it
  size_t count = 0;             ///< runs that showed the same
  size_t first_run = 0;         ///< from 1
  size_t tries = 0;             ///< to make it less
  bool is_flaky = false;        ///< it did not show again; then it is as it was found
  bool in_other_words = false;  ///< stderr ended with another line each time: failure.last_line is "" then
  bool is_less = false;         ///< than it was found
  bool is_shrunk = false;       ///< nothing less shows it
  bool is_out_of_time = false;  ///< its share of the time ended before it was shrunk
};

struct AskedSummary {
  std::string operation;
  uint64_t calls = 0;
};

struct Report {
  std::string usage_error;        ///< the clean run failed
  std::string environment_error;  ///< the command could not be started again, or a finding not saved
  std::vector<AskedSummary> asked;
  Ended clean;
  std::vector<Finding> findings;
  size_t runs = 0, tries = 0;
  std::vector<std::pair<std::string, size_t>> left_out;  ///< "fetchAllSessions, stall": runs that would have hung again
  size_t untold = 0;  ///< runs that failed in yet other words than as many findings as are told apart
  bool interrupted = false;
  bool out_of_time = false;
  int64_t microseconds = 0;
};

struct Progress {
  size_t runs = 0, runs_max = 0, findings = 0;
  std::string doing;  ///< "" while it looks; else what is made less
};

/// Runs to the end. `on_progress` is told after each run, on this thread; may be empty.
Report run(const World& world, const Options& options, const std::function<void(const Progress&)>& on_progress);

}  // namespace counterpart::fuzz::client

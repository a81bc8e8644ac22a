#pragma once
/// A whole conformance run: opens the target for every case, plays it, shrinks what it shows, collects findings and
/// coverage into a Report.

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "conformance/plan.h"
#include "conformance/report.h"
#include "conformance/suite.h"
#include "conformance/target.h"
#include "conformance/target_file.h"

namespace counterpart::conformance {

struct RunOptions {
  Level level = Level::documented;
  uint64_t seed = 0;
  int concurrency = 1;
  bool fail_fast = false;  ///< ends after the first case with findings that count
  bool keep_exchanges = true;
  bool is_whole = true;  ///< every case is played, here or in another shard: known failures that do not occur are stale
  size_t shard = 1, shards = 1;
  size_t shrink_tries_max = 200;
  std::vector<KnownFailure> known_failures;
  const std::atomic<bool>* interrupted = nullptr;  ///< set: the run ends after the cases at hand
  /// After each case, from one thread at a time, in the order in which they end.
  std::function<void(const CaseResult&)> on_case;
};

/// The same, case by case, for who calls the tune itself (googletest/). One thread at a time. All that is given must
/// outlive it.
class Runner {
 public:
  Runner(const Suite& suite, const std::vector<Case>& cases, Target& target, const RunOptions& options);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  /// The target's before-run hook. Throws EnvironmentError, as play() does.
  void begin();
  /// Plays one of the cases.
  CaseResult play(const Case& one);
  /// What was found so far; CaseResult::findings are places in it.
  const std::vector<Finding>& findings() const;
  /// The after-run hook; then the report of all that was played.
  Report finish();

  class Impl;  ///< known to this file's source alone

 private:
  std::unique_ptr<Impl> impl_;
};

/// Plays the cases in their order; those marked `parallel` side by side, as far as the target lets them. Never throws:
/// Report::environment_error says when the target could not be used.
Report run(const Suite& suite, const std::vector<Case>& cases, Target& target, const RunOptions& options);

}  // namespace counterpart::conformance

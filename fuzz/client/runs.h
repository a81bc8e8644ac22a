#pragma once
/// Runs of the command, each against a space of its own in which the mock is scripted to do the damage. Used by
/// fuzzer.cpp.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/client/fuzzer.h"

namespace counterpart::mock {
class Cues;
}

namespace counterpart::fuzz::client {

using SteadyClock = std::chrono::steady_clock;
using Results = std::vector<std::optional<Ended>>;  ///< nullopt: not run, or interrupted

class Runs {
 public:
  /// Both must outlive it.
  Runs(const World& world, const Options& options);

  /// Without any damage, in the space of that name, which stays. nullopt: interrupted.
  std::optional<Ended> clean(const std::string& space);
  /// Each of these, `at_once` at a time; none begins after the deadline. `on_end` is told after each what there is by then.
  Results play(std::vector<Damage> damages, SteadyClock::time_point deadline,
               const std::function<void(Results&)>& on_end);
  bool interrupted() const { return commands_.interrupted(); }
  /// What could not be played or started; "" when all could. Then nothing more is.
  const std::string& error() const { return error_; }

  /// The damage as the mock plays it; a body that is not read back as it was is written as bytes from now on. nullptr:
  /// it cannot be played, which is a mistake of this program.
  std::shared_ptr<mock::Cues> cues_of(Damage& damage) const;

 private:
  bool prepare(const std::string& name, Damage& damage);

  const World& world_;
  const Options& options_;
  Commands commands_;
  std::string error_;
  size_t begun_ = 0;
};

}  // namespace counterpart::fuzz::client

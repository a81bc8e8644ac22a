#pragma once
/// What the search found is seen again, made less, told apart once more, and saved. Used by fuzzer.cpp.

#include <functional>
#include <string>
#include <vector>

#include "fuzz/client/asked.h"
#include "fuzz/client/runs.h"
#include "fuzz/client/shrink.h"
#include "fuzz/findings_folder.h"
#include "fuzz/responses/judge.h"

namespace counterpart::fuzz::client {

/// Whether two runs failed at the same place in the same way, but for the words.
bool is_akin(const Failure& a, const Damage& damage_a, const Failure& b, const Damage& damage_b);

class Settler {
 public:
  /// Plays; none begins after the deadline.
  using Play = std::function<Results(const std::vector<Damage>& damages, SteadyClock::time_point deadline)>;

  /// All must outlive it. `tries` counts what is played.
  Settler(const World& world, const Options& options, Runs& runs, const std::vector<AskedOperation>& asked,
          FindingsFolder& folder, Play play);

  /// Saves it as it was found: who stops the run has it.
  void save(Finding& finding, Report& report);
  /// Adds it to the report, or to one that is there, and saves it anew. It takes no longer than until the deadline, and is
  /// then saved as small as it has become.
  void settle(Finding finding, SteadyClock::time_point deadline, Report& report);

 private:
  /// A finding whose words are new each time, as it was found.
  struct Wordy {
    size_t index = 0;  ///< in the report
    Failure failure;
    Damage damage;
  };

  Tried first_that_shows(Finding& finding, const std::vector<Damage>& candidates, Report& report);
  void see_again(Finding& finding, Report& report);
  void make_less(Finding& finding, Report& report);
  Finding* known_as(const Finding& finding, const Damage& as_found, Report& report) const;
  bool is_out_of_time() const { return SteadyClock::now() >= deadline_; }
  /// Nothing more can be run.
  bool is_ended() const { return runs_.interrupted() || !runs_.error().empty(); }
  bool is_to_end() const { return is_ended() || is_out_of_time(); }

  const World& world_;
  const Options& options_;
  Runs& runs_;
  const std::vector<AskedOperation>& asked_;
  FindingsFolder& folder_;
  const Play play_;
  const Judge judge_;
  SteadyClock::time_point deadline_ = SteadyClock::time_point::max();
  std::vector<Wordy> wordy_;
};

}  // namespace counterpart::fuzz::client

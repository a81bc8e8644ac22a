#pragma once
/// One isolated world of the mock: for each contract a state and a clock, what it is scripted to do, and the journal of
/// what it was asked. Spaces share what none of them changes. Thread-safe.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "mock/handler.h"
#include "mock/journal.h"
#include "mock/play/directing.h"
#include "mock/play/played.h"
#include "mock/play/script.h"
#include "mock/play/strict.h"
#include "mock/stage.h"

namespace counterpart::mock {

/// How often each response of a contract was given, and what else was counted.
struct Tally {
  struct Row {
    std::string contract, operation, response;
    bool documented = false;
    uint64_t served = 0;
  };
  std::vector<Row> rows;  ///< every response of every contract, in order
  uint64_t requests = 0, unmatched = 0, undocumented = 0, violations = 0, faults = 0;
};

class Space {
 public:
  /// `seed` is the run's: with the name it gives this space's own.
  Space(std::string name, uint64_t seed, std::shared_ptr<const Stage> stage, JournalLimits limits);

  const std::string& name() const { return name_; }
  uint64_t seed() const { return seed_; }
  std::shared_ptr<const Stage> stage() const;

  /// Of the first contract's clock.
  int64_t now_ms();
  /// Answers a request.
  Played play(const http::Request& request);
  /// Enters an exchange into the journal and the counts.
  /// `journal_bytes_max`: what the journal may hold from now on.
  void record(const http::Request& request, const Played& played, int64_t microseconds, size_t journal_bytes_max);

  /// Plays a changed stage from now on. A collection whose definition did not change keeps its items, clocks go on, the
  /// journal stays. Scripts begin anew; entries added at run time stay where they still fit.
  void adopt(std::shared_ptr<const Stage> stage);
  /// Back to how the space began: state, clock, script, randomness; the journal and the counts are empty.
  void reset();
  /// The same with another seed, which is taken as it is: the unnamed space of a run with that seed begins alike.
  void reset(uint64_t seed);
  /// Other scenarios from now on: state and clock begin as they say.
  void cast(const Casting& casting);
  Casting casting() const;
  /// Adds entries behind those that are there. `seat` is the contract's they were loaded for.
  void add_cues(size_t seat, std::shared_ptr<Cues> cues);

  /// Calls `use` with the state of a contract. The space's lock (state::Space::mutex) is `use`'s to take.
  void with_state(size_t seat, const std::function<void(state::Space&)>& use);
  /// Calls `use` with the journal, locked.
  void with_journal(const std::function<void(Journal&)>& use);

  /// How far each strict scenario is.
  struct StrictStatus {
    std::string contract, scenario;
    size_t steps = 0, done = 0;
    bool dropped = false;  ///< other scenarios are played by now
  };
  std::vector<StrictStatus> strict_status();
  /// The same with what the run began with and cast() took away before its end: it is still due.
  std::vector<StrictStatus> strict_due();
  Tally tally() const;

  // The table's (spaces.h):
  std::atomic<int64_t> used_ms{0};      ///< when it was last used
  std::atomic<int> in_use{0};           ///< how many use it now
  std::atomic<uint64_t> generation{0};  ///< of the stage it plays

 private:
  /// What a contract is in this space.
  struct Part {
    std::once_flag begun;  ///< the rest is made when the contract is first asked
    std::unique_ptr<state::Space> state;
    Script script;
    std::vector<std::shared_ptr<Cues>> added;  ///< to the script, at run time
    std::mutex strict_mutex;                   ///< held while an answer is made, never while it is sent
    std::unique_ptr<Strict> strict;

    Directing directing(state::Random& random, Played& played) {
      return {script, strict.get(), strict_mutex, random, played};
    }
  };

  Part& part(size_t seat);
  void begin(size_t seat, Part& part) const;
  void forget_parts();
  void forget_counts();
  void carry_over(const Seat& old_seat, Part& old_part, size_t seat);
  void carry_over(const Seat& old_seat, const std::vector<uint64_t>& old_served, size_t seat);
  Played play_unknown(const http::Request& request);
  std::vector<StrictStatus> all_strict();

  const std::string name_;
  uint64_t seed_;
  const bool keeps_journal_;

  mutable std::shared_mutex stage_mutex_;  ///< shared while a request is answered, exclusive to change what is played
  std::shared_ptr<const Stage> stage_;
  Casting casting_;
  std::vector<StrictStatus> dropped_;  ///< strict scenarios of the stage's casting, as cast() found them
  std::vector<std::shared_ptr<const state::Space>> openings_;  ///< empty: the stage's
  std::vector<std::unique_ptr<Part>> parts_;                   ///< one a seat
  std::unique_ptr<state::SeededRandom> random_;

  mutable std::mutex journal_mutex_;  ///< guards what follows
  Journal journal_;
  Tally counts_;                               ///< without rows
  std::vector<std::vector<uint64_t>> served_;  ///< by seat, then by Answer::response_index
};

}  // namespace counterpart::mock

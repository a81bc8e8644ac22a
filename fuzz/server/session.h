#pragma once
/// Plays sequences against the target: what they show is judged as `check` judges it, collected, and shrunk. Both engines
/// of the server fuzzer drive it: the own loop (fuzzer.h) and libFuzzer (server_fuzz.cpp).

#include <atomic>
#include <deque>
#include <map>
#include <set>
#include <vector>

#include "conformance/play.h"
#include "fuzz/server/causes.h"
#include "fuzz/server/generator.h"
#include "fuzz/server/revival.h"

namespace counterpart::fuzz::server {

struct SessionOptions {
  conformance::Level level = conformance::Level::documented;
  bool allow_destructive = false;
  bool restarts_as_contract = false;  ///< a target that comes back begins as the contract says
  int64_t revival_ms = 5'000;
  size_t shrink_tries_max = 200;  ///< 0: what was found is not sent again
  std::vector<conformance::KnownFailure> known_failures;
  /// Once it is set, nothing more is sent to shrink what was found, nor is a target waited for; may be nullptr.
  const std::atomic<bool>* interrupted = nullptr;

  bool is_interrupted() const { return interrupted != nullptr && interrupted->load(std::memory_order_relaxed); }
};

/// One thread at a time.
class Session {
 public:
  /// All must outlive it.
  Session(const conformance::Suite& suite, conformance::Target& target, const SessionOptions& options);

  /// Plays it; what it finds is added. Whether something was answered that never was before. Throws EnvironmentError
  /// when the target is not there, or has gone and does not come back: then is_gone().
  bool play(const Sequence& sequence);
  /// What a request of reading finds after something that is no HTTP: "" or what is wrong. Throws EnvironmentError when
  /// the target never was there; when it has gone and does not come back, is_gone().
  std::string look();
  /// Finds out whether the target has gone with what play() sent last, though it was answered.
  void look_after();
  void add(Found found) { causes_.add(std::move(found)); }
  /// The target has gone for good: what play() sent last did it.
  void add_absence(const std::string& error);

  const Generator& generator() const { return generator_; }
  const conformance::Suite& suite() const { return suite_; }
  const state::Space& space() { return oracle_.space(); }
  const std::vector<Found>& found() const { return causes_.all(); }
  /// Of the latest play(): what came of each request.
  const std::vector<uint64_t>& tuples() const { return tuples_; }
  size_t tuples_seen() const { return seen_.size(); }
  size_t requests() const { return revival_.requests(); }
  /// Calls of the sequences played, and those of them that were not sent since what came before had ended their sequence.
  size_t planned() const { return planned_; }
  size_t unsent() const { return unsent_; }
  size_t absences() const { return revival_.absences(); }
  /// How often the target was waited for though it had answered, see Revival.
  size_t unexplained() const { return revival_.unexplained(); }
  /// Of requests that were not sent through the session: that there were so many; that they reached the target, and
  /// whether what came of them would explain that it goes.
  void count_requests(size_t requests) { revival_.count(requests); }
  void note_there(bool explains) { revival_.note_there(explains); }
  bool is_gone() const { return is_gone_; }
  /// Ids of operations that were asked for without tricks, and answered, but never below 400; in the contract's order.
  std::vector<std::string> never_accepted() const;
  const std::vector<std::pair<const contract::Operation*, const contract::Response*>>& met() const { return met_; }

 private:
  /// A read that shows what the target has, so that answers can be predicted.
  struct Look {
    conformance::Call call;
    size_t failed = 0;  ///< how often one after the other it ended with a finding
    size_t pause = 0;   ///< for so many sequences it is left out
  };

  /// Calls to be sent once more, in the words of an oracle that begins anew where they name what the server makes up.
  struct Try {
    Sequence calls;
    bool is_anew = false;
  };
  /// A call that changed the state, and what came of it: it may have made what a later sequence needs.
  struct Maker {
    conformance::Sent sent;
    conformance::Exchange exchange;
  };

  std::unique_ptr<conformance::Conversation> begin();
  conformance::Played play_calls(const Sequence& calls, conformance::Conversation& conversation);
  std::vector<conformance::Played> look_around(conformance::Conversation& conversation);
  conformance::Played play_again(const Try& calls);
  Try try_of(const std::vector<conformance::Sent>& sent, const std::vector<conformance::Exchange>& exchanges) const;
  Try try_with_makers(const Found& found) const;
  std::vector<std::string> made_before(const std::vector<conformance::Sent>& sent, const Sequence& first_told) const;
  void remember_makers(const conformance::Played& played);
  void note(const conformance::Played& played, bool& is_new);
  void collect(conformance::Played& played);
  void shrink(Found& found);
  void shrink(Found& found, const conformance::Finding& sought);
  bool shows(const Try& calls, const conformance::Finding& sought, Found& found);
  bool shows_absence(const Try& calls, Found& found);
  bool is_chance(const std::string& subject);
  void find_carrier(Found& found, const conformance::Finding& sought);
  Sequence looks() const;
  conformance::Finding absence(const char* message, const std::vector<conformance::Sent>& sent,
                               std::vector<conformance::Exchange> exchanges) const;
  void add_found(conformance::Finding finding, std::vector<conformance::Sent> sent);
  void add_return(std::vector<conformance::Played>& all, size_t requests_before);
  bool counts(const conformance::Finding& finding) const;

  const conformance::Suite& suite_;
  const SessionOptions& options_;
  const bool is_known_;  ///< the target begins as the contract says
  const Generator generator_;
  Revival revival_;
  conformance::Oracle oracle_;
  Causes causes_;
  std::vector<Look> looks_;
  std::deque<Maker> makers_;  ///< the latest, where sequences share one state
  std::set<uint64_t> seen_;
  std::vector<uint64_t> tuples_;
  std::vector<conformance::Sent> last_sent_;
  std::vector<conformance::Exchange> last_exchanges_;
  std::vector<std::pair<const contract::Operation*, const contract::Response*>> met_;  ///< each once
  std::map<std::string, bool> accepted_;    ///< by the operation's id: whether any answer was below 400
  std::map<std::string, size_t> silences_;  ///< by subject: hangs that did not show again
  size_t planned_ = 0, unsent_ = 0;
  bool is_gone_ = false;
};

}  // namespace counterpart::fuzz::server

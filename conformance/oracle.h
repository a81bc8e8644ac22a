#pragma once
/// The engine as the one who knows the right answer: it keeps the state that the target ought to be in, and how much of
/// it is sure. Where the contract makes values up (Suite::initial_other), it keeps a second world beside the first one,
/// to know which ones those are.

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/aliases.h"
#include "conformance/suite.h"

namespace counterpart::conformance {

/// What the contract answers; if it makes values up, also how the second world answers, for Oracle::settle().
struct Prediction {
  engine::Answer answer;
  std::optional<http::Response> other;
};

/// One thread at a time.
class Oracle {
 public:
  /// `known`: the target begins in the contract's initial state. Else nothing is sure until it has been observed.
  Oracle(const Suite& suite, bool known);

  /// The target is in the contract's initial state, changed by what `given` (nullptr: nothing) gives.
  void restart(const scenario::Scenario* given);
  /// The target went another way: nothing is sure any more.
  void lose();

  /// Others change the target's state meanwhile: nothing is sure, whatever is observed.
  void share() { is_shared_ = true; }

  struct World {
    std::unique_ptr<state::Space> space;
    std::unique_ptr<state::Space> other;  ///< nullptr: nothing is made up
  };
  /// The state as it is, to be restored when the target turns out to have done nothing.
  std::unique_ptr<World> copy() const;
  void restore(std::unique_ptr<World> world) { world_ = std::move(*world); }
  /// Lets so much time pass.
  void advance(int64_t ms);

  /// What the contract answers; the state moves on.
  engine::Answer answer(const http::Request& request);
  /// The same of a call whose request, as it is sent, has the server's values.
  Prediction predict(const Call& call, const http::Request& request);
  /// The same where the call's tricks were read in one of several ways.
  Prediction predict(const http::Request& first, const http::Request& second);
  bool makes_values_up() const { return world_.other != nullptr; }
  /// Writes the server's values into what was predicted, and learns those that came first with this answer. To be
  /// called for the latest prediction, if this is the response that was predicted. `learns`: else the state of
  /// knowledge stays.
  void settle(Prediction& prediction, const http::Response& came, bool learns);
  /// As who made the call would have to say it to the oracle's worlds, and in turn to the server.
  Call as_in(Aliases::World world, const Call& call) const { return aliases_.as_in(world, call); }
  Call as_at_server(Call call) const { return aliases_.as_at_server(std::move(call)); }
  /// Texts and numbers that items have, as the server knows them.
  std::vector<Json> known_values() const;

  /// What it would answer; the state stays.
  engine::Answer foresee(const http::Request& request) const;
  /// Whether the answers to this credential (nullptr: none is presented) follow from what is known.
  bool is_sure(const std::string* credential) const;
  /// Learns from an answer of the target, by the operation's `observe`: afterwards is_sure(), if it has stored anything
  /// of this credential and the answer is then what the contract says. `body` is the answer's, as body_of().
  void learn(const Call& call, const http::Request& request, const contract::Operation& operation,
             const http::Response& response, const Json& body);

  state::Space& space() { return *world_.space; }

 private:
  bool observe(Aliases::World world, const Call& call, const http::Request& request, const http::Response& response,
               const Json& body, state::Space& space) const;

  const Suite& suite_;
  bool known_;
  bool is_shared_ = false;
  std::set<std::string> observed_;  ///< credentials of which `observe` has stored what the target has
  std::set<std::string> learned_;   ///< and one of whose answers was then as predicted
  World world_;
  Aliases aliases_;
};

}  // namespace counterpart::conformance

#pragma once
/// The engine as the one who knows the right answer: it keeps the state that the target ought to be in, and how much of
/// it is sure.

#include <memory>
#include <set>
#include <string>

#include "conformance/suite.h"

namespace counterpart::conformance {

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

  /// The state as it is, to be restored when the target turns out to have done nothing.
  std::unique_ptr<state::Space> copy() const;
  void restore(std::unique_ptr<state::Space> space) { space_ = std::move(space); }

  /// What the contract answers; the state moves on.
  engine::Answer answer(const http::Request& request);
  /// What it would answer; the state stays.
  engine::Answer foresee(const http::Request& request) const;
  /// Whether the answers to this credential (nullptr: none is presented) follow from what is known.
  bool is_sure(const std::string* credential) const;
  /// Learns from an answer of the target, by the operation's `observe`: afterwards is_sure(), if the answer is then what
  /// the contract says.
  void learn(const http::Request& request, const contract::Operation& operation, const std::string* credential,
             const http::Response& response);

  state::Space& space() { return *space_; }

 private:
  const Suite& suite_;
  bool known_;
  bool is_shared_ = false;
  std::set<std::string> learned_;  ///< credentials
  std::unique_ptr<state::Space> space_;
};

}  // namespace counterpart::conformance

#pragma once
/// A target that may crash and come back: waits for it, and never sends a request twice. Between the player of
/// conformance and the target's own conversations.

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "conformance/target.h"

namespace counterpart::fuzz::server {

/// One thread at a time.
class Revival {
 public:
  /// `wait_ms`: how long a target that was there once may be away; it is waited for no longer once `is_over` says so.
  Revival(conformance::Target& target, int64_t wait_ms, std::function<bool()> is_over)
      : target_(target), wait_ms_(wait_ms), is_over_(std::move(is_over)) {}

  /// A conversation that counts what it sends. Throws EnvironmentError when the target does not come back.
  std::unique_ptr<conformance::Conversation> open();

  size_t requests() const { return requests_; }
  void count(size_t requests) { requests_ += requests; }
  /// How often it had to be waited for.
  size_t absences() const { return absences_; }
  /// How often of these nobody listened although it had answered just before, so that nothing has told yet why it went.
  /// What requests() was, the latest time, with the request that had to wait.
  size_t unexplained() const { return unexplained_; }
  size_t unexplained_at() const { return unexplained_at_; }
  /// Whether the latest request was answered.
  bool has_answered() const { return has_answered_; }
  /// Whether it was ever there.
  bool was_there() const { return was_there_; }
  /// Another than a conversation has spoken with it. `explains`: what came of that would explain that it goes.
  void note_there(bool explains) {
    was_there_ = true;
    has_answered_ = !explains;
  }

 private:
  friend class Waiting;
  /// Tries until it says true, or the target was away for too long.
  bool wait_for(const std::function<bool()>& is_there);
  /// Nobody listens.
  void note_refusal();

  conformance::Target& target_;
  const int64_t wait_ms_;
  const std::function<bool()> is_over_;
  size_t requests_ = 0;
  size_t absences_ = 0;
  size_t unexplained_ = 0, unexplained_at_ = 0;
  bool was_there_ = false;
  bool has_answered_ = false;  ///< the latest request
};

}  // namespace counterpart::fuzz::server

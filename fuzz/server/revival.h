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
  /// Whether it was ever there.
  bool was_there() const { return was_there_; }

 private:
  friend class Waiting;
  /// Tries until it says true, or the target was away for too long.
  bool wait_for(const std::function<bool()>& is_there);

  conformance::Target& target_;
  const int64_t wait_ms_;
  const std::function<bool()> is_over_;
  size_t requests_ = 0;
  size_t absences_ = 0;
  bool was_there_ = false;
};

}  // namespace counterpart::fuzz::server

#pragma once
/// What a space is scripted to do with one contract: entries in the order they were added, each with how often it still
/// holds. Thread-safe.

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "engine/director.h"
#include "mock/play/cues.h"

namespace counterpart::mock {

/// An entry whose turn it is.
struct Cue {
  std::shared_ptr<Cues> cues;
  size_t entry = 0;

  const scenario::Entry& operator*() const { return cues->entries()[entry]; }
  const std::shared_ptr<const faults::Fault>& fault() const { return cues->fault(entry); }
};

class Script {
 public:
  void add(std::shared_ptr<Cues> cues);
  void clear();
  bool empty() const { return is_empty_.load(std::memory_order_acquire); }
  /// Everything that was added, in order.
  std::vector<std::shared_ptr<Cues>> cues() const;

  /// The first entry that is for the request, holds, still has times left and wins its chance; one of its times is then
  /// used up. Throws expression::Error.
  std::optional<Cue> next(engine::Asked& asked, state::Random& random);

 private:
  struct Act {
    explicit Act(std::shared_ptr<Cues> cues);
    std::shared_ptr<Cues> cues;
    std::vector<std::atomic<uint64_t>> left;  ///< by entry
  };
  using Acts = std::vector<std::shared_ptr<Act>>;

  std::shared_ptr<const Acts> acts() const;

  mutable std::mutex mutex_;
  std::shared_ptr<const Acts> acts_ = std::make_shared<Acts>();
  std::atomic<bool> is_empty_{true};
};

}  // namespace counterpart::mock

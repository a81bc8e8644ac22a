#pragma once
/// What one request came to: the answer, how it goes out, and why.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "engine/engine.h"
#include "mock/handler.h"
#include "mock/journal.h"
#include "mock/play/script.h"
#include "mock/stage.h"

namespace counterpart::mock {

/// What `play` made of an answer, so that it is no longer the contract's response it is made from.
enum class Change { none, overridden, damaged };

struct Played {
  std::shared_ptr<const Stage> stage;  ///< keeps alive what the answer points at
  engine::Answer answer;
  int64_t at_ms = 0;  ///< of the space's clock
  std::chrono::milliseconds delay{0};
  std::shared_ptr<const faults::Fault> fault;
  uint64_t fault_seed = 0;
  std::string_view fault_name;               ///< "" for none; holds as long as `cue`
  std::optional<Cue> cue;                    ///< the entry of `play` that had its turn
  bool violation = false;                    ///< a strict scenario did not await it
  Change change = Change::none;              ///< what `play` made of the answer
  const engine::Engine* contract = nullptr;  ///< that answered; nullptr: none has the path
};

/// What the client gets and the document does not have: a response of the contract's own, or what `play` put in the place
/// of one. Of what a fault damaged nothing is said: the client knows it is no answer.
inline bool is_undocumented(const Played& played) {
  if (played.change == Change::overridden) return true;
  return played.change == Change::none && played.answer.documented != nullptr && !played.answer.is_documented;
}

/// No operation is meant, and no strict scenario says so.
inline bool is_unmatched(const Played& played) {
  constexpr int first_error = 400;
  return played.answer.operation == nullptr && played.answer.response.status >= first_error && !played.violation;
}

/// As the journal has it. Its texts are those of `request` and `played`. `microseconds`: the answer took.
JournalEntry entry_of(const http::Request& request, const Played& played, int64_t microseconds);

}  // namespace counterpart::mock

#pragma once
/// What a space was asked and answered: a ring of the latest exchanges, bounded by their number and by their bytes.
/// What fell out is counted, never forgotten silently. Not thread-safe: its space's lock guards it.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "engine/http/message.h"

namespace counterpart::mock {

/// One exchange, taken apart again. Views hold until the journal changes.
struct JournalEntry {
  uint64_t id = 0;           ///< from 1, in order; ids are never used again, also after clear()
  int64_t at_ms = 0;         ///< of the space's clock
  int64_t real_ms = 0;       ///< of the real clock
  int64_t microseconds = 0;  ///< the answer took, without its delay
  int64_t delay_ms = 0;
  std::string_view method, target;
  std::string_view request_body;  ///< its beginning, where it is longer than JournalLimits::body_bytes_max
  std::string_view contract, operation, response, rule_file, fault;  ///< names; "" for none
  std::vector<std::pair<std::string_view, std::string_view>> request_headers, response_headers;
  int32_t rule_line = 0;  ///< of the rule or the entry of `play` that chose the response
  int status = 0;
  std::string_view response_body;   ///< as request_body
  uint64_t request_body_bytes = 0;  ///< how long it was; given by add()
  uint64_t response_body_bytes = 0;
  std::vector<std::string_view> differences;  ///< of an unmatched request: from `nearest`
  std::string_view nearest;                   ///< the operation it comes nearest to
  bool violation = false;                     ///< a strict scenario did not await it
  bool unmatched = false;                     ///< no operation is meant
  bool undocumented = false;                  ///< the document does not have what was answered

  bool is_cut() const { return request_body.size() < request_body_bytes; }
};

struct JournalLimits {
  size_t entries_max = 1'000;         ///< 0: nothing is remembered
  size_t bytes_max = 16u << 20;       ///< of one journal, all that its entries hold
  size_t body_bytes_max = 64 * 1024;  ///< of each body: one large request is not to push out all others
};

class Journal {
 public:
  explicit Journal(JournalLimits limits) : limits_(limits) {}

  /// False when its limit is no entry at all: add() then does nothing.
  bool keeps() const { return limits_.entries_max > 0; }

  /// Adds an exchange (its `id`, and the sizes of its bodies, are given here) and drops the oldest until the limits
  /// hold. An exchange that alone is larger than `bytes_max` is kept with its bodies cut, so the journal never misses
  /// the latest.
  void add(const JournalEntry& entry);
  /// How much it may hold from now on: many journals share one budget. Drops what is too much, but for the latest.
  void set_bytes_max(size_t bytes);

  size_t size() const { return records_.size(); }
  size_t bytes() const { return bytes_; }
  /// How many were dropped since the last clear().
  uint64_t dropped() const { return dropped_; }
  /// The index-th that is still there, the oldest first.
  JournalEntry at(size_t index) const;
  void clear();

 private:
  void trim();

  JournalLimits limits_;
  std::deque<std::string> records_;  ///< each entry packed into one text: one allocation an exchange
  size_t bytes_ = 0;
  uint64_t next_id_ = 1;
  uint64_t dropped_ = 0;
};

}  // namespace counterpart::mock

#pragma once
/// What a run looks like on a terminal: how far it is, and in the end what it found. Bytes from servers never reach the
/// terminal as they came.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "conformance/report.h"

namespace counterpart::conformance::reports {

struct TerminalStyle {
  bool colour = false;
  size_t columns = 100;
};

inline constexpr size_t terminal_findings_max = 50;
inline constexpr size_t terminal_rows_max = 200;  ///< of each table

/// The findings, what was not judged and why, stale known failures, coverage, and a last line that sums up.
std::string terminal_text(const Report& report, const TerminalStyle& style);

struct ProgressOptions {
  bool live = false;  ///< one line that is redrawn; else a line for each case
  TerminalStyle style;
  size_t cases = 0;                           ///< how many there will be; 0: not known
  std::function<void(std::string_view)> out;  ///< writes, and flushes
  std::function<int64_t()> now_ms;            ///< of a clock that never goes back
};

/// Tells of cases as they end. Thread-safe.
class Progress {
 public:
  static constexpr int64_t redraw_ms = 100;

  explicit Progress(ProgressOptions options) : options_(std::move(options)) {}

  void done(const CaseResult& result);
  /// Takes the live line away. To be called before anything else is written.
  void finish();

 private:
  void draw(const std::string& name);

  std::mutex mutex_;
  ProgressOptions options_;
  size_t counts_[5] = {};
  size_t ended_ = 0;
  int64_t drawn_ms_ = 0;
  bool is_drawn_ = false;
};

}  // namespace counterpart::conformance::reports

#pragma once
/// One line on a terminal that is drawn again and again, for `fuzz client` and `fuzz server`.

#include <chrono>
#include <cstdio>
#include <functional>
#include <string>

namespace counterpart::cli {

class ProgressLine {
 public:
  /// `to`: nullptr where no progress is wanted; nor is any shown where it is no terminal.
  explicit ProgressLine(std::FILE* to);

  /// Ten times a second at most; `text` is asked only then.
  void draw(const std::function<std::string()>& text);
  /// Takes the line away.
  void finish() const;

 private:
  std::FILE* const to_;
  bool is_drawn_ = false;
  std::chrono::steady_clock::time_point drawn_{};
};

}  // namespace counterpart::cli

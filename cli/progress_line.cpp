#include "cli/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

namespace counterpart::cli {

ProgressLine::ProgressLine(std::FILE* to) : to_(to != nullptr && ::isatty(::fileno(to)) != 0 ? to : nullptr) {}

void ProgressLine::draw(const std::function<std::string()>& text) {
  constexpr std::chrono::milliseconds redraw_time(100);
  const auto now = std::chrono::steady_clock::now();
  if (to_ == nullptr || now - drawn_ < redraw_time) return;
  drawn_ = now;
  is_drawn_ = true;
  fmt::print(to_, "\r\x1b[K {}", text());
  std::fflush(to_);
}

void ProgressLine::finish() const {
  if (!is_drawn_) return;
  fmt::print(to_, "\r\x1b[K");
  std::fflush(to_);
}

}  // namespace counterpart::cli

#include "cli/progress_line.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace counterpart::cli {

namespace {

/// Of the terminal; 0: it does not say.
size_t columns(std::FILE* terminal) {
  winsize size{};
  return ::ioctl(::fileno(terminal), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/// As much as fits behind a blank: a line that goes on in the next one is not taken away by "\r". Each character is one
/// column wide.
std::string cut(std::string text, size_t columns) {
  if (columns == 0) return text;
  size_t width = 1;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool begins_character = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    if (begins_character && ++width >= columns) return text.substr(0, i);
  }
  return text;
}

}  // namespace

ProgressLine::ProgressLine(std::FILE* to) : to_(to != nullptr && ::isatty(::fileno(to)) != 0 ? to : nullptr) {}

void ProgressLine::draw(const std::function<std::string()>& text) {
  constexpr std::chrono::milliseconds redraw_time(100);
  const auto now = std::chrono::steady_clock::now();
  if (to_ == nullptr || now - drawn_ < redraw_time) return;
  drawn_ = now;
  is_drawn_ = true;
  fmt::print(to_, "\r\x1b[K {}", cut(text(), columns(to_)));
  std::fflush(to_);
}

void ProgressLine::finish() const {
  if (!is_drawn_) return;
  fmt::print(to_, "\r\x1b[K");
  std::fflush(to_);
}

}  // namespace counterpart::cli

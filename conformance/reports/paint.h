#pragma once
/// ANSI escapes, or nothing where no colour is wanted. For what is shown on a terminal.

#include <string>
#include <string_view>

namespace counterpart::conformance::reports {

struct Paint {
  bool colour = false;

  std::string operator()(std::string_view code, std::string_view text) const {
    if (!colour || text.empty()) return std::string(text);
    return std::string("\x1b[").append(code).append("m").append(text).append("\x1b[0m");
  }
  std::string bold(std::string_view text) const { return (*this)("1", text); }
  std::string dim(std::string_view text) const { return (*this)("2", text); }
  std::string red(std::string_view text) const { return (*this)("31", text); }
  std::string green(std::string_view text) const { return (*this)("32", text); }
  std::string yellow(std::string_view text) const { return (*this)("33", text); }
};

}  // namespace counterpart::conformance::reports

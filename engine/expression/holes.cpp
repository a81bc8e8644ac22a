#include "engine/expression/holes.h"

#include <algorithm>
#include <utility>

namespace counterpart::expression {

namespace {

/// The place of the `}` that closes the hole whose expression begins at `at`; npos when none does.
size_t end_of_hole(std::string_view text, size_t at) {
  int depth = 1;
  for (size_t i = at; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return i;
    if (text[i] != '"' && text[i] != '\'') continue;
    const char quote = text[i];
    for (++i; i < text.size() && text[i] != quote; ++i) {
      if (text[i] == '\\') ++i;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::optional<std::vector<Piece>> cut_at_holes(std::string_view text) {
  std::vector<Piece> pieces;
  std::string literal;
  int line = 0;
  for (size_t i = 0; i < text.size();) {
    if (text.substr(i, 3) == "$${") {
      literal += "${";
      i += 3;
    } else if (text.substr(i, 2) == "${") {
      const size_t end = end_of_hole(text, i + 2);
      if (end == std::string_view::npos) return std::nullopt;
      const std::string_view code = text.substr(i + 2, end - i - 2);
      if (!literal.empty()) pieces.push_back({false, std::exchange(literal, {}), 0, 0});
      pieces.push_back({true, std::string(code), i + 2, line});
      line += static_cast<int>(std::count(code.begin(), code.end(), '\n'));
      i = end + 1;
    } else {
      if (text[i] == '\n') ++line;
      literal += text[i++];
    }
  }
  if (!literal.empty() || pieces.empty()) pieces.push_back({false, std::move(literal), 0, 0});
  return pieces;
}

}  // namespace counterpart::expression

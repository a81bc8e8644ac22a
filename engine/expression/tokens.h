#pragma once
/// Lua code as tokens: for what looks at snippets without running them (names.h, plain.h).

#include <string_view>
#include <vector>

namespace counterpart::expression {

struct Token {
  enum class Kind { name, keyword, number, text, symbol, end };
  Kind kind = Kind::end;
  std::string_view text;
  size_t offset = 0;
};

/// Without comments and white space. What is no Lua becomes tokens all the same: Lua will say so.
std::vector<Token> tokens_of(std::string_view code);

/// Whether a word is Lua's own, so that nothing can have it for a name.
bool is_keyword(std::string_view word);

}  // namespace counterpart::expression

#include "engine/expression/tokens.h"

#include <algorithm>

#include "engine/expression/method_calls.h"

namespace counterpart::expression {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// The end of the numeral that begins at `at`, as Lua reads it: exponents take their sign with them.
size_t number_end(std::string_view code, size_t at) {
  const bool hex = code[at] == '0' && at + 1 < code.size() && (code[at + 1] | 0x20) == 'x';
  for (++at; at < code.size(); ++at) {
    const char c = code[at];
    const char before = static_cast<char>(code[at - 1] | 0x20);
    if ((c == '+' || c == '-') && before == (hex ? 'p' : 'e')) continue;
    if (!is_digit(c) && !starts_name(c) && c != '.') break;
  }
  return at;
}

size_t symbol_length(std::string_view rest) {
  for (const std::string_view symbol : {"...", "..", "::", "==", "~=", "<=", ">=", "//", "<<", ">>"}) {
    if (rest.starts_with(symbol)) return symbol.size();
  }
  return 1;
}

}  // namespace

bool is_keyword(std::string_view word) {
  static constexpr std::string_view keywords[] = {
      "and", "break", "do",  "else", "elseif", "end",    "false",  "for",  "function", "goto",  "if",
      "in",  "local", "nil", "not",  "or",     "repeat", "return", "then", "true",     "until", "while"};
  return std::find(std::begin(keywords), std::end(keywords), word) != std::end(keywords);
}

std::vector<Token> tokens_of(std::string_view code) {
  std::vector<Token> tokens;
  for (size_t at = 0; at < code.size();) {
    const char c = code[at];
    size_t end = skip_opaque(code, at);
    Token::Kind kind = Token::Kind::symbol;
    if (end != at) {
      kind = Token::Kind::text;
      if (c == '-') {  // a comment
        at = end;
        continue;
      }
    } else if (starts_name(c)) {
      for (end = at; end < code.size() && (starts_name(code[end]) || is_digit(code[end]));) ++end;
      const std::string_view word = code.substr(at, end - at);
      kind = is_keyword(word) ? Token::Kind::keyword : Token::Kind::name;
    } else if (is_digit(c) || (c == '.' && at + 1 < code.size() && is_digit(code[at + 1]))) {
      kind = Token::Kind::number;
      end = number_end(code, at);
    } else if (static_cast<unsigned char>(c) <= ' ') {
      ++at;
      continue;
    } else {
      end = at + symbol_length(code.substr(at));
    }
    tokens.push_back({kind, code.substr(at, end - at), at});
    at = end;
  }
  return tokens;
}

}  // namespace counterpart::expression

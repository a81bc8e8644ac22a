#include "engine/expression/method_calls.h"

#include <algorithm>
#include <array>

namespace counterpart::expression {
namespace {

constexpr std::array<std::string_view, 17> methods{
    "all",       "where",   "first",    "insert", "update", "remove", "rep", "upper", "remove_where",
    "remove_if", "replace", "order_by", "format", "lower",  "sub",    "len", "count"};

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The end of a long bracket ([[...]], [==[...]==]) that opens at `at`, or `at` when none opens there.
size_t skip_long_bracket(std::string_view code, size_t at) {
  size_t level = at + 1;
  while (level < code.size() && code[level] == '=') ++level;
  if (at >= code.size() || code[at] != '[' || level >= code.size() || code[level] != '[') return at;
  const std::string close = "]" + std::string(level - at - 1, '=') + "]";
  const size_t end = code.find(close, level + 1);
  return end == std::string_view::npos ? code.size() : end + close.size();
}

/// The end of the quoted string that opens at `at`. An unclosed one ends with the code: Lua will say so.
size_t skip_quoted(std::string_view code, size_t at) {
  const char quote = code[at];
  for (size_t i = at + 1; i < code.size(); ++i) {
    if (code[i] == '\\') {
      ++i;
    } else if (code[i] == quote) {
      return i + 1;
    }
  }
  return code.size();
}

}  // namespace

size_t skip_opaque(std::string_view code, size_t at) {
  if (code[at] == '"' || code[at] == '\'') return skip_quoted(code, at);
  if (code[at] == '[') return skip_long_bracket(code, at);
  if (code[at] != '-' || at + 1 >= code.size() || code[at + 1] != '-') return at;
  const size_t bracket = skip_long_bracket(code, at + 2);
  if (bracket != at + 2) return bracket;
  return std::min(code.find('\n', at), code.size());
}

bool changes_state(std::string_view method) {
  static constexpr std::array<std::string_view, 6> changing{"insert",       "update",    "remove",
                                                            "remove_where", "remove_if", "replace"};
  return std::find(changing.begin(), changing.end(), method) != changing.end();
}

bool is_method(std::string_view name) { return std::find(methods.begin(), methods.end(), name) != methods.end(); }

std::string rewrite_method_calls(std::string_view code) {
  std::string out;
  out.reserve(code.size() + 16);
  for (size_t i = 0; i < code.size();) {
    if (const size_t end = skip_opaque(code, i); end != i) {
      out += code.substr(i, end - i);
      i = end;
      continue;
    }
    if (code[i] != ':' || (i + 1 < code.size() && code[i + 1] == ':') || (i > 0 && code[i - 1] == ':')) {
      out += code[i++];
      continue;
    }
    size_t start = i + 1;
    while (start < code.size() && (code[start] == ' ' || code[start] == '\n' || code[start] == '\t')) ++start;
    size_t end = start;
    while (end < code.size() && is_name_character(code[end])) ++end;
    const std::string_view name = code.substr(start, end - start);
    if (!is_method(name)) {
      out += code[i++];
      continue;
    }
    out += code.substr(i + 1, start - i - 1);  // white space, so that lines keep their numbers
    out += " \"";
    out += name;
    out += '"';
    i = end;
  }
  return out;
}

}  // namespace counterpart::expression

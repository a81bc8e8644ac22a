#include "engine/schema/regex_input.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/document/utf8.h"

namespace counterpart::schema {

namespace {

// What \s matches, for the inside of a class, and everything else (ECMA-262, 22.2.2.9).
constexpr std::string_view spaces =
    R"(\t\n\x{b}\f\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff})";
constexpr std::string_view non_spaces =
    R"(\x{0}-\x{8}\x{e}-\x{1f}\x{21}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e})"
    R"(\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff})";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_among(char c, std::string_view characters) { return characters.find(c) != std::string_view::npos; }

uint32_t decoded(std::string_view bytes) {
  const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(bytes[i])); };
  if (bytes.size() == 1) return byte(0);
  uint32_t value = byte(0) & (0x7fu >> bytes.size());
  for (size_t i = 1; i < bytes.size(); ++i) value = value << 6 | (byte(i) & 0x3f);
  return value;
}

}  // namespace

bool RegexInput::take(std::string_view text) {
  if (!rest_.starts_with(text)) return false;
  rest_.remove_prefix(text.size());
  return true;
}

size_t RegexInput::take_digits() {
  size_t count = 0;
  while (count < rest_.size() && is_digit(rest_[count])) ++count;
  rest_.remove_prefix(count);
  return count;
}

void RegexInput::fail(Regex& regex, std::string_view what, std::string_view where) {
  if (regex.problem.empty()) regex.problem = fmt::format("{}: {}", what, where);
}

RegexAtom RegexInput::read_atom(Regex& regex) {
  if (rest_.size() == 1 && rest_.front() == '\\') {
    fail(regex, "trailing \\", pattern_);
    rest_ = {};
    return {0, {}};
  }
  if (rest_.front() == '\\') return read_escape(regex);
  const document::Utf8Step step = document::utf8_step(rest_, 0);
  const RegexAtom atom{decoded(rest_.substr(0, step.bytes)), {}};
  rest_.remove_prefix(step.bytes);
  return atom;
}

RegexAtom RegexInput::read_escape(Regex& regex) {
  const std::string_view escape = rest_.substr(0, 2);
  const char letter = escape[1];
  rest_.remove_prefix(1);
  if ((static_cast<unsigned char>(letter) & 0x80) != 0) return read_atom(regex);
  rest_.remove_prefix(1);
  constexpr std::string_view controls = "tnvfr";
  if (const size_t at = controls.find(letter); at != std::string_view::npos) {
    return {static_cast<uint32_t>(std::string_view("\t\n\v\f\r")[at]), {}};
  }
  if (letter == 's') return {{}, std::string(spaces)};
  if (letter == 'S') return {{}, std::string(non_spaces)};
  if (is_among(letter, "dDwW")) return {{}, std::string(escape)};
  if (is_among(letter, "pP")) return read_property(regex, letter);
  if (letter == 'x') return {read_hex(regex, 2), {}};
  if (letter == 'u') return {read_unicode(regex), {}};
  if (letter == 'c' && !rest_.empty() && is_letter(rest_.front())) {
    const auto control = static_cast<uint32_t>(rest_.front()) % 32;
    rest_.remove_prefix(1);
    return {control, {}};
  }
  if (letter == '0' && (rest_.empty() || !is_digit(rest_.front()))) return {0, {}};
  if (is_letter(letter) || is_digit(letter)) fail(regex, "invalid escape sequence", escape);
  return {static_cast<unsigned char>(letter), {}};
}

RegexAtom RegexInput::read_property(Regex& regex, char letter) {
  std::string_view name = rest_.substr(0, 1);
  if (take("{")) {
    name = rest_.substr(0, rest_.find('}'));
    if (name.size() == rest_.size()) fail(regex, "invalid character class", fmt::format("\\{}{{{}", letter, name));
    rest_.remove_prefix(std::min(name.size() + 1, rest_.size()));
  } else {
    regex.is_foreign = true;
    rest_.remove_prefix(name.size());
  }
  if (name == "ASCII") return {{}, letter == 'p' ? "\\x{0}-\\x{7f}" : "\\x{80}-\\x{10ffff}"};
  return {{}, fmt::format("\\{}{{{}}}", letter, property_of_re2(name))};
}

uint32_t RegexInput::read_hex(Regex& regex, size_t digits) {
  uint32_t value = 0;
  for (size_t i = 0; i < digits; ++i) {
    constexpr std::string_view known = "0123456789abcdefABCDEF";
    const size_t digit = i < rest_.size() ? known.find(rest_[i]) : std::string_view::npos;
    if (digit == std::string_view::npos) {
      fail(regex, "invalid escape sequence",
           "\\" + std::string(digits == 2 ? "x" : "u") + std::string(rest_.substr(0, i)));
      return 0;
    }
    value = value * 16 + static_cast<uint32_t>(digit < 16 ? digit : digit - 6);
  }
  rest_.remove_prefix(digits);
  return value;
}

/// \uXXXX, two of them that are one character, or \u{X}.
uint32_t RegexInput::read_unicode(Regex& regex) {
  constexpr uint32_t last = 0x10ffff;
  constexpr size_t digits_max = 7;
  const std::string_view before = rest_;
  if (take("{")) {
    const size_t digits = rest_.find('}');
    const bool has_digits = digits != std::string_view::npos && digits > 0 && digits <= digits_max;
    const uint32_t value = has_digits ? read_hex(regex, digits) : last + 1;
    if (value > last) fail(regex, "invalid escape sequence", "\\u" + std::string(before.substr(0, digits_max)));
    take("}");
    return std::min(value, last);
  }
  const uint32_t first = read_hex(regex, 4);
  if (first < 0xd800 || first > 0xdbff || !rest_.starts_with("\\u") || rest_.starts_with("\\u{")) return first;
  const std::string_view behind_first = rest_;
  rest_.remove_prefix(2);
  const uint32_t second = read_hex(regex, 4);
  if (second >= 0xdc00 && second <= 0xdfff) return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
  rest_ = behind_first;
  return first;
}

}  // namespace counterpart::schema

#pragma once
/// The escapes and characters of ECMA-262 regular expressions, read one after the other. Used by regex.cpp.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/schema/regex.h"

namespace counterpart::schema {

/// What an escape or a character matches: one character, or a set written for the inside of one of RE2's classes.
struct RegexAtom {
  std::optional<uint32_t> character;
  std::string set;
};

/// A pattern that is being read, from its front.
class RegexInput {
 public:
  explicit RegexInput(std::string_view pattern) : pattern_(pattern), rest_(pattern) {}

  std::string_view pattern() const { return pattern_; }
  std::string_view rest() const { return rest_; }
  bool is_over() const { return rest_.empty(); }
  bool starts_with(std::string_view text) const { return rest_.starts_with(text); }
  bool take(std::string_view text);
  void skip(size_t bytes) { rest_.remove_prefix(bytes); }
  void back_to(std::string_view rest) { rest_ = rest; }
  /// How many digits there were.
  size_t take_digits();

  /// The escape or character at the front.
  RegexAtom read_atom(Regex& regex);

  /// Says what is wrong, unless something before it was.
  static void fail(Regex& regex, std::string_view what, std::string_view where);

 private:
  RegexAtom read_escape(Regex& regex);
  RegexAtom read_property(Regex& regex, char letter);
  uint32_t read_hex(Regex& regex, size_t digits);
  uint32_t read_unicode(Regex& regex);

  std::string_view pattern_;
  std::string_view rest_;
};

}  // namespace counterpart::schema

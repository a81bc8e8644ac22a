#pragma once
/// A regular expression as JSON Schema has them (ECMA-262), run by RE2: in linear time, whatever the text.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace counterpart::schema {

class Pattern;

/// A compiled pattern, or why there is none.
struct PatternResult {
  std::shared_ptr<const Pattern> pattern;
  std::string problem;
  std::string hint;
};

class Pattern {
 public:
  /// Beside ECMA-262, what only RE2 knows is taken as well: `(?i)`, `(?P<name>...)`.
  static PatternResult compile(std::string_view written);
  explicit Pattern(std::unique_ptr<const re2::RE2> compiled);
  ~Pattern();

  /// Whether the pattern matches somewhere in the text.
  bool is_in(std::string_view text) const;
  /// What that costs at worst, in the steps of a validation.
  uint64_t work(std::string_view text) const { return text.size() * work_a_byte_ / 64; }

 private:
  std::unique_ptr<const re2::RE2> compiled_;
  uint64_t work_a_byte_ = 0;  ///< in 64ths
};

}  // namespace counterpart::schema

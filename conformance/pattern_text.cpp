#include "conformance/pattern_text.h"

#include <algorithm>
#include <bitset>
#include <cctype>

namespace counterpart::conformance {

namespace {

using Class = std::bitset<128>;

constexpr int depth_max = 32;
constexpr int steps_max = 20'000;       // a repeated group is read again for each time it stands there
constexpr size_t repeats_more_max = 3;  // past the least that a repetition asks for

Class range_of(unsigned char from, unsigned char to) {
  Class set;
  for (size_t c = from; c <= to && c < set.size(); ++c) set.set(c);
  return set;
}

/// What `\d`, `\w`, `\s` stand for, and their opposites, as far as it can be printed; empty for any other letter.
Class class_of_escape(char letter) {
  static const Class printable = range_of(' ', '~');
  static const Class digits = range_of('0', '9');
  static const Class words = digits | range_of('a', 'z') | range_of('A', 'Z') | range_of('_', '_');
  static const Class spaces = range_of(' ', ' ');
  switch (letter) {
    case 'd':
      return digits;
    case 'w':
      return words;
    case 's':
      return spaces;
    case 'D':
      return printable & ~digits;
    case 'W':
      return printable & ~words;
    case 'S':
      return printable & ~spaces;
    default:
      return {};
  }
}

/// Reads the pattern and draws while it reads.
class Drawing {
 public:
  Drawing(std::string_view pattern, state::Random& random) : pattern_(pattern), random_(random) {}

  std::optional<std::string> run() {
    std::string text = alternatives(0);
    const bool whole = !failed_ && at_ == pattern_.size() && text.size() <= pattern_text_bytes_max;
    return whole ? std::optional(std::move(text)) : std::nullopt;
  }

 private:
  char peek() const { return at_ < pattern_.size() ? pattern_[at_] : '\0'; }
  bool take(std::string_view what) {
    if (!pattern_.substr(at_).starts_with(what)) return false;
    at_ += what.size();
    return true;
  }
  std::string fail() {
    failed_ = true;
    at_ = pattern_.size();
    return "";
  }

  std::string alternatives(int depth) {
    if (depth > depth_max) return fail();
    std::string chosen = sequence(depth);
    for (uint64_t seen = 2; take("|"); ++seen) {
      std::string other = sequence(depth);
      if (random_.below(seen) == 0) chosen = std::move(other);
    }
    return chosen;
  }

  std::string sequence(int depth) {
    std::string text;
    while (at_ < pattern_.size() && peek() != '|' && peek() != ')') {
      text += repeated(depth);
      if (text.size() > pattern_text_bytes_max) return fail();
    }
    return text;
  }

  std::string repeated(int depth) {
    const size_t from = at_;
    std::string text = atom(depth);
    const auto [least, most] = quantifier();
    const size_t end = at_;
    const size_t count = least + random_.below(std::min(most - least, repeats_more_max) + 1);
    if (count == 0) return "";
    for (size_t i = 1; i < count && !failed_; ++i) {
      at_ = from;
      text += atom(depth);
      if (text.size() > pattern_text_bytes_max) return fail();
    }
    if (!failed_) at_ = end;
    return text;
  }

  struct Times {
    size_t least = 1, most = 1;
  };

  Times quantifier() {
    constexpr size_t no_end = 1 << 20;
    Times times;
    if (take("*")) {
      times = {0, no_end};
    } else if (take("+")) {
      times = {1, no_end};
    } else if (take("?")) {
      times = {0, 1};
    } else if (peek() == '{' && std::isdigit(static_cast<unsigned char>(
                                    pattern_.substr(at_ + 1).empty() ? 'x' : pattern_[at_ + 1])) != 0) {
      ++at_;
      times.least = times.most = number();
      if (take(",")) times.most = peek() == '}' ? no_end : number();
      if (!take("}") || times.most < times.least) fail();
    } else {
      return times;
    }
    take("?");  // reluctant: the same texts
    return times;
  }

  size_t number() {
    size_t value = 0;
    while (std::isdigit(static_cast<unsigned char>(peek())) != 0 && value <= pattern_text_bytes_max) {
      value = value * 10 + static_cast<size_t>(pattern_[at_++] - '0');
    }
    return value;
  }

  std::string atom(int depth) {
    if (++steps_ > steps_max) return fail();
    if (take("(")) {
      if (take("?") && !take(":")) {
        const size_t name_end = pattern_.find('>', at_);
        if (peek() == '\0' || name_end == std::string_view::npos || !(take("<") || take("P<"))) return fail();
        at_ = name_end + 1;
      }
      std::string text = alternatives(depth + 1);
      return take(")") ? text : fail();
    }
    if (take("[")) return drawn(bracketed());
    if (take(".")) return drawn(class_of_escape('w'));
    if (take("^") || take("$")) return "";
    if (take("\\")) return escaped();
    return std::string(1, pattern_[at_++]);
  }

  std::string drawn(const Class& set) {
    if (set.none()) return fail();
    uint64_t left = random_.below(set.count());
    for (size_t c = 0; c < set.size(); ++c) {
      if (set.test(c) && left-- == 0) return std::string(1, static_cast<char>(c));
    }
    return fail();
  }

  std::string escaped() {
    const char letter = peek();
    if (letter == 'b' || letter == 'B') {
      ++at_;
      return "";
    }
    if (const Class set = class_of_escape(letter); set.any()) {
      ++at_;
      return drawn(set);
    }
    const auto literal = escaped_literal();
    return literal ? std::string(1, *literal) : fail();
  }

  /// The character of an escape that stands for one of ASCII; at_ is behind its backslash.
  std::optional<char> escaped_literal() {
    if (at_ >= pattern_.size()) return std::nullopt;
    const char letter = pattern_[at_++];
    static constexpr std::string_view letters = "tnrfv0", meant{"\t\n\r\f\v\0", 6};
    if (const size_t index = letters.find(letter); index != std::string_view::npos) return meant[index];
    if (letter == 'x' || letter == 'u') {
      const size_t digits = letter == 'x' ? 2 : 4;
      unsigned value = 0;
      for (size_t i = 0; i < digits; ++i, ++at_) {
        const auto c = static_cast<unsigned char>(peek());
        if (std::isxdigit(c) == 0) return std::nullopt;
        value = value * 16 + static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
      }
      return value < 128 ? std::optional(static_cast<char>(value)) : std::nullopt;
    }
    if (std::isalnum(static_cast<unsigned char>(letter)) != 0) return std::nullopt;
    return letter;
  }

  /// A class; at_ is behind its opening bracket. Empty when nothing of it is ASCII.
  Class bracketed() {
    const bool negated = take("^");
    Class set;
    while (at_ < pattern_.size() && peek() != ']') {
      const auto from = member(set);
      if (!from) continue;
      const bool is_range = peek() == '-' && at_ + 1 < pattern_.size() && pattern_[at_ + 1] != ']';
      if (!is_range) {
        set |= range_of(*from, *from);
        continue;
      }
      ++at_;
      const auto to = member(set);
      set |= to ? range_of(*from, *to) : range_of(*from, *from) | range_of('-', '-');
    }
    if (!take("]")) fail();
    return negated ? range_of(' ', '~') & ~set : set;
  }

  /// One character of a class; nullopt when it was a whole class, which is added, or is beyond ASCII.
  std::optional<unsigned char> member(Class& set) {
    if (!take("\\")) {
      const auto c = static_cast<unsigned char>(pattern_[at_++]);
      return c < 128 ? std::optional(c) : std::nullopt;
    }
    if (const Class escape = class_of_escape(peek()); escape.any()) {
      ++at_;
      set |= escape;
      return std::nullopt;
    }
    const auto literal = escaped_literal();
    if (!literal) fail();
    return literal ? std::optional(static_cast<unsigned char>(*literal)) : std::nullopt;
  }

  const std::string_view pattern_;
  state::Random& random_;
  size_t at_ = 0;
  int steps_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<std::string> text_of_pattern(std::string_view pattern, state::Random& random) {
  return Drawing(pattern, random).run();
}

}  // namespace counterpart::conformance

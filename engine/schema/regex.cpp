#include "engine/schema/regex.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/schema/regex_input.h"

namespace counterpart::schema {

namespace {

constexpr std::string_view nothing = R"([^\x{0}-\x{10ffff}])";
constexpr std::string_view anything = R"([\x{0}-\x{10ffff}])";
constexpr std::string_view not_line_ends = R"([^\n\r\x{2028}\x{2029}])";

constexpr uint32_t before_surrogates = 0xd7ff;
constexpr uint32_t behind_surrogates = 0xe000;

bool is_surrogate(uint32_t c) { return c > before_surrogates && c < behind_surrogates; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string for_re2(uint32_t character) { return fmt::format("\\x{{{:x}}}", character); }

class Reader {
 public:
  explicit Reader(std::string_view pattern) : in_(pattern) {}

  Regex read() {
    while (!in_.is_over() && regex_.problem.empty()) read_term();
    if (groups_ > 0) fail("missing )", in_.pattern());
    return std::move(regex_);
  }

 private:
  void fail(std::string_view what, std::string_view where) { RegexInput::fail(regex_, what, where); }
  void miss(std::string_view feature) {
    if (regex_.missing.empty()) regex_.missing = feature;
  }
  void put(std::string_view text) { regex_.re2 += text; }

  /// One character, one bracket of a group, one quantifier or the like.
  void read_term() {
    const std::string_view before = in_.rest();
    const bool may_repeat = may_repeat_;
    may_repeat_ = true;
    if (in_.take("(")) return open_group();
    if (in_.take("[")) return read_class();
    if (in_.take(".")) return put(not_line_ends);
    if (before.front() == '\\') return read_escape();
    if (in_.take(")")) {
      if (groups_-- == 0) fail("unexpected )", in_.pattern());
      return put(")");
    }
    if (in_.take("|") || in_.take("^") || in_.take("$")) {
      may_repeat_ = false;
      return put(before.substr(0, 1));
    }
    if (read_quantifier()) {
      if (!may_repeat) fail("no argument for repetition operator", before.substr(0, before.size() - in_.rest().size()));
      may_repeat_ = false;
      return;
    }
    put(for_re2(*in_.read_atom(regex_).character));
  }

  void open_group() {
    ++groups_;
    may_repeat_ = false;
    if (in_.take("?:")) return put("(?:");
    if (in_.take("?=") || in_.take("?!")) {
      miss("lookahead");
    } else if (in_.take("?<=") || in_.take("?<!")) {
      miss("lookbehind");
    } else if (in_.take("?<")) {
      read_name();
    } else if (in_.starts_with("?")) {
      return open_foreign_group();
    }
    put("(");
  }

  /// (?P<name>...), (?i), (?i:...): not ECMA-262's.
  void open_foreign_group() {
    const std::string_view rest = in_.rest();
    const size_t flags = std::min(rest.find_first_not_of("imsU-", 1), rest.size());
    const bool has_flags = flags > 1 && flags < rest.size() && (rest[flags] == ')' || rest[flags] == ':');
    const std::string_view beginning = rest.starts_with("?P<") ? rest.substr(0, 3) : rest.substr(0, flags);
    if (!has_flags && !rest.starts_with("?P<")) return fail("unexpected (?", rest.substr(0, flags + 1));
    regex_.is_foreign = true;
    put("(");
    put(beginning);
    in_.skip(beginning.size());
    if (in_.take(":")) put(":");
    if (!rest.starts_with("?P<")) return;
    const std::string_view name = in_.rest().substr(0, in_.rest().find('>'));
    read_name();
    put(name);
    put(">");
  }

  /// Up to and with the ">".
  void read_name() {
    const std::string_view rest = in_.rest();
    const size_t end = rest.find('>');
    const bool good = end != std::string_view::npos && end > 0 && !is_digit(rest.front()) &&
                      rest.substr(0, end).find_first_of("()[]{}\\|*+?.^<= ") == std::string_view::npos;
    if (!good) return fail("invalid group name", rest.substr(0, end));
    in_.skip(end + 1);
  }

  /// * + ? {n} {n,} {n,m}, perhaps lazy. A brace that is none stands for itself.
  bool read_quantifier() {
    const std::string_view before = in_.rest();
    if (in_.take("{")) {
      const size_t least = in_.take_digits();
      if (least > 0 && in_.take(",")) in_.take_digits();
      if (least == 0 || !in_.take("}")) {
        in_.back_to(before);
        return false;
      }
    } else if (!in_.take("*") && !in_.take("+") && !in_.take("?")) {
      return false;
    }
    in_.take("?");
    put(before.substr(0, before.size() - in_.rest().size()));
    return true;
  }

  void read_escape() {
    const std::string_view escape = in_.rest().substr(0, 2);
    if (escape == "\\b" || escape == "\\B") {
      may_repeat_ = false;
      in_.skip(2);
      return put(escape);
    }
    if (escape.size() == 2 && is_digit(escape[1]) && escape[1] != '0') {
      in_.skip(1);
      in_.take_digits();
      return miss("references back to a group");
    }
    if (in_.take("\\k")) {
      if (!in_.take("<")) return fail("invalid escape sequence", escape);
      read_name();
      return miss("references back to a group");
    }
    const RegexAtom atom = in_.read_atom(regex_);
    if (!atom.character) return put("[" + atom.set + "]");
    put(is_surrogate(*atom.character) ? std::string(nothing) : for_re2(*atom.character));
  }

  void read_class() {
    const std::string_view before = in_.rest();
    const bool is_negated = in_.take("^");
    std::string set;
    while (!in_.take("]")) {
      if (in_.is_over()) return fail("missing ]", "[" + std::string(before));
      set += read_range();
      if (!regex_.problem.empty()) return;
    }
    if (set.empty()) return put(is_negated ? anything : nothing);
    put((is_negated ? "[^" : "[") + set + "]");
  }

  /// One character of a class, one set, or a range; "" when no text can have it.
  std::string read_range() {
    const std::string_view before = in_.rest();
    const RegexAtom first = read_class_atom();
    if (!first.character) return first.set;
    uint32_t from = *first.character;
    uint32_t to = from;
    const std::string_view dash = in_.rest();
    if (dash.size() > 1 && dash[0] == '-' && dash[1] != ']') {
      in_.take("-");
      const RegexAtom last = read_class_atom();
      if (last.character) {
        to = *last.character;
        if (to < from) fail("invalid character class range", before.substr(0, before.size() - in_.rest().size()));
      } else {
        in_.back_to(dash);  // [a-\d]: the "-" stands for itself
      }
    }
    if (is_surrogate(from)) from = behind_surrogates;
    if (is_surrogate(to)) to = before_surrogates;
    if (from > to) return {};
    return from == to ? for_re2(from) : for_re2(from) + "-" + for_re2(to);
  }

  RegexAtom read_class_atom() {
    if (in_.take("\\b")) return {8, {}};
    const std::string_view escape = in_.rest().substr(0, 2);
    if (escape.size() == 2 && escape[0] == '\\' && is_digit(escape[1]) && escape[1] != '0') {
      fail("invalid escape sequence", escape);
    }
    return in_.read_atom(regex_);
  }

  RegexInput in_;
  Regex regex_;
  int groups_ = 0;
  bool may_repeat_ = false;
};

}  // namespace

Regex read_regex(std::string_view pattern) { return Reader(pattern).read(); }

bool is_regex(std::string_view pattern) {
  const Regex regex = read_regex(pattern);
  return regex.problem.empty() && !regex.is_foreign;
}

}  // namespace counterpart::schema

// minLength, maxLength, pattern, format (JSON Schema 2020-12 validation, 6.3 and 7).

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "engine/document/utf8.h"
#include "engine/schema/check.h"
#include "engine/schema/format.h"
#include "engine/schema/value.h"

namespace counterpart::schema {

namespace {

constexpr int64_t pattern_memory_bytes_max = 8 << 20;

class LengthCheck : public Check {
 public:
  LengthCheck(bool is_minimum, size_t limit) : is_minimum_(is_minimum), limit_(limit) {}

  void run(const Json& value, const Visit& visit) const override {
    if (!value.is_string()) return;
    const auto& text = value.get_ref<const std::string&>();
    if (is_minimum_ && text.size() / 4 >= limit_) return;  // a character has four bytes at most
    if (!is_minimum_ && text.size() <= limit_) return;
    const size_t length = document::utf8_count(text);
    if (is_minimum_ ? length >= limit_ : length <= limit_) return;
    visit.fail(fmt::format("at {} {} character{} long", is_minimum_ ? "least" : "most", limit_, limit_ == 1 ? "" : "s"),
               std::to_string(length));
  }

 private:
  bool is_minimum_;
  size_t limit_;
};

template <bool is_minimum>
std::unique_ptr<Check> compile_length(const Node& value, Compiler& compiler) {
  const auto limit = compiler.count(is_minimum ? "minLength" : "maxLength", value);
  if (!limit) return nullptr;
  return std::make_unique<LengthCheck>(is_minimum, *limit);
}

class PatternCheck : public Check {
 public:
  PatternCheck(std::unique_ptr<re2::RE2> pattern, std::string written)
      : pattern_(std::move(pattern)), written_(std::move(written)) {}

  void run(const Json& value, const Visit& visit) const override {
    if (!value.is_string()) return;
    if (re2::RE2::PartialMatch(value.get_ref<const std::string&>(), *pattern_)) return;
    visit.fail("text that matches " + written_, summary(value));
  }

 private:
  std::unique_ptr<re2::RE2> pattern_;
  std::string written_;
};

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// JSON Schema writes patterns in ECMA-262; of what RE2 writes differently, \uXXXX is common enough to translate.
std::string to_re2(std::string_view pattern) {
  std::string result;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '\\' || i + 1 == pattern.size()) {
      result += pattern[i];
      continue;
    }
    const std::string_view digits = pattern.substr(std::min(i + 2, pattern.size()), 4);
    if (pattern[i + 1] == 'u' && digits.size() == 4 && std::all_of(digits.begin(), digits.end(), is_hex)) {
      result += fmt::format("\\x{{{}}}", digits);
      i += 5;
    } else {
      result += pattern.substr(i, 2);
      ++i;
    }
  }
  return result;
}

/// What of the pattern RE2 does not have, in the field's word; "" when it is simply wrong.
std::string_view missing_feature(const re2::RE2& pattern) {
  const std::string& what = pattern.error_arg();
  if (what.starts_with("(?=") || what.starts_with("(?!")) return "lookahead";
  if (what.starts_with("(?<=") || what.starts_with("(?<!") || what == "(?<") return "lookbehind or (?<name>)";
  const bool is_reference =
      what.size() > 1 && what[0] == '\\' && ((what[1] >= '1' && what[1] <= '9') || what[1] == 'k');
  return is_reference ? "references back to a group" : "";
}

std::unique_ptr<Check> compile_pattern(const Node& value, Compiler& compiler) {
  if (!value.is(Kind::text)) {
    compiler.wrong_type("pattern", value, "text");
    return nullptr;
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(pattern_memory_bytes_max);
  auto pattern = std::make_unique<re2::RE2>(to_re2(value.text), options);
  if (pattern->ok()) return std::make_unique<PatternCheck>(std::move(pattern), value.text);

  const std::string_view missing = missing_feature(*pattern);
  const size_t width = value.block ? 1 : value.text.size();
  if (!missing.empty()) {
    compiler.error(value.at, fmt::format("the pattern uses {}, which RE2 does not have", missing),
                   "patterns run in linear time (RE2): split it, or check it in a rule", width);
  } else if (pattern->error_code() == re2::RE2::ErrorPatternTooLarge) {
    compiler.error(value.at, "the pattern is too large", "its repetitions multiply", width);
  } else {
    compiler.error(value.at, fmt::format("not a regular expression: {}", pattern->error()), {}, width);
  }
  return nullptr;
}

class FormatChecker : public Check {
 public:
  FormatChecker(FormatCheck check, std::string name) : check_(check), name_(std::move(name)) {}

  void run(const Json& value, const Visit& visit) const override {
    if (!value.is_string() || check_(value.get_ref<const std::string&>())) return;
    visit.fail("in the format " + name_, summary(value));
  }

 private:
  FormatCheck check_;
  std::string name_;
};

std::unique_ptr<Check> compile_format(const Node& value, Compiler& compiler) {
  if (!value.is(Kind::text)) {
    compiler.wrong_type("format", value, "text");
    return nullptr;
  }
  const FormatCheck check = find_format(value.text);
  if (!check) {
    compiler.warning(value.at, fmt::format("the format \"{}\" is not known and not checked", value.text),
                     suggestion(value.text, format_names()), value.text.size());
    return nullptr;
  }
  return std::make_unique<FormatChecker>(check, value.text);
}

}  // namespace

std::span<const Keyword> string_keywords() {
  static constexpr Keyword keywords[] = {{"minLength", compile_length<true>},
                                         {"maxLength", compile_length<false>},
                                         {"pattern", compile_pattern},
                                         {"format", compile_format}};
  return keywords;
}

}  // namespace counterpart::schema

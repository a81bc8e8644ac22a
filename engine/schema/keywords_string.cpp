// minLength, maxLength, pattern, format (JSON Schema 2020-12 validation, 6.3 and 7).

#include <fmt/format.h>

#include "engine/document/utf8.h"
#include "engine/schema/check.h"
#include "engine/schema/format.h"
#include "engine/schema/value.h"

namespace counterpart::schema {

namespace {

constexpr size_t bytes_a_step = 64;  ///< of text that is counted or walked over once

class LengthCheck : public Check {
 public:
  LengthCheck(bool is_minimum, size_t limit) : is_minimum_(is_minimum), limit_(limit) {}

  bool run(const Json& value, const Visit& visit) const override {
    if (!value.is_string()) return true;
    const auto& text = value.get_ref<const std::string&>();
    if (is_minimum_ && text.size() / 4 >= limit_) return true;  // a character has four bytes at most
    if (!is_minimum_ && text.size() <= limit_) return true;
    if (!visit.pay(text.size() / bytes_a_step)) return false;
    const size_t length = document::utf8_count(text);
    if (is_minimum_ ? length >= limit_ : length <= limit_) return true;
    return visit.fail([&] {
      return Reason{
          fmt::format("at {} {} character{} long", is_minimum_ ? "least" : "most", limit_, limit_ == 1 ? "" : "s"),
          std::to_string(length)};
    });
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
  PatternCheck(std::shared_ptr<const Pattern> pattern, std::string written)
      : pattern_(std::move(pattern)), written_(std::move(written)) {}

  bool run(const Json& value, const Visit& visit) const override {
    if (!value.is_string()) return true;
    const auto& text = value.get_ref<const std::string&>();
    if (!visit.pay(pattern_->work(text))) return false;
    if (pattern_->is_in(text)) return true;
    return visit.fail([&] { return Reason{"text that matches " + written_, summary(value)}; });
  }

 private:
  std::shared_ptr<const Pattern> pattern_;
  std::string written_;
};

std::unique_ptr<Check> compile_pattern(const Node& value, Compiler& compiler) {
  if (!value.is(Kind::text)) {
    compiler.wrong_type("pattern", value, "text");
    return nullptr;
  }
  auto pattern = compiler.pattern(value.text, value.at, value.block ? 1 : value.text.size());
  if (!pattern) return nullptr;
  return std::make_unique<PatternCheck>(std::move(pattern), value.text);
}

class FormatChecker : public Check {
 public:
  FormatChecker(FormatCheck check, std::string name) : check_(check), name_(std::move(name)) {}

  bool run(const Json& value, const Visit& visit) const override {
    if (!value.is_string()) return true;
    const auto& text = value.get_ref<const std::string&>();
    if (!visit.pay(text.size() / bytes_a_step)) return false;
    if (check_(text)) return true;
    return visit.fail([&] { return Reason{"in the format " + name_, summary(value)}; });
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
  if (!compiler.asserts_formats()) return nullptr;
  const FormatCheck check = find_format(value.text);
  if (!check) {
    if (compiler.is_strict()) {
      compiler.warning(value.at, fmt::format("the format \"{}\" is not known and not checked", value.text),
                       suggestion(value.text, format_names()), value.text.size());
    }
    return nullptr;
  }
  return std::make_unique<FormatChecker>(check, value.text);
}

}  // namespace

std::span<const Keyword> string_keywords() {
  static constexpr Keyword keywords[] = {{"minLength", compile_length<true>},
                                         {"maxLength", compile_length<false>},
                                         {"pattern", compile_pattern},
                                         {"format", compile_format, format_annotation}};
  return keywords;
}

}  // namespace counterpart::schema

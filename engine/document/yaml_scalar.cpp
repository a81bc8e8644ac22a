#include "engine/document/yaml_scalar.h"

#include <algorithm>
#include <charconv>
#include <locale>
#include <sstream>

namespace counterpart::document {

namespace {

bool is_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void skip_digits(std::string_view& text) {
  while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
}

std::string_view without_sign(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return text;
}

/// [-+]? [0-9]+
bool is_decimal(std::string_view text) {
  text = without_sign(text);
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_real(std::string_view text) {
  text = without_sign(text);
  const size_t length = text.size();
  skip_digits(text);
  const bool has_whole = text.size() < length;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const size_t before = text.size();
    skip_digits(text);
    if (!has_whole && text.size() == before) return false;
  } else if (!has_whole) {
    return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) return is_decimal(text.substr(1));
  return text.empty();
}

/// Reads digits of a base; false when they are none or do not fit 64 bits.
bool read_integer(std::string_view digits, int base, uint64_t& value) {
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  return problem == std::errc() && end == digits.data() + digits.size();
}

void set_integer(Node& node, uint64_t magnitude, bool negative) {
  node.kind = Kind::integer;
  node.negative = negative && magnitude > 0;
  node.integer = node.negative ? ~magnitude + 1 : magnitude;
}

/// Digits of a power-of-two base past 64 bits.
double read_large(std::string_view digits, int base) {
  double value = 0;
  for (const char c : digits) {
    const int digit = is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
    value = value * base + digit;
  }
  return value;
}

std::string set_real(Node& node, std::string_view text) {
  // A stream with the classic locale, as the program that embeds this may have set another one.
  std::istringstream in{std::string(text)};
  in.imbue(std::locale::classic());
  double value = 0;
  if (!(in >> value)) return "is too large for a number";
  node.kind = Kind::real;
  node.real = value;
  return {};
}

std::string set_based(Node& node, std::string_view digits, int base) {
  uint64_t value = 0;
  if (read_integer(digits, base, value)) {
    set_integer(node, value, false);
    return {};
  }
  const double large = read_large(digits, base);
  if (large > 1.7e308) return "is too large for a number";
  node.kind = Kind::real;
  node.real = large;
  return {};
}

bool consists_of(std::string_view text, std::string_view digits) {
  return !text.empty() && text.find_first_not_of(digits) == std::string_view::npos;
}

std::string resolve_number(std::string_view text, Node& node) {
  if (text.starts_with("0o") && consists_of(text.substr(2), "01234567")) return set_based(node, text.substr(2), 8);
  if (text.starts_with("0x") && consists_of(text.substr(2), "0123456789abcdefABCDEF")) {
    return set_based(node, text.substr(2), 16);
  }
  if (is_decimal(text)) {
    constexpr uint64_t negative_max = uint64_t{1} << 63;
    const bool negative = text.front() == '-';
    uint64_t magnitude = 0;
    if (read_integer(without_sign(text), 10, magnitude) && (!negative || magnitude <= negative_max)) {
      set_integer(node, magnitude, negative);
      return {};
    }
    return set_real(node, text);
  }
  return is_real(text) ? set_real(node, text) : std::string();
}

}  // namespace

bool is_spelled_null(std::string_view text) { return is_any(text, {"~", "null", "Null", "NULL"}); }

std::string resolve_plain(std::string_view text, Node& node) {
  node.kind = Kind::text;
  if (text.empty() || is_spelled_null(text)) {
    node.kind = Kind::null;
    return {};
  }
  const bool is_true = is_any(text, {"true", "True", "TRUE"});
  if (is_true || is_any(text, {"false", "False", "FALSE"})) {
    node.kind = Kind::boolean;
    node.boolean = is_true;
    return {};
  }
  if (is_any(without_sign(text), {".inf", ".Inf", ".INF"}) || is_any(text, {".nan", ".NaN", ".NAN"})) {
    return "is not a number in JSON";
  }
  return resolve_number(text, node);
}

}  // namespace counterpart::document

#include "engine/schema/value.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>

#include "engine/document/json.h"
#include "engine/document/utf8.h"

namespace counterpart::schema {

namespace {

__extension__ using Wide = unsigned __int128;

std::partial_ordering reversed(std::partial_ordering order) { return 0 <=> order; }

/// An integer against a real, without rounding the integer.
template <class Integer>
std::partial_ordering compare_integer(Integer integer, double real) {
  constexpr bool is_signed = std::is_signed_v<Integer>;
  constexpr double above = is_signed ? 9223372036854775808.0 : 18446744073709551616.0;
  constexpr double least = is_signed ? -9223372036854775808.0 : 0.0;
  if (std::isnan(real)) return std::partial_ordering::unordered;
  if (real >= above) return std::partial_ordering::less;
  if (real < least) return std::partial_ordering::greater;
  const double whole = std::floor(real);
  const auto order = integer <=> static_cast<Integer>(whole);
  if (order != 0) return order;
  return real > whole ? std::partial_ordering::less : std::partial_ordering::equivalent;
}

/// A decimal number: digits * 10^exponent.
struct Decimal {
  uint64_t digits = 0;
  int exponent = 0;
};

/// A finite number's magnitude as the shortest decimal that reads back as it.
Decimal decimal(const Json& number) {
  if (number.is_number_unsigned()) return {number.get<uint64_t>(), 0};
  if (number.is_number_integer()) {
    const auto value = number.get<int64_t>();
    return {value < 0 ? ~static_cast<uint64_t>(value) + 1 : static_cast<uint64_t>(value), 0};
  }
  std::array<char, 64> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), std::fabs(number.get<double>()),
                                 std::chars_format::scientific)
                       .ptr;
  Decimal result;
  const char* at = text.data();
  bool in_fraction = false;
  for (; at < end && *at != 'e'; ++at) {  // at most 17 digits
    if (*at == '.') {
      in_fraction = true;
    } else {
      result.digits = result.digits * 10 + static_cast<uint64_t>(*at - '0');
      result.exponent -= in_fraction ? 1 : 0;
    }
  }
  int exponent = 0;
  at += at < end ? 1 : 0;
  if (at < end && *at == '+') ++at;
  std::from_chars(at, end, exponent);
  result.exponent += exponent;
  return result;
}

/// digits * 10^power mod modulus.
uint64_t scaled_remainder(uint64_t digits, int power, uint64_t modulus) {
  Wide result = digits % modulus;
  Wide base = 10 % modulus;
  for (auto left = static_cast<unsigned>(power); left > 0; left /= 2) {
    if (left % 2 == 1) result = result * base % modulus;
    base = base * base % modulus;
  }
  return static_cast<uint64_t>(result);
}

bool equal_objects(const Json& a, const Json& b) {
  constexpr size_t searched_max = 16;
  if (a.size() <= searched_max) {
    for (const auto& [key, value] : a.get_ref<const Json::object_t&>()) {
      const auto other = b.find(key);
      if (other == b.end() || !equal(value, *other)) return false;
    }
    return true;
  }
  std::map<std::string_view, const Json*> members;
  for (const auto& [key, value] : b.get_ref<const Json::object_t&>()) members.emplace(key, &value);
  for (const auto& [key, value] : a.get_ref<const Json::object_t&>()) {
    const auto other = members.find(key);
    if (other == members.end() || !equal(value, *other->second)) return false;
  }
  return true;
}

}  // namespace

std::partial_ordering compare_numbers(const Json& a, const Json& b) {
  if (a.is_number_float() && b.is_number_float()) return a.get<double>() <=> b.get<double>();
  if (a.is_number_float()) return reversed(compare_numbers(b, a));
  if (b.is_number_float()) {
    return a.is_number_unsigned() ? compare_integer(a.get<uint64_t>(), b.get<double>())
                                  : compare_integer(a.get<int64_t>(), b.get<double>());
  }
  // A signed number may hold what an unsigned one does, so its sign decides, not its representation.
  const bool a_negative = !a.is_number_unsigned() && a.get<int64_t>() < 0;
  const bool b_negative = !b.is_number_unsigned() && b.get<int64_t>() < 0;
  if (a_negative && b_negative) return a.get<int64_t>() <=> b.get<int64_t>();
  if (a_negative || b_negative) return a_negative ? std::partial_ordering::less : std::partial_ordering::greater;
  return a.get<uint64_t>() <=> b.get<uint64_t>();
}

bool equal(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number()) return compare_numbers(a, b) == 0;
  if (a.type() != b.type()) return false;
  if (!a.is_structured()) return a == b;
  if (a.size() != b.size()) return false;
  if (a.is_object()) return equal_objects(a, b);
  for (size_t i = 0; i < a.size(); ++i) {
    if (!equal(a[i], b[i])) return false;
  }
  return true;
}

bool is_integer(const Json& value) {
  if (!value.is_number_float()) return value.is_number();
  const auto real = value.get<double>();
  return std::isfinite(real) && std::floor(real) == real;
}

bool is_multiple_of(const Json& value, const Json& divisor) {
  if (value.is_number_float() && !std::isfinite(value.get<double>())) return false;
  const Decimal dividend = decimal(value);
  const Decimal unit = decimal(divisor);
  if (dividend.digits == 0) return true;
  const int power = dividend.exponent - unit.exponent;
  if (power >= 0) return scaled_remainder(dividend.digits, power, unit.digits) == 0;

  // digits must be a multiple of unit * 10^-power, which may be larger than any digits
  Wide modulus = unit.digits;
  for (int i = power; i < 0; ++i) {
    modulus *= 10;
    if (modulus > dividend.digits) return false;
  }
  return dividend.digits % static_cast<uint64_t>(modulus) == 0;
}

std::string summary(const Json& value) {
  constexpr size_t text_bytes_max = 60;
  if (value.is_object()) return value.empty() ? "an empty object" : "an object";
  if (value.is_array()) return value.empty() ? "an empty array" : "an array";
  if (!value.is_string()) return document::write_json(value);
  const std::string_view text = value.get_ref<const std::string&>();
  size_t end = 0;
  while (end < text.size() && end < text_bytes_max) end += document::utf8_step(text, end).bytes;
  std::string result;
  document::append_json_string(result, text.substr(0, end));
  return end < text.size() ? result + "..." : result;
}

}  // namespace counterpart::schema

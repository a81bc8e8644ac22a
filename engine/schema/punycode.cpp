#include "engine/schema/punycode.h"

#include <algorithm>
#include <cstdint>

namespace counterpart::schema {

namespace {

constexpr uint32_t base = 36;
constexpr uint32_t t_min = 1;
constexpr uint32_t t_max = 26;
constexpr char32_t first_code = 0x80;
constexpr uint32_t first_bias = 72;

/// 6.1.
uint32_t adapted_bias(uint32_t delta, uint32_t points, bool is_first) {
  constexpr uint32_t skew = 38;
  constexpr uint32_t damp = 700;
  delta /= is_first ? damp : 2;
  delta += delta / points;
  uint32_t steps = 0;
  for (; delta > (base - t_min) * t_max / 2; delta /= base - t_min) steps += base;
  return steps + (base - t_min + 1) * delta / (delta + skew);
}

uint32_t threshold(uint32_t k, uint32_t bias) { return k <= bias ? t_min : k >= bias + t_max ? t_max : k - bias; }

std::optional<uint32_t> digit_of(char c) {
  if (c >= 'a' && c <= 'z') return static_cast<uint32_t>(c - 'a');
  if (c >= 'A' && c <= 'Z') return static_cast<uint32_t>(c - 'A');
  if (c >= '0' && c <= '9') return static_cast<uint32_t>(c - '0') + 26;
  return std::nullopt;
}

char text_of(uint32_t digit) { return static_cast<char>(digit < 26 ? 'a' + digit : '0' + digit - 26); }

/// Takes one number off the front (6.2).
std::optional<uint64_t> take_delta(std::string_view& text, uint32_t bias) {
  constexpr uint64_t limit = UINT32_MAX;
  uint64_t delta = 0;
  uint64_t weight = 1;
  for (uint32_t k = base;; k += base) {
    const auto digit = text.empty() ? std::nullopt : digit_of(text.front());
    if (!digit) return std::nullopt;
    text.remove_prefix(1);
    delta += *digit * weight;
    if (delta > limit) return std::nullopt;
    const uint32_t t = threshold(k, bias);
    if (*digit < t) return delta;
    weight *= base - t;
    if (weight > limit) return std::nullopt;
  }
}

void append_delta(std::string& text, uint32_t delta, uint32_t bias) {
  for (uint32_t k = base;; k += base) {
    const uint32_t t = threshold(k, bias);
    if (delta < t) break;
    text += text_of(t + (delta - t) % (base - t));
    delta = (delta - t) / (base - t);
  }
  text += text_of(delta);
}

}  // namespace

std::optional<std::u32string> punycode_decode(std::string_view text) {
  if (text.size() > punycode_max) return std::nullopt;
  std::u32string label;
  if (const size_t dash = text.rfind('-'); dash != std::string_view::npos) {
    for (const char c : text.substr(0, dash)) label += static_cast<unsigned char>(c);
    text.remove_prefix(dash + 1);
  }
  uint64_t code = first_code;
  uint64_t at = 0;
  uint32_t bias = first_bias;
  for (bool is_first = true; !text.empty(); is_first = false) {
    const auto delta = take_delta(text, bias);
    if (!delta) return std::nullopt;
    const auto points = static_cast<uint32_t>(label.size()) + 1;
    bias = adapted_bias(static_cast<uint32_t>(*delta), points, is_first);
    at += *delta;
    code += at / points;
    at %= points;
    if (code > 0x10ffff) return std::nullopt;
    label.insert(label.begin() + static_cast<std::ptrdiff_t>(at), static_cast<char32_t>(code));
    ++at;
  }
  return label;
}

std::optional<std::string> punycode_encode(const std::u32string& label) {
  if (label.size() > punycode_max) return std::nullopt;
  std::string text;
  for (const char32_t c : label) {
    if (c < first_code) text += static_cast<char>(c);
  }
  auto done = static_cast<uint32_t>(text.size());
  const uint32_t basic = done;
  if (basic > 0) text += '-';
  char32_t code = first_code;
  uint32_t delta = 0;
  uint32_t bias = first_bias;
  while (done < label.size()) {
    char32_t next = 0x110000;
    for (const char32_t c : label) {
      if (c >= code) next = std::min(next, c);
    }
    // At most 256 * 0x110000: no overflow.
    delta += (next - code) * (done + 1);
    code = next;
    for (const char32_t c : label) {
      if (c < code) ++delta;
      if (c != code) continue;
      append_delta(text, delta, bias);
      bias = adapted_bias(delta, done + 1, done == basic);
      delta = 0;
      ++done;
    }
    ++delta;
    ++code;
  }
  return text;
}

}  // namespace counterpart::schema

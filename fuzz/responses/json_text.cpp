#include <algorithm>

#include "fuzz/responses/json_scan.h"

namespace counterpart::fuzz {

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The four digits at `at`, or -1.
int32_t hex4(std::string_view text, size_t at) {
  if (at + 4 > text.size()) return -1;
  int32_t value = 0;
  for (size_t i = at; i < at + 4; ++i) {
    const int digit = hex_value(text[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

void append_utf8(std::string& out, uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += {static_cast<char>(0xC0 | (code >> 6)), static_cast<char>(0x80 | (code & 0x3F))};
  } else if (code < 0x10000) {
    out += {static_cast<char>(0xE0 | (code >> 12)), static_cast<char>(0x80 | ((code >> 6) & 0x3F)),
            static_cast<char>(0x80 | (code & 0x3F))};
  } else {
    out += {static_cast<char>(0xF0 | (code >> 18)), static_cast<char>(0x80 | ((code >> 12) & 0x3F)),
            static_cast<char>(0x80 | ((code >> 6) & 0x3F)), static_cast<char>(0x80 | (code & 0x3F))};
  }
}

/// The character of the `\u` whose digits begin at `at`; `at` moves behind it.
uint32_t escaped_character(std::string_view token, size_t& at) {
  constexpr uint32_t replacement = 0xFFFD;
  const auto first = static_cast<uint32_t>(std::max(0, hex4(token, at)));
  at += 4;
  if (first < 0xD800 || first > 0xDFFF) return first;
  if (first > 0xDBFF || token.substr(at, 2) != "\\u") return replacement;
  const int32_t second = hex4(token, at + 2);
  if (second < 0xDC00 || second > 0xDFFF) return replacement;
  at += 6;
  return 0x10000 + ((first - 0xD800) << 10) + (static_cast<uint32_t>(second) - 0xDC00);
}

}  // namespace

std::string text_of_token(std::string_view token) {
  constexpr std::string_view short_escapes = "bfnrt";
  constexpr std::string_view meanings = "\b\f\n\r\t";
  std::string out;
  for (size_t at = 1; at + 1 < token.size();) {
    if (token[at] != '\\') {
      out += token[at++];
      continue;
    }
    const char c = token[at + 1];
    at += 2;
    if (c == 'u') {
      append_utf8(out, escaped_character(token, at));
    } else {
      const size_t found = short_escapes.find(c);
      out += found == std::string_view::npos ? c : meanings[found];
    }
  }
  return out;
}

std::string pointer_to(const JsonScan& scan, std::string_view text, uint32_t value) {
  std::string pointer;
  constexpr size_t shown_levels_max = 64;
  size_t levels = 0;
  for (uint32_t i = value; scan.values[i].parent != JsonValue::nobody; i = scan.values[i].parent) {
    if (++levels > shown_levels_max) return "..." + pointer;
    const JsonValue& one = scan.values[i];
    std::string step = "/";
    if (!one.is_member()) {
      step += std::to_string(one.index);
    } else {
      for (const char c : text_of_token(text.substr(one.key_begin, one.key_end - one.key_begin))) {
        if (c == '~') {
          step += "~0";
        } else if (c == '/') {
          step += "~1";
        } else {
          step += c;
        }
      }
    }
    pointer.insert(0, step);
  }
  return pointer;
}

}  // namespace counterpart::fuzz

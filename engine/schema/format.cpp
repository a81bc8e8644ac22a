#include "engine/schema/format.h"

#include <algorithm>
#include <array>

#include "engine/schema/format_parts.h"
#include "engine/schema/regex.h"

namespace counterpart::schema {

namespace formats {

bool take(std::string_view& text, std::string_view characters) {
  if (text.empty() || !is_among(text.front(), characters)) return false;
  text.remove_prefix(1);
  return true;
}

size_t take_digits(std::string_view& text) {
  size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  text.remove_prefix(count);
  return count;
}

std::optional<int> take_number(std::string_view& text, size_t digits, int max) {
  if (text.size() < digits || !std::all_of(text.begin(), text.begin() + digits, is_digit)) return std::nullopt;
  int value = 0;
  for (size_t i = 0; i < digits; ++i) value = value * 10 + (text[i] - '0');
  text.remove_prefix(digits);
  return value <= max ? std::optional(value) : std::nullopt;
}

namespace {

/// RFC 4122, 3.
bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

/// RFC 6901, 3.
bool is_json_pointer(std::string_view text) {
  if (!text.empty() && text.front() != '/') return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '~' && (i + 1 == text.size() || !is_among(text[i + 1], "01"))) return false;
  }
  return true;
}

/// draft-bhutton-relative-json-pointer-00, 3.
bool is_relative_json_pointer(std::string_view text) {
  const bool is_zero = text.starts_with('0');
  const size_t digits = take_digits(text);
  if (digits == 0 || (is_zero && digits > 1)) return false;
  return text == "#" || is_json_pointer(text);
}

}  // namespace

}  // namespace formats

namespace {

struct Format {
  std::string_view name;
  FormatCheck check;
};

constexpr std::array known_formats = {
    Format{"date-time", formats::is_date_time},
    Format{"date", formats::is_date},
    Format{"time", formats::is_time},
    Format{"duration", formats::is_duration},
    Format{"email", formats::is_email},
    Format{"idn-email", formats::is_idn_email},
    Format{"hostname", formats::is_hostname},
    Format{"idn-hostname", formats::is_idn_hostname},
    Format{"ipv4", formats::is_ipv4},
    Format{"ipv6", formats::is_ipv6},
    Format{"uri", formats::is_uri},
    Format{"uri-reference", formats::is_uri_reference},
    Format{"iri", formats::is_iri},
    Format{"iri-reference", formats::is_iri_reference},
    Format{"uri-template", formats::is_uri_template},
    Format{"uuid", formats::is_uuid},
    Format{"json-pointer", formats::is_json_pointer},
    Format{"relative-json-pointer", formats::is_relative_json_pointer},
    Format{"regex", is_regex},
};

}  // namespace

FormatCheck find_format(std::string_view name) {
  for (const Format& format : known_formats) {
    if (format.name == name) return format.check;
  }
  return nullptr;
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const Format& format : known_formats) names.emplace_back(format.name);
  return names;
}

}  // namespace counterpart::schema

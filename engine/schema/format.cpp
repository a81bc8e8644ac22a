#include "engine/schema/format.h"

#include <algorithm>
#include <array>
#include <optional>

namespace counterpart::schema {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_among(char c, std::string_view characters) { return characters.find(c) != std::string_view::npos; }

/// Takes one of `characters` from the front.
bool take(std::string_view& text, std::string_view characters) {
  if (text.empty() || !is_among(text.front(), characters)) return false;
  text.remove_prefix(1);
  return true;
}

/// Takes exactly `digits` digits from the front, as a number of at most `max`.
std::optional<int> take_number(std::string_view& text, size_t digits, int max) {
  if (text.size() < digits || !std::all_of(text.begin(), text.begin() + digits, is_digit)) return std::nullopt;
  int value = 0;
  for (size_t i = 0; i < digits; ++i) value = value * 10 + (text[i] - '0');
  text.remove_prefix(digits);
  return value <= max ? std::optional(value) : std::nullopt;
}

int days_in(int year, int month) {
  constexpr std::array days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[static_cast<size_t>(month - 1)] + (month == 2 && is_leap ? 1 : 0);
}

bool take_date(std::string_view& text) {
  const auto year = take_number(text, 4, 9999);
  if (!year || !take(text, "-")) return false;
  const auto month = take_number(text, 2, 12);
  if (!month || *month == 0 || !take(text, "-")) return false;
  const auto day = take_number(text, 2, 31);
  return day && *day >= 1 && *day <= days_in(*year, *month);
}

/// The offset from UTC in minutes.
std::optional<int> take_offset(std::string_view& text) {
  if (take(text, "Zz")) return 0;
  const bool is_behind = text.starts_with('-');
  if (!take(text, "+-")) return std::nullopt;
  const auto hours = take_number(text, 2, 23);
  if (!hours || !take(text, ":")) return std::nullopt;
  const auto minutes = take_number(text, 2, 59);
  if (!minutes) return std::nullopt;
  return (*hours * 60 + *minutes) * (is_behind ? -1 : 1);
}

/// RFC 3339, 5.6 and 5.7.
bool is_date_time(std::string_view text) {
  if (!take_date(text) || !take(text, "Tt")) return false;
  const auto hour = take_number(text, 2, 23);
  if (!hour || !take(text, ":")) return false;
  const auto minute = take_number(text, 2, 59);
  if (!minute || !take(text, ":")) return false;
  const auto second = take_number(text, 2, 60);
  if (!second) return false;
  if (take(text, ".")) {
    if (text.empty() || !is_digit(text.front())) return false;
    while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
  }
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return false;
  // A leap second is the last of a day in UTC.
  constexpr int day = 24 * 60;
  return *second < 60 || (*hour * 60 + *minute - *offset + 2 * day) % day == day - 1;
}

/// RFC 4122, 3.
bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

/// RFC 3986, 3.2.2: dec-octet, without leading zeros.
bool is_octet(std::string_view text) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text.front() == '0')) return false;
  return take_number(text, text.size(), 255).has_value();
}

bool is_ipv4(std::string_view text) {
  for (int dots = 0; dots < 3; ++dots) {
    const size_t dot = text.find('.');
    if (dot == std::string_view::npos || !is_octet(text.substr(0, dot))) return false;
    text.remove_prefix(dot + 1);
  }
  return is_octet(text);
}

/// RFC 3986, 3.2.2: IPv6address: eight groups, the last two perhaps as IPv4, "::" once for at least one of zeros.
bool is_ipv6(std::string_view text) {
  int groups = 0;
  bool has_gap = false;
  if (text.starts_with("::")) {
    has_gap = true;
    text.remove_prefix(2);
    if (text.empty()) return true;
  }
  while (true) {
    if (is_ipv4(text)) {
      groups += 2;
      break;
    }
    size_t digits = 0;
    while (digits < text.size() && is_hex(text[digits])) ++digits;
    if (digits == 0 || digits > 4) return false;
    text.remove_prefix(digits);
    ++groups;
    if (text.empty()) break;
    if (!take(text, ":")) return false;
    if (text.starts_with(':')) {
      if (has_gap) return false;
      has_gap = true;
      text.remove_prefix(1);
      if (text.empty()) break;
    }
  }
  return has_gap ? groups <= 7 : groups == 8;
}

/// RFC 3986, 2: unreserved, sub-delims, percent-encoded and `also`.
bool consists_of(std::string_view text, std::string_view also) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (text.size() - i < 3 || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
      i += 2;
    } else if (!is_letter(text[i]) && !is_digit(text[i]) && !is_among(text[i], "-._~!$&'()*+,;=") &&
               !is_among(text[i], also)) {
      return false;
    }
  }
  return true;
}

/// RFC 3986, 3.2.2: IP-literal without its brackets.
bool is_ip_literal(std::string_view text) {
  if (!text.starts_with('v') && !text.starts_with('V')) return is_ipv6(text);
  const size_t dot = text.find('.');
  if (dot == std::string_view::npos || dot < 2 || dot + 1 == text.size()) return false;
  return std::all_of(text.begin() + 1, text.begin() + dot, is_hex) && text.find('%') == std::string_view::npos &&
         consists_of(text.substr(dot + 1), ":");
}

/// RFC 3986, 3.2: [ userinfo "@" ] host [ ":" port ].
bool is_authority(std::string_view text) {
  if (const size_t at = text.find('@'); at != std::string_view::npos) {
    if (!consists_of(text.substr(0, at), ":")) return false;
    text.remove_prefix(at + 1);
  }
  size_t host_end = text.find(':');
  if (text.starts_with('[')) {
    const size_t bracket = text.find(']');
    if (bracket == std::string_view::npos || !is_ip_literal(text.substr(1, bracket - 1))) return false;
    host_end = bracket + 1;
    if (host_end < text.size() && text[host_end] != ':') return false;
  } else if (!consists_of(text.substr(0, host_end), "")) {
    return false;
  }
  if (host_end >= text.size()) return true;
  return std::all_of(text.begin() + host_end + 1, text.end(), is_digit);
}

/// RFC 3986, 3: a URI with its scheme; a relative reference is none.
bool is_uri(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(text.front())) return false;
  const auto in_scheme = [](char c) { return is_letter(c) || is_digit(c) || is_among(c, "+-."); };
  if (!std::all_of(text.begin(), text.begin() + colon, in_scheme)) return false;
  text.remove_prefix(colon + 1);

  if (const size_t hash = text.find('#'); hash != std::string_view::npos) {
    if (!consists_of(text.substr(hash + 1), ":@/?")) return false;
    text = text.substr(0, hash);
  }
  if (const size_t mark = text.find('?'); mark != std::string_view::npos) {
    if (!consists_of(text.substr(mark + 1), ":@/?")) return false;
    text = text.substr(0, mark);
  }
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    const size_t path = std::min(text.find('/'), text.size());
    if (!is_authority(text.substr(0, path))) return false;
    text.remove_prefix(path);
  }
  return consists_of(text, ":@/");
}

struct Format {
  std::string_view name;
  FormatCheck check;
};

constexpr std::array formats = {Format{"date-time", is_date_time}, Format{"uuid", is_uuid}, Format{"ipv4", is_ipv4},
                                Format{"uri", is_uri}};

}  // namespace

FormatCheck find_format(std::string_view name) {
  for (const Format& format : formats) {
    if (format.name == name) return format.check;
  }
  return nullptr;
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const Format& format : formats) names.emplace_back(format.name);
  return names;
}

}  // namespace counterpart::schema

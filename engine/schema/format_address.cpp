// ipv4 and ipv6 (RFC 3986, 3.2.2, and RFC 4291, 2.2), email (RFC 5321, 4.1.2) and idn-email (RFC 6531, 3.3).

#include <algorithm>

#include "engine/schema/format_parts.h"

namespace counterpart::schema::formats {

namespace {

/// dec-octet, without leading zeros.
bool is_octet(std::string_view text) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text.front() == '0')) return false;
  return take_number(text, text.size(), 255).has_value();
}

/// What a part of a local part may have without quotes.
bool is_atom_text(std::string_view text, bool is_international) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_ascii(c) ? is_letter(c) || is_digit(c) || is_among(c, "!#$%&'*+-/=?^_`{|}~") : is_international;
  });
}

bool is_quoted(std::string_view text, bool is_international) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  text = text.substr(1, text.size() - 2);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') return false;
    if (text[i] == '\\' && ++i == text.size()) return false;
    if (is_ascii(text[i]) ? text[i] < ' ' || text[i] == 127 : !is_international) return false;
  }
  return true;
}

bool is_local_part(std::string_view text, bool is_international) {
  constexpr size_t bytes_max = 64;
  if (text.size() > bytes_max) return false;
  if (text.starts_with('"')) return is_quoted(text, is_international);
  while (true) {
    const size_t dot = text.find('.');
    if (!is_atom_text(text.substr(0, dot), is_international)) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_domain(std::string_view text, bool is_international) {
  constexpr size_t bytes_max = 255;
  constexpr size_t label_bytes_max = 63;
  if (text.size() > bytes_max) return false;
  while (true) {
    const size_t dot = text.find('.');
    const std::string_view label = text.substr(0, dot);
    if (label.empty() || label.size() > label_bytes_max || label.front() == '-' || label.back() == '-') return false;
    const bool good = std::all_of(label.begin(), label.end(), [&](char c) {
      return is_ascii(c) ? is_letter(c) || is_digit(c) || c == '-' : is_international;
    });
    if (!good) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_mailbox(std::string_view text, bool is_international) {
  const size_t at = text.rfind('@');
  if (at == std::string_view::npos || !is_local_part(text.substr(0, at), is_international)) return false;
  const std::string_view host = text.substr(at + 1);
  if (!host.starts_with('[')) return is_domain(host, is_international);
  if (!host.ends_with(']')) return false;
  const std::string_view literal = host.substr(1, host.size() - 2);
  constexpr std::string_view tag = "IPv6:";
  return literal.starts_with(tag) ? is_ipv6(literal.substr(tag.size())) : is_ipv4(literal);
}

}  // namespace

bool is_ipv4(std::string_view text) {
  for (int dots = 0; dots < 3; ++dots) {
    const size_t dot = text.find('.');
    if (dot == std::string_view::npos || !is_octet(text.substr(0, dot))) return false;
    text.remove_prefix(dot + 1);
  }
  return is_octet(text);
}

/// Eight groups, the last two perhaps as IPv4, "::" once for at least one of zeros.
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
    if (++groups > 8) return false;
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

bool is_email(std::string_view text) { return is_mailbox(text, false); }
bool is_idn_email(std::string_view text) { return is_mailbox(text, true); }

}  // namespace counterpart::schema::formats

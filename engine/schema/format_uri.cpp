// uri, uri-reference (RFC 3986), iri, iri-reference (RFC 3987), uri-template (RFC 6570).

#include <algorithm>

#include "engine/document/utf8.h"
#include "engine/schema/format_parts.h"

namespace counterpart::schema::formats {

namespace {

enum class Letters { ascii, international };

struct Range {
  uint32_t first;
  uint32_t last;
};

/// The character at the front, which is not ASCII; 0 when it is ill-formed.
uint32_t take_character(std::string_view& text) {
  const document::Utf8Step step = document::utf8_step(text, 0);
  uint32_t value = 0;
  if (step.valid) {
    value = static_cast<unsigned char>(text[0]) & (0x7fu >> step.bytes);
    for (size_t i = 1; i < step.bytes; ++i) value = value << 6 | (static_cast<unsigned char>(text[i]) & 0x3f);
  }
  text.remove_prefix(step.bytes);
  return value;
}

/// RFC 3987, 2.2: ucschar; in a query also iprivate.
bool is_international(uint32_t c, bool in_query) {
  constexpr Range letters[] = {{0xa0, 0xd7ff}, {0xf900, 0xfdcf}, {0xfdf0, 0xffef}};
  const auto is_in = [c](const Range& range) { return c >= range.first && c <= range.last; };
  if (std::any_of(std::begin(letters), std::end(letters), is_in)) return true;
  const bool is_last_two = (c & 0xfffe) == 0xfffe;  // of each plane: no characters
  if (c >= 0x10000 && c <= 0xeffff) return !is_last_two && (c < 0xe0000 || c >= 0xe1000);
  return in_query && ((c >= 0xe000 && c <= 0xf8ff) || (c >= 0xf0000 && !is_last_two));
}

/// unreserved, sub-delims, percent-encoded and `also`.
bool consists_of(std::string_view text, std::string_view also, Letters letters, bool in_query = false) {
  while (!text.empty()) {
    const char c = text.front();
    if (!is_ascii(c)) {
      if (letters == Letters::ascii || !is_international(take_character(text), in_query)) return false;
      continue;
    }
    if (c == '%') {
      if (text.size() < 3 || !is_hex(text[1]) || !is_hex(text[2])) return false;
      text.remove_prefix(2);
    } else if (!is_letter(c) && !is_digit(c) && !is_among(c, "-._~!$&'()*+,;=") && !is_among(c, also)) {
      return false;
    }
    text.remove_prefix(1);
  }
  return true;
}

/// IP-literal without its brackets (RFC 3986, 3.2.2).
bool is_ip_literal(std::string_view text) {
  if (!text.starts_with('v') && !text.starts_with('V')) return is_ipv6(text);
  const size_t dot = text.find('.');
  if (dot == std::string_view::npos || dot < 2 || dot + 1 == text.size()) return false;
  return std::all_of(text.begin() + 1, text.begin() + dot, is_hex) && text.find('%') == std::string_view::npos &&
         consists_of(text.substr(dot + 1), ":", Letters::ascii);
}

/// [ userinfo "@" ] host [ ":" port ] (RFC 3986, 3.2).
bool is_authority(std::string_view text, Letters letters) {
  if (const size_t at = text.find('@'); at != std::string_view::npos) {
    if (!consists_of(text.substr(0, at), ":", letters)) return false;
    text.remove_prefix(at + 1);
  }
  size_t host_end = text.find(':');
  if (text.starts_with('[')) {
    const size_t bracket = text.find(']');
    if (bracket == std::string_view::npos || !is_ip_literal(text.substr(1, bracket - 1))) return false;
    host_end = bracket + 1;
    if (host_end < text.size() && text[host_end] != ':') return false;
  } else if (!consists_of(text.substr(0, host_end), "", letters)) {
    return false;
  }
  if (host_end >= text.size()) return true;
  return std::all_of(text.begin() + host_end + 1, text.end(), is_digit);
}

/// The length of the scheme in front of its colon, or 0.
size_t scheme_bytes(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(text.front())) return 0;
  const auto in_scheme = [](char c) { return is_letter(c) || is_digit(c) || is_among(c, "+-."); };
  return std::all_of(text.begin(), text.begin() + colon, in_scheme) ? colon : 0;
}

/// hier-part or relative-part, query and fragment.
bool is_rest(std::string_view text, Letters letters, bool has_scheme) {
  if (const size_t hash = text.find('#'); hash != std::string_view::npos) {
    if (!consists_of(text.substr(hash + 1), ":@/?", letters)) return false;
    text = text.substr(0, hash);
  }
  if (const size_t mark = text.find('?'); mark != std::string_view::npos) {
    if (!consists_of(text.substr(mark + 1), ":@/?", letters, true)) return false;
    text = text.substr(0, mark);
  }
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    const size_t path = std::min(text.find('/'), text.size());
    if (!is_authority(text.substr(0, path), letters)) return false;
    text.remove_prefix(path);
  } else if (!has_scheme && text.substr(0, text.find('/')).find(':') != std::string_view::npos) {
    return false;  // it would look like a scheme
  }
  return consists_of(text, ":@/", letters);
}

bool is_absolute(std::string_view text, Letters letters) {
  const size_t scheme = scheme_bytes(text);
  return scheme > 0 && is_rest(text.substr(scheme + 1), letters, true);
}

bool is_reference(std::string_view text, Letters letters) {
  return is_absolute(text, letters) || is_rest(text, letters, false);
}

/// literals (RFC 6570, 2.1); an apostrophe is one as well, as its errata say.
bool is_template_literal(std::string_view text) {
  while (!text.empty()) {
    const char c = text.front();
    if (!is_ascii(c)) {
      if (!is_international(take_character(text), true)) return false;
      continue;
    }
    if (c == '%') {
      if (text.size() < 3 || !is_hex(text[1]) || !is_hex(text[2])) return false;
    } else if (c <= ' ' || c == 127 || is_among(c, "\"<>\\^`{|}")) {
      return false;
    }
    text.remove_prefix(1);
  }
  return true;
}

/// varname, perhaps with a prefix's length or "*" (RFC 6570, 2.3 and 2.4).
bool is_varspec(std::string_view text) {
  if (text.ends_with('*')) {
    text.remove_suffix(1);
  } else if (const size_t colon = text.find(':'); colon != std::string_view::npos) {
    std::string_view length = text.substr(colon + 1);
    if (length.empty() || length.size() > 4 || length.front() == '0') return false;
    take_digits(length);
    if (!length.empty()) return false;
    text = text.substr(0, colon);
  }
  bool after_dot = true;
  for (; !text.empty(); text.remove_prefix(1)) {
    if (text.front() == '.') {
      if (after_dot) return false;
      after_dot = true;
      continue;
    }
    after_dot = false;
    if (is_letter(text.front()) || is_digit(text.front()) || text.front() == '_') continue;
    if (text.size() < 3 || text.front() != '%' || !is_hex(text[1]) || !is_hex(text[2])) return false;
    text.remove_prefix(2);
  }
  return !after_dot;
}

}  // namespace

bool is_uri(std::string_view text) { return is_absolute(text, Letters::ascii); }
bool is_uri_reference(std::string_view text) { return is_reference(text, Letters::ascii); }
bool is_iri(std::string_view text) { return is_absolute(text, Letters::international); }
bool is_iri_reference(std::string_view text) { return is_reference(text, Letters::international); }

bool is_uri_template(std::string_view text) {
  while (true) {
    const size_t open = text.find('{');
    if (!is_template_literal(text.substr(0, open))) return false;
    if (open == std::string_view::npos) return true;
    text.remove_prefix(open + 1);
    const size_t close = text.find('}');
    if (close == std::string_view::npos) return false;
    std::string_view list = text.substr(0, close);
    text.remove_prefix(close + 1);
    take(list, "+#./;?&=,!@|");
    while (true) {
      const size_t comma = list.find(',');
      if (!is_varspec(list.substr(0, comma))) return false;
      if (comma == std::string_view::npos) break;
      list.remove_prefix(comma + 1);
    }
  }
}

}  // namespace counterpart::schema::formats

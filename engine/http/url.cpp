#include "engine/http/url.h"

#include <algorithm>

namespace counterpart::http {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// RFC 3986, 2.3.
bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

/// What may not stand unescaped in a target: a space would end it (RFC 9112, 3), a control character is an attempt
/// to split a message, and '#' begins a fragment, which is never sent (RFC 9110, 7.1). Bytes past ASCII are let
/// through: RFC 3986 wants them escaped, real clients do not always do so, and they are harmless.
bool is_forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7f || c == '#';
}

/// The part of `text` before `separator`; `text` then begins behind it. `more` says whether there was one.
std::string_view take_until(std::string_view& text, char separator, bool& more) {
  const size_t at = text.find(separator);
  more = at != std::string_view::npos;
  const std::string_view piece = text.substr(0, at);
  text.remove_prefix(more ? at + 1 : text.size());
  return piece;
}

bool split_path(std::string_view path, std::vector<std::string>& segments) {
  path.remove_prefix(1);
  segments.reserve(static_cast<size_t>(std::count(path.begin(), path.end(), '/')) + 1);
  for (bool more = true; more;) {
    auto segment = percent_decode(take_until(path, '/', more));
    if (!segment) return false;
    segments.push_back(std::move(*segment));
  }
  return true;
}

/// WHATWG URL, 5.1: pieces between '&', the first '=' divides, '+' is a space.
bool split_query(std::string_view query, std::vector<QueryParameter>& parameters) {
  constexpr size_t usual_max = 16;
  const auto separators = static_cast<size_t>(std::count(query.begin(), query.end(), '&'));
  parameters.reserve(std::min(separators + 1, usual_max));
  for (bool more = true; more;) {
    std::string_view value = take_until(query, '&', more);
    if (value.empty()) continue;
    bool has_value = false;
    const std::string_view name = take_until(value, '=', has_value);
    auto decoded_name = percent_decode(name, true);
    auto decoded_value = percent_decode(value, true);
    if (!decoded_name || !decoded_value) return false;
    parameters.push_back({std::move(*decoded_name), std::move(*decoded_value)});
  }
  return true;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  const auto is_coded = [plus_is_space](char c) { return c == '%' || (plus_is_space && c == '+'); };
  const auto plain = static_cast<size_t>(std::find_if(text.begin(), text.end(), is_coded) - text.begin());
  std::string decoded(text.substr(0, plain));
  if (plain == text.size()) return decoded;
  decoded.reserve(text.size());
  for (size_t i = plain; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      if (c == '\0') return std::nullopt;
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    decoded += c;
  }
  return decoded;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";  // RFC 3986, 2.1: upper case is to be preferred
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return encoded;
}

std::optional<Target> parse_target(std::string_view target) {
  if (target.empty() || target.front() != '/') return std::nullopt;
  bool forbidden = false;
  for (const char c : target) forbidden |= is_forbidden(c);  // all of them at once, where any_of would look one by one
  if (forbidden) return std::nullopt;

  bool has_query = false;
  std::string_view query = target;
  const std::string_view path = take_until(query, '?', has_query);
  Target parsed;
  parsed.path = path;
  if (!split_path(path, parsed.segments)) return std::nullopt;
  if (has_query && !split_query(query, parsed.query)) return std::nullopt;
  return parsed;
}

}  // namespace counterpart::http

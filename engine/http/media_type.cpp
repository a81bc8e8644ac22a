#include "engine/http/media_type.h"

#include <algorithm>
#include <array>
#include <optional>

#include "engine/http/message.h"

namespace counterpart::http {

namespace {

/// OWS of RFC 9110, 5.6.3.
bool is_space(char c) { return c == ' ' || c == '\t'; }

/// tchar of RFC 9110, 5.6.2.
bool is_token_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// The end of the piece that begins at `from`: the next ',' or `also` outside a quoted string, or the text's end.
size_t piece_end(std::string_view text, size_t from, char also) {
  bool quoted = false;
  for (size_t i = from; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && (text[i] == ',' || text[i] == also)) {
      return i;
    }
  }
  return text.size();
}

/// A quoted-string (RFC 9110, 5.6.4) without its quotes and escapes; nullopt for a malformed one.
std::optional<std::string> unquote(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') return std::nullopt;
    if (text[i] == '\\' && ++i == text.size()) return std::nullopt;
    result += text[i];
  }
  return result;
}

/// `token [ BWS "=" BWS word ]` (RFC 7240, 2), where a word is a token or a quoted-string.
std::optional<std::pair<std::string, std::string>> parse_preference(std::string_view piece) {
  const size_t equals = piece.find('=');
  const std::string_view name = trim(piece.substr(0, equals));
  if (!is_token(name)) return std::nullopt;
  if (equals == std::string_view::npos) return std::pair{lower_case(name), std::string()};
  const std::string_view word = trim(piece.substr(equals + 1));
  // "Empty or zero-length values [...] are equivalent to no value being specified at all" (RFC 7240, 2)
  if (word.empty() || is_token(word)) return std::pair{lower_case(name), std::string(word)};
  auto value = unquote(word);
  if (!value) return std::nullopt;
  return std::pair{lower_case(name), std::move(*value)};
}

struct Extension {
  std::string_view name;
  std::string_view media_type;
};

constexpr std::array extensions = {
    Extension{"avif", "image/avif"},
    Extension{"bmp", "image/bmp"},
    Extension{"css", "text/css"},
    Extension{"csv", "text/csv"},
    Extension{"gif", "image/gif"},
    Extension{"gz", "application/gzip"},
    Extension{"htm", "text/html"},
    Extension{"html", "text/html"},
    Extension{"ico", "image/vnd.microsoft.icon"},
    Extension{"jpeg", "image/jpeg"},
    Extension{"jpg", "image/jpeg"},
    Extension{"js", "text/javascript"},
    Extension{"json", "application/json"},
    Extension{"md", "text/markdown"},
    Extension{"mjs", "text/javascript"},
    Extension{"mp3", "audio/mpeg"},
    Extension{"mp4", "video/mp4"},
    Extension{"ndjson", "application/x-ndjson"},
    Extension{"pdf", "application/pdf"},
    Extension{"png", "image/png"},
    Extension{"svg", "image/svg+xml"},
    Extension{"txt", "text/plain"},
    Extension{"wasm", "application/wasm"},
    Extension{"webp", "image/webp"},
    Extension{"woff2", "font/woff2"},
    Extension{"xml", "application/xml"},
    Extension{"yaml", "application/yaml"},
    Extension{"yml", "application/yaml"},
    Extension{"zip", "application/zip"},
};

}  // namespace

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

bool is_media_type(std::string_view text) {
  const size_t slash = text.find('/');
  const size_t end = piece_end(text, 0, ';');
  if (slash >= end || !is_token(text.substr(0, slash)) || !is_token(trim(text.substr(slash + 1, end - slash - 1))))
    return false;
  for (size_t at = end; at < text.size();) {
    if (text[at] != ';') return false;
    const size_t next = piece_end(text, at + 1, ';');
    const std::string_view parameter = trim(text.substr(at + 1, next - at - 1));
    const size_t equals = parameter.find('=');
    const bool good = equals != std::string_view::npos && is_token(parameter.substr(0, equals)) &&
                      (is_token(parameter.substr(equals + 1)) || unquote(parameter.substr(equals + 1)));
    if (!good) return false;
    at = next;
  }
  return true;
}

std::string essence(std::string_view content_type) {
  return lower_case(trim(content_type.substr(0, content_type.find(';'))));
}

bool is_json(std::string_view content_type) {
  constexpr std::string_view suffix = "+json";
  const std::string type = essence(content_type);
  return type == "application/json" || type == "text/json" ||
         (type.size() > suffix.size() && type.ends_with(suffix) && type.find('/') != std::string::npos);
}

std::string_view media_type_of_file(std::string_view path) {
  const std::string_view name = path.substr(path.find_last_of("/\\") + 1);
  const size_t dot = name.rfind('.');
  if (dot != std::string_view::npos && dot > 0) {
    for (const Extension& extension : extensions) {
      if (equal_ignoring_case(extension.name, name.substr(dot + 1))) return extension.media_type;
    }
  }
  return "application/octet-stream";
}

std::vector<std::pair<std::string, std::string>> parse_prefer(std::string_view value) {
  std::vector<std::pair<std::string, std::string>> preferences;
  for (size_t at = 0; at <= value.size() && preferences.size() < preferences_max;) {
    const size_t end = piece_end(value, at, ',');
    const std::string_view piece = value.substr(at, end - at);
    auto preference = parse_preference(piece.substr(0, piece_end(piece, 0, ';')));
    at = end + 1;
    if (!preference) continue;
    // "If any preference is specified more than once, only the first instance is to be considered" (RFC 7240, 2)
    const bool repeated = std::any_of(preferences.begin(), preferences.end(),
                                      [&](const auto& earlier) { return earlier.first == preference->first; });
    if (!repeated) preferences.push_back(std::move(*preference));
  }
  return preferences;
}

}  // namespace counterpart::http

#include "engine/schema/uri.h"

#include <algorithm>

namespace counterpart::schema {

namespace {

/// The parts of RFC 3986, 3; a part that is there may be empty.
struct Parts {
  std::optional<std::string_view> scheme;
  std::optional<std::string_view> authority;
  std::string_view path;
  std::optional<std::string_view> query;
  std::string_view fragment;
};

Parts split(std::string_view text) {
  Parts parts;
  if (const size_t hash = text.find('#'); hash != std::string_view::npos) {
    parts.fragment = text.substr(hash + 1);
    text = text.substr(0, hash);
  }
  if (const size_t mark = text.find('?'); mark != std::string_view::npos) {
    parts.query = text.substr(mark + 1);
    text = text.substr(0, mark);
  }
  const size_t colon = text.find(':');
  if (colon != std::string_view::npos && colon > 0 && text.find('/') > colon) {
    parts.scheme = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    const size_t end = std::min(text.find('/'), text.size());
    parts.authority = text.substr(0, end);
    text.remove_prefix(end);
  }
  parts.path = text;
  return parts;
}

/// RFC 3986, 5.2.4.
std::string without_dots(std::string_view path) {
  std::string result;
  const auto drop_last = [&result] { result.erase(std::min(result.rfind('/'), result.size())); };
  while (!path.empty()) {
    if (path.starts_with("../")) {
      path.remove_prefix(3);
    } else if (path.starts_with("./") || path.starts_with("/./")) {
      path.remove_prefix(2);
    } else if (path == "/.") {
      path = "/";
    } else if (path.starts_with("/../")) {
      path.remove_prefix(3);
      drop_last();
    } else if (path == "/..") {
      path = "/";
      drop_last();
    } else if (path == "." || path == "..") {
      path = {};
    } else {
      const size_t end = std::min(path.find('/', 1), path.size());
      result += path.substr(0, end);
      path.remove_prefix(end);
    }
  }
  return result;
}

std::string merged(const Parts& base, std::string_view path) {
  if (base.authority && base.path.empty()) return "/" + std::string(path);
  const size_t slash = base.path.rfind('/');
  return std::string(base.path.substr(0, slash == std::string_view::npos ? 0 : slash + 1)) + std::string(path);
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// A "%" that escapes nothing stays.
std::string percent_decoded(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escapes = text[i] == '%' && text.size() - i > 2 && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0;
    result += escapes ? static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2])) : text[i];
    i += escapes ? 2 : 0;
  }
  return result;
}

}  // namespace

Address resolve(std::string_view base, std::string_view reference) {
  const Parts to = split(reference);
  const Parts from = split(base);
  Address result;
  result.fragment = percent_decoded(to.fragment);
  if (!to.scheme && !to.authority && to.path.empty() && !to.query) {
    result.uri = base;
    return result;
  }
  const Parts& origin = to.scheme || to.authority ? to : from;
  if (const auto& scheme = to.scheme ? to.scheme : from.scheme) result.uri = std::string(*scheme) + ":";
  if (origin.authority) result.uri += "//" + std::string(*origin.authority);
  if (to.scheme || to.authority || to.path.starts_with('/')) {
    result.uri += without_dots(to.path);
  } else if (to.path.empty()) {
    result.uri += from.path;
  } else {
    result.uri += without_dots(merged(from, to.path));
  }
  if (to.query) result.uri += "?" + std::string(*to.query);
  return result;
}

std::optional<std::string> take_step(std::string_view& pointer) {
  if (!pointer.starts_with('/')) return std::nullopt;
  pointer.remove_prefix(1);
  const std::string_view escaped = pointer.substr(0, pointer.find('/'));
  pointer.remove_prefix(escaped.size());
  std::string name;
  for (size_t i = 0; i < escaped.size(); ++i) {
    const char next = i + 1 < escaped.size() ? escaped[i + 1] : '\0';
    const bool escapes = escaped[i] == '~' && (next == '0' || next == '1');
    name += !escapes ? escaped[i] : next == '0' ? '~' : '/';
    i += escapes ? 1 : 0;
  }
  return name;
}

void append_step(std::string& pointer, std::string_view name) {
  pointer += '/';
  for (const char c : name) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
}

}  // namespace counterpart::schema

#include "conformance/tricks.h"

#include <algorithm>

#include "engine/http/url.h"

namespace counterpart::conformance {

namespace {

/// `text`, `count` times, in at most `bytes_max` bytes: whole ones, but one at least.
std::string repeated(const std::string& text, size_t count, size_t bytes_max) {
  if (text.empty()) return "";
  const size_t fit = std::max<size_t>(1, std::min(count, bytes_max / text.size()));
  std::string all;
  all.reserve(fit * text.size());
  for (size_t i = 0; i < fit; ++i) all += text;
  all.resize(std::min(all.size(), bytes_max));
  return all;
}

void add_query(std::string_view piece, http::Request& request) {
  request.target += request.target.find('?') == std::string::npos ? '?' : '&';
  request.target += piece;
}

void change_path(const Trick& trick, http::Request& request) {
  const size_t path_size = std::min(request.target.find('?'), request.target.size());
  const size_t at = path_size == 0 ? 0 : 1 + trick.at % path_size;  // the first slash stays
  const size_t cut = std::min(trick.cut, path_size - std::min(at, path_size));
  request.target.replace(at, cut, repeated(trick.text, trick.count, trick_head_bytes_max));
}

void change_body(const Trick& trick, http::Request& request) {
  const size_t half = trick_body_bytes_max / 2;
  request.body = repeated(trick.text, trick.count, trick.tail.empty() ? trick_body_bytes_max : half);
  request.body += repeated(trick.tail, trick.count, half);
  if (!trick.name.empty()) request.headers.set("Content-Type", trick.name);
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Escapes decoded once, those that are none left alone; whether there was one.
bool decode(std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
    if (!escape) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
    i += 2;
  }
  const bool changed = out.size() != text.size();
  text = std::move(out);
  return changed;
}

}  // namespace

std::string_view name_of(Trick::Kind kind) {
  static constexpr std::string_view names[] = {"path", "query", "repeat", "header", "body", "method"};
  return names[static_cast<size_t>(kind)];
}

void lay_over(const Trick& trick, http::Request& request) {
  switch (trick.kind) {
    case Trick::Kind::path:
      return change_path(trick, request);
    case Trick::Kind::query:
      return add_query(repeated(trick.text, trick.count, trick_head_bytes_max), request);
    case Trick::Kind::repeat:
      return add_query(http::percent_encode(trick.name) + "=" + http::percent_encode(trick.text), request);
    case Trick::Kind::header: {
      const size_t bytes = trick.name.size() + trick.text.size() + 4;
      const size_t count = std::max<size_t>(1, std::min(trick.count, trick_head_bytes_max / bytes));
      for (size_t i = 0; i < count; ++i) request.headers.add(trick.name, trick.text);
      return;
    }
    case Trick::Kind::body:
      return change_body(trick, request);
    case Trick::Kind::method:
      if (!trick.text.empty()) request.method = trick.text;
  }
}

std::vector<http::Request> ways_to_read(const http::Request& plain, const std::vector<Trick>& tricks) {
  std::vector<http::Request> ways{plain};
  for (const Trick& trick : tricks) lay_over(trick, ways[0]);
  if (ways[0].method == plain.method && tolerant_path(ways[0].target) == tolerant_path(plain.target)) {
    ways.push_back(plain);
  }
  for (const Trick& trick : tricks) {
    if (trick.kind != Trick::Kind::repeat) continue;
    http::Request& way = ways.emplace_back(plain);
    const std::string name = http::percent_encode(trick.name) + "=";
    const size_t query = way.target.find('?');
    size_t at = query == std::string::npos ? query : way.target.find(name, query);
    if (at != std::string::npos && way.target[at - 1] != '?' && way.target[at - 1] != '&') at = std::string::npos;
    if (at == std::string::npos) {
      add_query(name + http::percent_encode(trick.text), way);
    } else {
      const size_t end = std::min(way.target.find('&', at), way.target.size());
      way.target.replace(at, end - at, name + http::percent_encode(trick.text));
    }
  }
  return ways;
}

std::string tolerant_path(std::string_view target) {
  std::string path(target.substr(0, std::min(target.find_first_of("?#"), target.size())));
  constexpr int decodings_max = 8;
  for (int i = 0; i < decodings_max && decode(path); ++i) {
  }
  path = http::lower_case(path);
  std::replace(path.begin(), path.end(), '\\', '/');
  std::vector<std::string_view> segments;
  const std::string_view all = path;
  for (size_t from = 0; from <= all.size();) {
    const size_t end = std::min(all.find('/', from), all.size());
    const std::string_view segment = all.substr(from, std::min(all.substr(from, end - from).find(';'), end - from));
    from = end + 1;
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
  }
  std::string normal;
  for (const std::string_view segment : segments) normal.append("/").append(segment);
  return normal;
}

bool may_be_closed_on(const http::Request& request) {
  constexpr size_t head_bytes_sure = 4 * 1024, fields_sure = 64, body_bytes_sure = 64 * 1024;
  size_t head_bytes = request.target.size();
  for (const http::Header& field : request.headers) head_bytes += field.name.size() + field.value.size() + 4;
  return head_bytes > head_bytes_sure || request.headers.size() > fields_sure || request.body.size() > body_bytes_sure;
}

}  // namespace counterpart::conformance

#include "mock/framer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace counterpart::mock {
namespace {

constexpr size_t method_bytes_max = 64;
constexpr size_t version_bytes = 8;
constexpr size_t empty_lines_max = 4;
constexpr size_t chunk_digits_max = 16;
constexpr size_t chunk_line_bytes_max = 1024;
constexpr size_t chunk_extension_bytes_max = 16 * 1024;  // of one body
constexpr size_t kept_bytes_max = 256;                   // of a string's capacity, between requests

/// What a byte may be part of.
enum Kind : uint8_t { token = 1, field_text = 2, target_text = 4, host_text = 8 };

constexpr std::array<uint8_t, 256> kinds = [] {
  std::array<uint8_t, 256> table{};
  const auto mark = [&table](std::string_view bytes, uint8_t kind) {
    for (const char byte : bytes) table[static_cast<uint8_t>(byte)] |= kind;
  };
  for (size_t byte = 0x21; byte < 0x100; ++byte) {
    if (byte != 0x7f) table[byte] = field_text | target_text;
  }
  mark("\t ", field_text);
  for (char byte = '0'; byte <= '9'; ++byte) mark({&byte, 1}, token | host_text);
  for (char byte = 'a'; byte <= 'z'; ++byte) mark({&byte, 1}, token | host_text);
  for (char byte = 'A'; byte <= 'Z'; ++byte) mark({&byte, 1}, token | host_text);
  mark("!#$%&'*+-.^_`|~", token);
  mark("-._~%!$&'()*+,;=:[]", host_text);
  return table;
}();

bool is(char byte, Kind kind) { return (kinds[static_cast<uint8_t>(byte)] & kind) != 0; }

bool all_are(std::string_view text, Kind kind) {
  return std::all_of(text.begin(), text.end(), [kind](char byte) { return is(byte, kind); });
}

bool is_blank(char byte) { return byte == ' ' || byte == '\t'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

/// The value of a hexadecimal digit, or -1.
int hex_value(char byte) {
  if (is_digit(byte)) return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

}  // namespace

size_t Framer::feed(std::string_view bytes) {
  size_t taken = 0;
  while (state_ == State::head || state_ == State::body) {
    const size_t step_bytes = step(bytes.substr(taken));
    if (step_bytes == 0) break;
    taken += step_bytes;
  }
  return taken;
}

void Framer::next() {
  state_ = State::head;
  part_ = Part::request_line;
  head_bytes_ = empty_lines_ = fields_ = hosts_ = content_lengths_ = transfer_encodings_ = extension_bytes_ = 0;
  chunked_ = http_1_0_ = says_close_ = says_keep_alive_ = keep_alive_ = expects_continue_ = false;
  request_.headers = {};
  for (std::string* text : {&authority_, &request_.method, &request_.target, &request_.body}) {
    text->clear();
    if (text->capacity() > kept_bytes_max) text->shrink_to_fit();
  }
}

void Framer::refuse(int status, std::string sentence) {
  state_ = State::refused;
  keep_alive_ = false;
  refusal_ = {status, std::move(sentence)};
}

size_t Framer::step(std::string_view bytes) {
  if (bytes.empty()) return 0;
  switch (part_) {
    case Part::content:
    case Part::chunk_data:
      return step_data(bytes);
    case Part::chunk_end:
      return step_chunk_end(bytes);
    default:
      return step_line(bytes);
  }
}

size_t Framer::step_line(std::string_view bytes) {
  if (part_ == Part::request_line && !is(bytes[0], token) && bytes[0] != '\r' && bytes[0] != '\n') {
    refuse(400, "The first byte is not that of an HTTP request. (TLS on a port without TLS looks like this.)");
    return 0;
  }
  const size_t newline = bytes.find('\n', scanned_bytes_);
  const size_t line_bytes = newline == std::string_view::npos ? bytes.size() : newline + 1;
  if (line_bytes > line_bytes_max()) {
    refuse_long_line();
    return 0;
  }
  if (newline == std::string_view::npos) {
    scanned_bytes_ = bytes.size();
    return 0;
  }
  scanned_bytes_ = 0;
  if (newline == 0 || bytes[newline - 1] != '\r') {
    refuse(400, "A line ends with LF alone; lines of HTTP end with CRLF.");
    return 0;
  }
  if (part_ != Part::chunk_size) head_bytes_ += line_bytes;
  take_line(bytes.substr(0, newline - 1));
  return line_bytes;
}

/// Of the line that comes next, its line end included.
size_t Framer::line_bytes_max() const {
  constexpr size_t spaces_and_line_end_bytes = 4;
  switch (part_) {
    case Part::request_line:
      return method_bytes_max + limits_.target_bytes_max + version_bytes + spaces_and_line_end_bytes;
    case Part::chunk_size:
      return chunk_line_bytes_max;
    default:
      return limits_.header_bytes_max - std::min(limits_.header_bytes_max, head_bytes_);
  }
}

void Framer::refuse_long_line() {
  switch (part_) {
    case Part::request_line:
      return refuse(414, fmt::format("The request target is longer than {} bytes.", limits_.target_bytes_max));
    case Part::chunk_size:
      return refuse(400, fmt::format("A chunk's size line is longer than {} bytes.", chunk_line_bytes_max));
    default:
      return refuse(431, fmt::format("The head is longer than {} bytes.", limits_.header_bytes_max));
  }
}

void Framer::take_line(std::string_view line) {
  switch (part_) {
    case Part::request_line:
      return take_request_line(line);
    case Part::chunk_size:
      return take_chunk_size(line);
    default:
      return take_field(line);
  }
}

void Framer::take_request_line(std::string_view line) {
  if (line.empty()) {
    head_bytes_ = 0;
    if (++empty_lines_ > empty_lines_max) refuse(400, "There are too many empty lines before the request line.");
    return;
  }
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first + 1 >= last || line.find(' ', first + 1) != last) {
    return refuse(400, "The request line is not a method, a target and a version with one space between each.");
  }
  const std::string_view method = line.substr(0, first);
  if (method.empty() || !all_are(method, token)) return refuse(400, "The method is not a token.");
  if (!take_version(line.substr(last + 1))) return;
  if (method.size() > method_bytes_max) return refuse(501, "No method has such a long name.");
  request_.method = method;
  if (!take_target(line.substr(first + 1, last - first - 1))) return;
  part_ = Part::field;
}

bool Framer::take_version(std::string_view version) {
  const bool well_formed = version.size() == version_bytes && version.substr(0, 5) == "HTTP/" && is_digit(version[5]) &&
                           version[6] == '.' && is_digit(version[7]);
  if (!well_formed) {
    refuse(400, "The request line does not end with an HTTP version.");
    return false;
  }
  http_1_0_ = version == "HTTP/1.0";
  if (http_1_0_ || version == "HTTP/1.1") return true;
  refuse(505, fmt::format("{} is not spoken here, only HTTP/1.1 and HTTP/1.0.", version));
  return false;
}

bool Framer::take_target(std::string_view target) {
  if (target.size() > limits_.target_bytes_max) {
    refuse(414, fmt::format("The request target is longer than {} bytes.", limits_.target_bytes_max));
    return false;
  }
  if (!all_are(target, target_text)) {
    refuse(400, "The request target holds a control character.");
    return false;
  }
  if (target.find('#') != std::string_view::npos) {
    refuse(400, "The request target holds a fragment ('#').");
    return false;
  }
  if (request_.method == "CONNECT") {
    refuse(501, "CONNECT asks for a tunnel, and this server opens none.");
    return false;
  }
  if (target[0] == '/' || (target == "*" && request_.method == "OPTIONS")) {
    request_.target = target;
    return true;
  }
  return take_absolute_target(target);
}

bool Framer::take_absolute_target(std::string_view target) {
  const size_t scheme_bytes = target.find("://");
  const std::string_view scheme = target.substr(0, std::min(scheme_bytes, target.size()));
  if (scheme_bytes == std::string_view::npos ||
      !(http::equal_ignoring_case(scheme, "http") || http::equal_ignoring_case(scheme, "https"))) {
    refuse(400, "The request target is neither a path, nor an http URL, nor the * of OPTIONS.");
    return false;
  }
  target.remove_prefix(scheme_bytes + 3);
  const size_t authority_bytes = std::min(target.find_first_of("/?"), target.size());
  authority_ = target.substr(0, authority_bytes);
  if (authority_.empty() || !all_are(authority_, host_text)) {
    refuse(400, "The host in the request target is not a host.");
    return false;
  }
  target.remove_prefix(authority_bytes);
  if (target.empty()) {
    request_.target = request_.method == "OPTIONS" ? "*" : "/";
  } else {
    request_.target = target[0] == '?' ? "/" : "";
    request_.target += target;
  }
  return true;
}

void Framer::take_field(std::string_view line) {
  if (line.empty()) return part_ == Part::trailer ? complete() : end_head();
  if (is_blank(line[0])) return refuse(400, "A header line starts with a blank (folded lines are obsolete).");
  if (++fields_ > limits_.header_count_max) {
    return refuse(431, fmt::format("There are more than {} header fields.", limits_.header_count_max));
  }
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return refuse(400, "A header line has no colon.");
  const std::string_view name = line.substr(0, colon);
  if (name.empty()) return refuse(400, "A header line has no name.");
  if (is_blank(name.back())) return refuse(400, "There is a blank between a header's name and its colon.");
  if (!all_are(name, token)) return refuse(400, "A header's name is not a token.");
  const std::string_view value = trim(line.substr(colon + 1));
  if (!all_are(value, field_text)) return refuse(400, "A header's value holds a control character.");
  if (part_ == Part::trailer) return;
  note_field(name, value);
  request_.headers.add(std::string(name), std::string(value));
}

/// What framing needs to know of a header field.
void Framer::note_field(std::string_view name, std::string_view value) {
  const auto named = [name](std::string_view other) { return http::equal_ignoring_case(name, other); };
  switch (name.size()) {
    case 4:
      if (!named("Host")) return;
      if (++hosts_ > 1) return refuse(400, "There is more than one Host header.");
      if (!all_are(value, host_text)) return refuse(400, "The Host header is not a host.");
      return;
    case 6:
      if (named("Expect") && http::equal_ignoring_case(value, "100-continue")) expects_continue_ = true;
      return;
    case 10:
      if (named("Connection")) note_connection(value);
      return;
    case 14:
      if (named("Content-Length")) note_content_length(value);
      return;
    case 17:
      if (!named("Transfer-Encoding")) return;
      ++transfer_encodings_;
      chunked_ = http::equal_ignoring_case(value, "chunked");
      if (!chunked_) return refuse(501, "The only transfer coding known here is chunked.");
      return;
    default:
      return;
  }
}

void Framer::note_connection(std::string_view value) {
  while (!value.empty()) {
    const size_t comma = std::min(value.find(','), value.size());
    const std::string_view option = trim(value.substr(0, comma));
    if (http::equal_ignoring_case(option, "close")) says_close_ = true;
    if (http::equal_ignoring_case(option, "keep-alive")) says_keep_alive_ = true;
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
}

void Framer::note_content_length(std::string_view value) {
  if (++content_lengths_ > 1) return refuse(400, "There is more than one Content-Length header.");
  if (value.empty() || !std::all_of(value.begin(), value.end(), is_digit)) {
    return refuse(400, "Content-Length is not a number of bytes.");
  }
  left_bytes_ = 0;
  for (const char digit : value) {
    // Past the limit the exact value matters no more, and stopping there keeps it from overflowing.
    if (left_bytes_ > limits_.body_bytes_max) break;
    left_bytes_ = left_bytes_ * 10 + static_cast<uint64_t>(digit - '0');
  }
}

void Framer::end_head() {
  if (hosts_ == 0 && !http_1_0_) return refuse(400, "There is no Host header, which HTTP/1.1 asks for.");
  if (content_lengths_ > 0 && transfer_encodings_ > 0) {
    return refuse(400, "There are both Content-Length and Transfer-Encoding.");
  }
  if (transfer_encodings_ > 1) return refuse(400, "There is more than one Transfer-Encoding header.");
  if (chunked_ && http_1_0_) return refuse(400, "HTTP/1.0 has no Transfer-Encoding.");
  if (left_bytes_ > limits_.body_bytes_max) {
    return refuse(413, fmt::format("The body is longer than {} bytes.", limits_.body_bytes_max));
  }
  if (!authority_.empty()) request_.headers.set("Host", authority_);
  keep_alive_ = !says_close_ && (!http_1_0_ || says_keep_alive_);
  expects_continue_ = expects_continue_ && !http_1_0_;
  if (!chunked_ && left_bytes_ == 0) return complete();
  state_ = State::body;
  part_ = chunked_ ? Part::chunk_size : Part::content;
}

size_t Framer::step_data(std::string_view bytes) {
  expects_continue_ = false;
  const size_t taken = static_cast<size_t>(std::min<uint64_t>(left_bytes_, bytes.size()));
  request_.body.append(bytes.substr(0, taken));
  left_bytes_ -= taken;
  if (left_bytes_ == 0) {
    if (part_ == Part::content) {
      complete();
    } else {
      part_ = Part::chunk_end;
    }
  }
  return taken;
}

size_t Framer::step_chunk_end(std::string_view bytes) {
  if (bytes[0] != '\r' || (bytes.size() > 1 && bytes[1] != '\n')) {
    refuse(400, "A chunk's data is longer than its size says.");
    return 0;
  }
  if (bytes.size() < 2) return 0;
  part_ = Part::chunk_size;
  return 2;
}

void Framer::take_chunk_size(std::string_view line) {
  expects_continue_ = false;
  size_t digits = 0;
  uint64_t size_bytes = 0;
  while (digits < line.size() && hex_value(line[digits]) >= 0) {
    if (digits == chunk_digits_max) return refuse(400, "A chunk's size has too many digits.");
    size_bytes = size_bytes * 16 + static_cast<uint64_t>(hex_value(line[digits++]));
  }
  if (digits == 0) return refuse(400, "A chunk's size is not a hexadecimal number.");
  const std::string_view extension = line.substr(digits);
  if (!extension.empty() && extension[0] != ';') return refuse(400, "A chunk's size is followed by something else.");
  if (!all_are(extension, field_text)) return refuse(400, "A chunk's extension holds a control character.");
  extension_bytes_ += extension.size();
  if (extension_bytes_ > chunk_extension_bytes_max) return refuse(400, "The extensions of the chunks are too long.");
  if (size_bytes > limits_.body_bytes_max - request_.body.size()) {
    return refuse(413, fmt::format("The body is longer than {} bytes.", limits_.body_bytes_max));
  }
  left_bytes_ = size_bytes;
  part_ = size_bytes == 0 ? Part::trailer : Part::chunk_data;
}

}  // namespace counterpart::mock

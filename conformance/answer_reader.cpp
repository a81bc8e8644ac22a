#include "conformance/answer_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/http/media_type.h"

namespace counterpart::conformance {
namespace {

constexpr size_t quoted_bytes_max = 40;

/// The beginning of what came, for a message.
std::string in_quotes(std::string_view bytes) {
  std::string out = "\"";
  for (const char byte : bytes.substr(0, quoted_bytes_max)) {
    if (byte >= ' ' && byte <= '~') {
      out += byte;
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    }
  }
  return out + (bytes.size() > quoted_bytes_max ? "...\"" : "\"");
}

std::string_view trim(std::string_view text) {
  const size_t start = text.find_first_not_of(" \t");
  return start == std::string_view::npos ? "" : text.substr(start, text.find_last_not_of(" \t") + 1 - start);
}

bool is_field_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char byte) { return byte == '\t' || (byte >= 0x20 && byte != 0x7f); });
}

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

/// Calls `visit` with every element of a comma-separated list, of all fields of that name.
template <typename Visit>
void for_each_element(const http::Headers& headers, std::string_view name, const Visit& visit) {
  for (const http::Header& field : headers) {
    if (!http::equal_ignoring_case(field.name, name)) continue;
    std::string_view rest = field.value;
    for (;;) {
      const size_t comma = rest.find(',');
      visit(trim(rest.substr(0, comma)));
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
}

}  // namespace

AnswerReader::AnswerReader(std::string_view request_method, size_t body_bytes_max, std::string& bytes, More more)
    : is_head_request_(request_method == "HEAD"),
      body_bytes_max_(body_bytes_max),
      bytes_(bytes),
      more_(std::move(more)) {}

AnswerReader::End AnswerReader::read(http::Response& response) {
  came_ = !bytes_.empty();
  bool whole = read_head(response);
  for (size_t interim = 0; whole && response.status < 200; ++interim) {
    if (response.status == 101) whole = refuse("the answer is 101, a change of protocol that was not asked for");
    if (interim == interim_answers_max) whole = refuse(fmt::format("more than {} interim answers came", interim));
    if (whole) whole = read_head(response);
  }
  if (whole) whole = choose_body(response) && read_body(response.body);
  bytes_.erase(0, taken_bytes_);
  if (whole && !bytes_.empty()) keep_alive_ = false;  // what would answer the next request has no request
  if (whole) return End::whole;
  keep_alive_ = false;
  return sentence_.empty() ? End::cut : End::malformed;
}

std::string AnswerReader::progress() const {
  if (!came_) return "no byte of an answer came";
  if (!in_body_) return fmt::format("{} bytes of a head came", head_bytes_ + bytes_.size());
  if (body_ == Body::length) return fmt::format("{} of the body's {} bytes came", body_bytes_, length_);
  return fmt::format("{} bytes of the body came, and not its end", body_bytes_);
}

bool AnswerReader::fetch() {
  if (taken_bytes_ > 0) bytes_.erase(0, std::exchange(taken_bytes_, 0));
  if (!more_(bytes_)) return false;
  came_ = true;
  return true;
}

bool AnswerReader::refuse(std::string sentence) {
  sentence_ = std::move(sentence);
  return false;
}

/// Without its line end.
bool AnswerReader::read_line(size_t bytes_max, std::string_view what, std::string& line) {
  size_t scanned = taken_bytes_;
  for (;;) {
    const size_t newline = bytes_.find('\n', scanned);
    const size_t bytes = std::min(newline, bytes_.size()) - taken_bytes_;
    if (bytes > bytes_max) return refuse(fmt::format("{} is longer than {} bytes", what, bytes_max));
    if (newline != std::string::npos) {
      if (bytes == 0 || bytes_[newline - 1] != '\r')
        return refuse(fmt::format("{} ends with LF alone, without CR", what));
      line.assign(bytes_, taken_bytes_, bytes - 1);
      taken_bytes_ = newline + 1;
      return true;
    }
    scanned = bytes;
    if (!fetch()) return false;
  }
}

bool AnswerReader::read_head(http::Response& response) {
  response = {};
  fields_ = 0;
  if (!read_status_line(response) || !read_fields(response.headers)) return false;
  choose_keep_alive(response.headers);
  return true;
}

bool AnswerReader::read_status_line(http::Response& response) {
  // What is not HTTP is refused by its first bytes: it may have no lines.
  constexpr std::string_view name = "HTTP/";
  for (;;) {
    const std::string_view begun = std::string_view(bytes_).substr(taken_bytes_);
    const size_t compared = std::min(begun.size(), name.size());
    if (begun.substr(0, compared) != name.substr(0, compared)) {
      return refuse(fmt::format("what came is not HTTP: it begins with {}", in_quotes(begun)));
    }
    if (compared == name.size()) break;
    if (!fetch()) return false;
  }
  std::string line;
  if (!read_line(head_bytes_max - std::min(head_bytes_, head_bytes_max), "the status line", line)) return false;
  head_bytes_ += line.size() + 2;
  const bool versioned = line.starts_with("HTTP/1.0 ") || line.starts_with("HTTP/1.1 ");
  const bool numbered = line.size() >= 12 && is_digit(line[9]) && is_digit(line[10]) && is_digit(line[11]);
  const bool ended = line.size() == 12 || (line.size() > 12 && line[12] == ' ' && is_field_text(line));
  if (!versioned || !numbered || !ended) return refuse(fmt::format("the status line is no such: {}", in_quotes(line)));
  http_1_0_ = line[7] == '0';
  response.status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  return response.status >= 100 || refuse(fmt::format("{} is no status", line.substr(9, 3)));
}

bool AnswerReader::read_fields(http::Headers& headers) {
  std::string field;  // with what was folded
  for (;;) {
    std::string line;
    const size_t left = head_bytes_max - std::min(head_bytes_, head_bytes_max);
    if (!read_line(left, "the head", line)) return false;
    head_bytes_ += line.size() + 2;
    const bool folded = line.starts_with(' ') || line.starts_with('\t');
    if (folded && field.empty()) return refuse("the head's first field line begins with a space");
    if (folded) {
      field += ' ';
      field += trim(line);
      continue;
    }
    if (!field.empty() && !take_field(field, headers)) return false;
    if (line.empty()) return true;
    field = std::move(line);
  }
}

bool AnswerReader::take_field(std::string_view line, http::Headers& headers) {
  if (++fields_ > fields_max) return refuse(fmt::format("the head has more than {} fields", fields_max));
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || !http::is_token(line.substr(0, colon))) {
    return refuse(fmt::format("a line of the head is no field: {}", in_quotes(line)));
  }
  const std::string_view value = trim(line.substr(colon + 1));
  if (!is_field_text(value)) {
    return refuse(fmt::format("the header {} holds control characters: {}", line.substr(0, colon), in_quotes(value)));
  }
  headers.add(std::string(line.substr(0, colon)), std::string(value));
  return true;
}

/// RFC 9112, 6.3.
bool AnswerReader::choose_body(const http::Response& response) {
  in_body_ = true;
  const bool has_coding = response.headers.find("Transfer-Encoding") != nullptr;
  const bool has_length = response.headers.find("Content-Length") != nullptr;
  const bool bodiless = is_head_request_ || response.status == 204 || response.status == 304;
  if (has_length && !take_lengths(response.headers)) return false;
  if (bodiless) return true;
  if (!has_coding) {
    body_ = has_length ? Body::length : Body::rest;
    return true;
  }
  if (has_length) return refuse("the answer has both Transfer-Encoding and Content-Length");
  if (http_1_0_) return refuse("an answer of HTTP/1.0 has Transfer-Encoding");
  std::string codings;
  for_each_element(response.headers, "Transfer-Encoding", [&](std::string_view one) {
    if (!codings.empty()) codings += ", ";
    codings += one;
  });
  body_ = Body::chunks;
  return http::equal_ignoring_case(codings, "chunked") ||
         refuse(fmt::format("the transfer coding is {}, and chunked was expected", in_quotes(codings)));
}

bool AnswerReader::take_lengths(const http::Headers& headers) {
  std::string_view first;
  bool good = true;
  std::string_view wrong;
  for_each_element(headers, "Content-Length", [&](std::string_view one) {
    if (first.data() == nullptr) first = one;
    const bool digits = !one.empty() && std::all_of(one.begin(), one.end(), is_digit);
    if (digits && one == first) return;
    good = false;
    wrong = one;
  });
  const auto [end, error] = std::from_chars(first.data(), first.data() + first.size(), length_);
  if (!good || error != std::errc()) {
    return refuse(wrong == first || good
                      ? fmt::format("the Content-Length is no length: {}", in_quotes(first))
                      : fmt::format("two lengths in Content-Length: {} and {}", in_quotes(first), in_quotes(wrong)));
  }
  return true;
}

/// RFC 9112, 9.3.
void AnswerReader::choose_keep_alive(const http::Headers& headers) {
  keep_alive_ = !http_1_0_;
  for_each_element(headers, "Connection", [&](std::string_view option) {
    if (http_1_0_ && http::equal_ignoring_case(option, "keep-alive")) keep_alive_ = true;
  });
  for_each_element(headers, "Connection", [&](std::string_view option) {
    if (http::equal_ignoring_case(option, "close")) keep_alive_ = false;
  });
}

bool AnswerReader::read_body(std::string& body) {
  switch (body_) {
    case Body::none:
      return true;
    case Body::length:
      return read_bytes(length_, body);
    case Body::chunks:
      return read_chunks(body);
    case Body::rest:
      keep_alive_ = false;
      return read_rest(body);
  }
  return true;
}

/// Of what is there, at most so much.
bool AnswerReader::take_bytes(uint64_t count, std::string& body) {
  const size_t there = static_cast<size_t>(std::min<uint64_t>(bytes_.size() - taken_bytes_, count));
  if (there > body_bytes_max_ - body_bytes_) return refuse_large_body();
  body.append(bytes_, taken_bytes_, there);
  taken_bytes_ += there;
  body_bytes_ += there;
  return true;
}

bool AnswerReader::refuse_large_body() {
  return refuse(fmt::format("the body is larger than {} bytes", body_bytes_max_));
}

bool AnswerReader::read_bytes(uint64_t count, std::string& body) {
  if (count > body_bytes_max_ - body_bytes_) return refuse_large_body();
  const uint64_t end = body_bytes_ + count;
  for (;;) {
    if (!take_bytes(end - body_bytes_, body)) return false;
    if (body_bytes_ == end) return true;
    if (!fetch()) return false;
  }
}

bool AnswerReader::read_rest(std::string& body) {
  do {
    if (!take_bytes(UINT64_MAX, body)) return false;
  } while (fetch());
  return false;
}

bool AnswerReader::read_chunks(std::string& body) {
  for (;;) {
    uint64_t size = 0;
    if (!read_chunk_size(size)) return false;
    if (size == 0) break;
    std::string rest;
    if (!read_bytes(size, body) || !read_line(chunk_line_bytes_max, "a chunk's end", rest)) return false;
    if (!rest.empty()) return refuse(fmt::format("a chunk is followed by {}", in_quotes(rest)));
  }
  fields_ = 0;
  http::Headers trailers;
  return read_fields(trailers);
}

bool AnswerReader::read_chunk_size(uint64_t& size) {
  std::string line;
  if (!read_line(chunk_line_bytes_max, "a chunk's size", line)) return false;
  const size_t digits = std::min(line.find_first_of("; \t"), line.size());
  const auto [end, error] = std::from_chars(line.data(), line.data() + digits, size, 16);
  const std::string_view extension = trim(std::string_view(line).substr(digits));
  const bool extended = extension.empty() || (extension[0] == ';' && is_field_text(extension));
  if (error != std::errc() || end != line.data() + digits || !extended) {
    return refuse(fmt::format("a chunk's size is no such: {}", in_quotes(line)));
  }
  extension_bytes_ += extension.size();
  return extension_bytes_ <= chunk_extension_bytes_max ||
         refuse(fmt::format("the chunks' extensions are longer than {} bytes", chunk_extension_bytes_max));
}

}  // namespace counterpart::conformance

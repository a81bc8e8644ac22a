#include "fuzz/server/raw.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "conformance/plan.h"
#include "conformance/reports/text.h"
#include "conformance/request_writer.h"
#include "conformance/target.h"

namespace counterpart::fuzz::server {

namespace {

using conformance::Transport;
using namespace std::string_literals;

template <typename Range>
const auto& one_of(const Range& range, state::Random& random) {
  return *(std::begin(range) + static_cast<std::ptrdiff_t>(random.below(std::size(range))));
}

/// The good request in parts.
struct Parts {
  std::string line;     ///< without its end
  std::string target;   ///< of the line
  std::string headers;  ///< each with its end
};

Parts parts_of(const std::string& good) {
  const size_t line_end = good.find("\r\n");
  Parts parts;
  parts.line = good.substr(0, line_end);
  const size_t target = parts.line.find(' ') + 1;
  parts.target = parts.line.substr(target, parts.line.rfind(' ') - target);
  parts.headers = good.substr(line_end + 2, good.find("\r\n\r\n") - line_end);
  return parts;
}

std::string with_line(const Parts& parts, const std::string& line) { return line + "\r\n" + parts.headers + "\r\n"; }

std::string bad_line(const Parts& parts, state::Random& random) {
  const std::string& target = parts.target;
  const std::string lines[] = {"",
                               "GET",
                               "GET ",
                               "GET " + target,
                               "GET " + target + " ",
                               "GET " + target + " HTTP",
                               "GET " + target + " HTTP/",
                               "GET " + target + " HTTP/1",
                               "GET " + target + " HTTP/1.",
                               "GET " + target + " HTTP/1.10",
                               "GET " + target + " HTTP/9.9",
                               "GET " + target + " HTTP/0.9",
                               "GET " + target + " http/1.1",
                               "GET " + target + " HTTP/1.1 ",
                               "GET  " + target + "  HTTP/1.1",
                               "GET\t" + target + "\tHTTP/1.1",
                               " GET " + target + " HTTP/1.1",
                               "G\0T "s + target + " HTTP/1.1",
                               "GET " + target + "\0 HTTP/1.1"s,
                               "GET " + target + " x HTTP/1.1",
                               "GET\xC3\xA9 " + target + " HTTP/1.1",
                               "GET x HTTP/1.1",
                               "GET * HTTP/1.1",
                               "GET http:// HTTP/1.1",
                               "GET http://[::1 HTTP/1.1",
                               "GET http://user@:0/ HTTP/1.1",
                               "GET // HTTP/1.1",
                               "GET :// HTTP/1.1",
                               "CONNECT " + target + " HTTP/1.1",
                               "CONNECT a:99999 HTTP/1.1",
                               "OPTIONS * HTTP/1.1",
                               "\r\n\r\nGET " + target + " HTTP/1.1",
                               std::string(20'000, 'G') + " " + target + " HTTP/1.1",
                               "GET /" + std::string(100'000, 'a') + " HTTP/1.1",
                               "GET " + target + "#x HTTP/1.1",
                               "GET " + target + " HTTP/1.1\nX: y",
                               "GET " + target + " HTTP/1.1\rX: y",
                               "PRI * HTTP/2.0\r\n\r\nSM\r\n",
                               "HTTP/1.1 200 OK",
                               "\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03"s};
  return with_line(parts, one_of(lines, random));
}

std::string bad_header(const Parts& parts, state::Random& random) {
  const std::string headers[] = {
      "X\r\n",
      ": x\r\n",
      " : x\r\n",
      "X : y\r\n",
      " X: y\r\n",
      "X: y\r\n z\r\n",
      "X:\0y\r\n"s,
      "X\0: y\r\n"s,
      "X: y\n",
      "X: y\r",
      "X: \rZ: a\r\n",
      "X\xC3\xA9: y\r\n",
      "X(: y\r\n",
      "Host: other.example\r\n",
      "Host:\r\n",
      "Host: a b\r\n",
      "Host: [::1\r\n",
      "Host: a:b:c\r\n",
      "Connection: close, , ,,\r\n",
      "Expect: 100-continue\r\n",
      "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAM\r\n",
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n",
      "X: " + std::string(200'000, 'x') + "\r\n",
      std::string(200'000, 'X') + ": y\r\n"};
  return parts.line + "\r\n" + parts.headers + one_of(headers, random) + "\r\n";
}

std::string header_flood(const Parts& parts, state::Random& random) {
  static constexpr size_t counts[] = {101, 1'001, 10'001};
  std::string text = parts.line + "\r\n" + parts.headers;
  const bool numbered = random.below(2) == 0;
  for (size_t i = one_of(counts, random); i > 0; --i) {
    text += numbered ? fmt::format("X-{}: {}\r\n", i, i) : "X: y\r\n"s;
  }
  return text + "\r\n";
}

/// The method stays one of reading: whatever a server makes of the body, it was asked for nothing else.
std::string conflicting_lengths(const Parts& parts, state::Random& random) {
  static const std::string lengths[] = {"Content-Length: 1\r\nContent-Length: 2\r\n",
                                        "Content-Length: 1, 2\r\n",
                                        "Content-Length: -1\r\n",
                                        "Content-Length: +1\r\n",
                                        "Content-Length: 0x1\r\n",
                                        "Content-Length: 1 1\r\n",
                                        "Content-Length:\r\n",
                                        "Content-Length: 18446744073709551616\r\n",
                                        "Content-Length: 9223372036854775807\r\n",
                                        "Content-Length: 1e1\r\n",
                                        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                                        "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",
                                        "Transfer-Encoding: chunked, chunked\r\n",
                                        "Transfer-Encoding: chunked, identity\r\n",
                                        "Transfer-Encoding: xchunked\r\n",
                                        "Transfer-Encoding: \"chunked\"\r\n",
                                        "Transfer-Encoding:\x0B"
                                        "chunked\r\n",
                                        "Transfer-Encoding : chunked\r\n",
                                        "Transfer-Encoding: gzip\r\n",
                                        "Content-Length: 100\r\n",
                                        "Content\0-Length: 1\r\n"s};
  return parts.line + "\r\n" + parts.headers + one_of(lengths, random) + "\r\n0\r\n\r\n";
}

std::string bad_chunks(const Parts& parts, state::Random& random) {
  static const std::string chunks[] = {"x\r\n",
                                       "\r\n",
                                       "-1\r\nx\r\n0\r\n\r\n",
                                       "+1\r\nx\r\n0\r\n\r\n",
                                       "0x1\r\nx\r\n0\r\n\r\n",
                                       " 1\r\nx\r\n0\r\n\r\n",
                                       "1 \r\nx\r\n0\r\n\r\n",
                                       "1\nx\n0\n\n",
                                       "1\r\nxx\r\n0\r\n\r\n",
                                       "2\r\nx\r\n0\r\n\r\n",
                                       "1\r\nx0\r\n\r\n",
                                       "FFFFFFFFFFFFFFFF\r\nx",
                                       "10000000000000000\r\nx",
                                       "7FFFFFFFFFFFFFFF\r\nx",
                                       "1;\r\nx\r\n0\r\n\r\n",
                                       "1;a=\"\r\nx\r\n0\r\n\r\n",
                                       "1;" + std::string(100'000, 'e') + "\r\nx\r\n0\r\n\r\n",
                                       "0\r\nX\r\n\r\n",
                                       "0\r\nContent-Length: 5\r\n\r\n",
                                       "0\r\n" + std::string(100'000, 'T') + ": x\r\n\r\n",
                                       "00000000000000000000\r\n\r\n",
                                       "0\r\n",
                                       "5\r\nab",
                                       "\0\r\n"s};
  return parts.line + "\r\n" + parts.headers + "Transfer-Encoding: chunked\r\n\r\n" + one_of(chunks, random);
}

std::string damaged(std::string bytes, state::Random& random) {
  for (size_t left = 1 + random.below(8); left > 0 && !bytes.empty(); --left) {
    const size_t at = random.below(bytes.size());
    switch (random.below(4)) {
      case 0:
        bytes[at] = static_cast<char>(random.below(256));
        break;
      case 1:
        bytes.insert(at, 1 + random.below(4), static_cast<char>(random.below(256)));
        break;
      case 2:
        bytes.erase(at, 1 + random.below(8));
        break;
      default:
        bytes.insert(at, "\r\n");
    }
  }
  return bytes;
}

std::string noise(state::Random& random) {
  std::string bytes(1 + random.below(2'000), '\0');
  for (char& c : bytes) c = static_cast<char>(random.below(256));
  return bytes;
}

}  // namespace

RawRequest make_raw(const std::string& good, state::Random& random) {
  const Parts parts = parts_of(good);
  switch (random.below(9)) {
    case 0:
    case 1:
      return {bad_line(parts, random), "a bad request line"};
    case 2:
      return {bad_header(parts, random), "a bad header"};
    case 3:
      return {header_flood(parts, random), "a flood of headers"};
    case 4:
      return {conflicting_lengths(parts, random), "conflicting lengths"};
    case 5:
      return {bad_chunks(parts, random), "bad chunks"};
    case 6:
      return {good.substr(0, random.below(good.size())), "half a request"};
    case 7:
      return {damaged(good, random), "a damaged request"};
    default:
      return {noise(random), "noise"};
  }
}

std::string good_request(const conformance::Suite& suite, const conformance::TargetUrl& url) {
  http::Request request;
  request.method = "GET";
  request.target = "/";
  for (const contract::Operation& operation : suite.contract().operations) {
    if (!conformance::is_read(operation)) continue;
    request = conformance::request_of(suite, suite.base_call(operation));
    break;
  }
  request.target = url.base + request.target;
  request.headers.set("Host", url.authority);
  std::string problem;
  return conformance::write_request(request, problem);
}

namespace {

conformance::TargetUrl parsed(const std::string& text) {
  std::string problem;
  auto url = conformance::parse_target_url(text, problem);
  if (!url) throw conformance::EnvironmentError(text + ": " + problem);
  return *std::move(url);
}

}  // namespace

RawSender::RawSender(const conformance::TargetSettings& settings)
    : settings_(settings), url_(parsed(settings.url)), trust_(settings) {}

RawSender::Outcome RawSender::send(std::string_view bytes) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(settings_.limits.timeout_ms);
  Transport connection;
  if (connection.open(url_, trust_, deadline) != Transport::Result::done) return {"no connection", connection.error()};
  connection.write(bytes, deadline);  // that a server stops reading is its right
  connection.end_writing();
  std::string came;
  constexpr size_t came_bytes_max = 1 << 20;
  Transport::Result result = Transport::Result::done;
  while (result == Transport::Result::done && came.size() < came_bytes_max) result = connection.read(came, deadline);
  const std::string shown = conformance::reports::one_line(came.substr(0, 200), 200);
  if (came.empty()) {
    if (result == Transport::Result::timed_out) return {"neither an answer nor an end of the connection", "nothing"};
    return {"", "the connection ended"};
  }
  if (!came.starts_with("HTTP/1.") || came.size() < 12) {
    // To what is no HTTP/1.1 some answer as HTTP/0.9 did, without a head, and close.
    return {result == Transport::Result::timed_out ? "what came is no HTTP response" : "", shown};
  }
  const std::string status = came.substr(9, 3);
  if (status[0] == '5' && status != "501" && status != "505") return {"the server failed with status " + status, shown};
  return {"", shown};
}

std::string shrunk_bytes(std::string bytes, const std::function<bool(std::string_view)>& shows, size_t tries_max) {
  for (size_t length = bytes.size() / 2; length > 0 && tries_max > 0; length /= 2) {
    for (size_t from = 0; from + length <= bytes.size() && tries_max > 0;) {
      std::string less = bytes;
      less.erase(from, length);
      --tries_max;
      if (!less.empty() && shows(less)) {
        bytes = std::move(less);
      } else {
        from += length;
      }
    }
  }
  return bytes;
}

}  // namespace counterpart::fuzz::server

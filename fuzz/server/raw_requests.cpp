#include "fuzz/server/raw_requests.h"

#include <fmt/format.h>

#include <algorithm>

namespace counterpart::fuzz::server {

namespace {

using namespace std::string_literals;

/// The good request in parts.
struct Parts {
  std::string line;     ///< without its end
  std::string target;   ///< of the line
  std::string headers;  ///< each with its end

  std::string head() const { return line + "\r\n" + headers; }
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

std::vector<std::string> bad_lines(const Parts& parts) {
  const std::string& target = parts.target;
  std::vector<std::string> lines = {"",
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
  for (std::string& line : lines) line += "\r\n" + parts.headers + "\r\n";
  return lines;
}

std::vector<std::string> bad_headers(const Parts& parts) {
  std::vector<std::string> headers = {
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
  for (std::string& header : headers) header = parts.head() + header + "\r\n";
  return headers;
}

std::vector<std::string> header_floods(const Parts& parts) {
  std::vector<std::string> floods;
  for (const size_t count : {101, 1'001, 10'001}) {
    for (const bool numbered : {false, true}) {
      std::string text = parts.head();
      for (size_t i = count; i > 0; --i) text += numbered ? fmt::format("X-{}: {}\r\n", i, i) : "X: y\r\n";
      floods.push_back(text + "\r\n");
    }
  }
  return floods;
}

/// Ended in each of its parts, and at their borders.
std::vector<std::string> halves(const std::string& good, const Parts& parts) {
  const size_t line = parts.line.size();
  const size_t target = parts.line.find(' ') + 1;
  std::vector<std::string> cut;
  for (const size_t bytes : {size_t{1}, target - 1, target, target + parts.target.size() / 2, line - 4, line, line + 1,
                             line + 2, line + 5, good.size() - 5, good.size() - 4, good.size() - 2, good.size() - 1}) {
    cut.push_back(good.substr(0, std::min(bytes, good.size() - 1)));
  }
  return cut;
}

/// The method stays one of reading: whatever a server makes of the body, it was asked for nothing else.
std::vector<std::string> conflicting_lengths(const Parts& parts) {
  std::vector<std::string> lengths = {"Content-Length: 1\r\nContent-Length: 2\r\n",
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
  for (std::string& length : lengths) length = parts.head() + length + "\r\n0\r\n\r\n";
  return lengths;
}

std::vector<std::string> bad_chunks(const Parts& parts) {
  std::vector<std::string> chunks = {"x\r\n",
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
  for (std::string& chunk : chunks) chunk = parts.head() + "Transfer-Encoding: chunked\r\n\r\n" + chunk;
  return chunks;
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

enum Kind : size_t { line, header, flood, length, chunk, half, damage, random_bytes };
constexpr size_t listed_kinds = half + 1, kinds = random_bytes + 1;
constexpr std::string_view names[kinds] = {"a bad request line",  "a bad header", "a flood of headers",
                                           "conflicting lengths", "bad chunks",   "half a request",
                                           "a damaged request",   "noise"};

void shuffle(std::vector<size_t>& numbers, state::Random& random) {
  for (size_t i = numbers.size(); i > 1; --i) std::swap(numbers[i - 1], numbers[random.below(i)]);
}

std::vector<size_t> shuffled(size_t count, state::Random& random) {
  std::vector<size_t> numbers;
  for (size_t i = 0; i < count; ++i) numbers.push_back(i);
  shuffle(numbers, random);
  return numbers;
}

}  // namespace

RawRequests::RawRequests(std::string good, state::Random& random) : good_(std::move(good)), random_(random) {
  const Parts parts = parts_of(good_);
  listed_ = {bad_lines(parts),           bad_headers(parts), header_floods(parts),
             conflicting_lengths(parts), bad_chunks(parts),  halves(good_, parts)};
  // Round by round one of each kind, the kinds in another order each time.
  std::vector<std::vector<size_t>> orders;
  size_t rounds = 0;
  for (const auto& texts : listed_) {
    orders.push_back(shuffled(texts.size(), random_));
    rounds = std::max(rounds, texts.size());
  }
  for (size_t round = 0; round < rounds; ++round) {
    for (const size_t kind : shuffled(kinds, random_)) {
      if (kind >= listed_kinds) {
        first_.push_back({kind, 0});
      } else if (round < orders[kind].size()) {
        first_.push_back({kind, orders[kind][round]});
      }
    }
  }
  std::reverse(first_.begin(), first_.end());
}

RawRequest RawRequests::next() {
  if (!first_.empty()) {
    const auto [kind, number] = first_.back();
    first_.pop_back();
    return {kind < listed_kinds ? listed_[kind][number] : drawn(kind), names[kind]};
  }
  const size_t kind = random_.below(kinds);
  std::string bytes = drawn(kind);
  if (random_.below(2) == 0) bytes = damaged(std::move(bytes), random_);
  return {std::move(bytes), names[kind]};
}

std::string RawRequests::drawn(size_t kind) {
  if (kind == damage) return damaged(good_, random_);
  if (kind == random_bytes) return noise(random_);
  if (kind == half) return good_.substr(0, random_.below(good_.size()));
  return listed_[kind][random_.below(listed_[kind].size())];
}

}  // namespace counterpart::fuzz::server

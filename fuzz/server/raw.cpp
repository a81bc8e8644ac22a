#include "fuzz/server/raw.h"

#include "conformance/answer_reader.h"
#include "conformance/plan.h"
#include "conformance/reports/text.h"
#include "conformance/request_writer.h"
#include "conformance/target.h"

namespace counterpart::fuzz::server {

using conformance::Transport;

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

conformance::Deadline RawSender::deadline() const {
  return std::chrono::steady_clock::now() + std::chrono::milliseconds(settings_.limits.timeout_ms);
}

RawSender::Outcome RawSender::send(std::string_view bytes, const std::string& good) {
  Transport other;
  const bool is_watched =
      other.open(url_, trust_, deadline()) == Transport::Result::done && ask(other, good) == Asked::answered;
  Outcome outcome = send_alone(bytes);
  if (!is_watched) return outcome;
  const Asked asked = ask(other, good);
  if (asked != Asked::failed) outcome.beside = asked == Asked::answered ? Beside::kept : Beside::ended;
  return outcome;
}

RawSender::Asked RawSender::ask(Transport& connection, const std::string& request) const {
  const auto until = deadline();
  bool has_ended = connection.write(request, until) == Transport::Result::failed;
  bool came = false;
  std::string bytes;
  conformance::AnswerReader reader("GET", settings_.limits.answer_bytes_max, bytes, [&](std::string& to) {
    const Transport::Result result = connection.read(to, until);
    came = came || result == Transport::Result::done;
    has_ended = has_ended || result == Transport::Result::ended || result == Transport::Result::failed;
    return result == Transport::Result::done;
  });
  http::Response response;
  constexpr int first_server_error = 500;
  const bool is_whole = reader.read(response) == conformance::AnswerReader::End::whole;
  if (is_whole && reader.keep_alive() && response.status < first_server_error) return Asked::answered;
  return has_ended && !came ? Asked::ended : Asked::failed;
}

RawSender::Outcome RawSender::send_alone(std::string_view bytes) {
  const auto until = deadline();
  Transport connection;
  if (connection.open(url_, trust_, until) != Transport::Result::done) return {no_connection, connection.error()};
  connection.write(bytes, until);  // that a server stops reading is its right
  connection.end_writing();
  std::string came;
  constexpr size_t came_bytes_max = 1 << 20;
  Transport::Result result = Transport::Result::done;
  while (result == Transport::Result::done && came.size() < came_bytes_max) result = connection.read(came, until);
  const std::string shown = conformance::reports::one_line(came.substr(0, 200), 200);
  if (came.empty()) {
    if (result != Transport::Result::timed_out) return {"", "the connection ended"};
    return {url_.tls ? "" : "neither an answer nor an end of the connection", "nothing"};
  }
  while (came.starts_with("HTTP/1.") && came.substr(8, 2) == " 1") {  // RFC 9110, 15.2: an answer follows
    const size_t end = came.find("\r\n\r\n");
    if (end == std::string::npos || end + 4 == came.size()) break;
    came.erase(0, end + 4);
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

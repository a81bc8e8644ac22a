#include "fuzz/inputs/peer.h"

#include <fmt/format.h>

#include "conformance/answer_reader.h"
#include "fuzz/inputs/input.h"
#include "mock/connection.h"

namespace counterpart::fuzz {

namespace {

constexpr std::chrono::hours no_turn_ends{1};
constexpr size_t body_bytes_max = 64 * 1024;

/// Answers with what it was asked, and remembers it.
class Echo final : public mock::Handler {
 public:
  std::string requests;
  std::vector<std::string> methods;  ///< of whatever is answered

  mock::Reply answer(http::Request& request) override {
    methods.push_back(request.method);
    std::string text = fmt::format("{} {} {}\n", request.method, request.target, request.body);
    for (const http::Header& header : request.headers) text += header.name + ": " + header.value + "\n";
    requests += text;
    http::Response response;
    response.headers.add("Content-Type", "text/plain");
    response.headers.add("X-Target", request.target);
    response.body = std::move(text);
    return response;
  }

  void refused(const http::Request& read, http::Response& problem) override {
    methods.push_back(read.method);
    requests += fmt::format("refused with {}\n", problem.status);
  }
};

std::string read_answers(std::string bytes, const std::vector<std::string>& methods) {
  std::string answers;
  for (const std::string& method : methods) {
    conformance::AnswerReader reader(method, 4 * body_bytes_max, bytes, [](std::string&) { return false; });
    http::Response response;
    const auto end = reader.read(response);
    require(end == conformance::AnswerReader::End::whole, "an answer that can be read",
            reader.sentence() + reader.progress() + "\n" + bytes);
    answers += fmt::format("{} {}\n", response.status, response.body);
    for (const http::Header& header : response.headers) answers += header.name + ": " + header.value + "\n";
  }
  require(bytes.empty() || bytes == "HTTP/1.1 100 Continue\r\n\r\n", "no answer without a request", bytes);
  return answers;
}

}  // namespace

Conversation converse(const std::vector<std::string_view>& pieces) {
  static const mock::Limits limits = [] {
    mock::Limits small;
    small.turn_time = no_turn_ends;
    small.body_bytes_max = body_bytes_max;
    return small;
  }();
  Echo echo;
  mock::Codec codec(echo);
  mock::Connection connection(limits, codec);
  std::string out, all;
  const auto send = [&] {
    for (bool more = true; more;) {
      all += out;
      out.clear();
      more = connection.stalled();
      if (more) connection.resume(out);
    }
  };
  for (const std::string_view piece : pieces) {
    connection.received(piece, out);
    send();
  }
  connection.ended(out);
  send();
  require(connection.closing(), "the end is the end");
  return {echo.requests, read_answers(std::move(all), echo.methods)};
}

}  // namespace counterpart::fuzz

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/http_target.h"
#include "conformance/test_peer.h"

namespace counterpart::conformance {
namespace {

using testing::StartsWith;
using Kind = Reply::Kind;

struct NastyCase {
  const char* name;
  std::function<void(PeerSocket&)> serve;
  Kind kind;
  std::string error;  ///< what it begins with
};

class NastyServerTest : public testing::TestWithParam<NastyCase> {};

TEST_P(NastyServerTest, IsToldInOneSentence) {
  TestPeer peer([](PeerSocket& socket, int) { GetParam().serve(socket); });
  std::string problem;
  TargetSettings settings = target_of_url(peer.url(), problem).value();
  // Who lets us wait is waited for a short time, the others for as long as they need.
  if (GetParam().kind == Kind::timed_out) settings.limits.timeout_ms = 200;
  settings.limits.answer_bytes_max = 1 << 20;
  const auto target = make_http_target(settings);
  const auto conversation = target->open(nullptr);
  const std::string megabytes(3 << 20, 'x');
  for (const std::string& body : {std::string(), megabytes}) {
    const Reply reply = conversation->send({"POST", "/", {}, body}, true);
    EXPECT_EQ(reply.kind, GetParam().kind) << reply.error;
    if (body.empty()) {
      EXPECT_THAT(reply.error, StartsWith(GetParam().error));
    }
    EXPECT_EQ(reply.error.find('\n'), std::string::npos);
    EXPECT_EQ(reply.error.empty(), reply.kind == Kind::answered);
    EXPECT_EQ(reply.attempts, 1);
  }
}

/// Sends the same again and again.
void send_for_ever(PeerSocket& socket, const std::string& bytes, int pause_ms) {
  while (socket.send(bytes) && (pause_ms == 0 || socket.pause(pause_ms))) {
  }
}

NastyCase sends(const char* name, std::string bytes, Kind kind, std::string error) {
  const auto serve = [bytes](PeerSocket& socket) {
    socket.read_request();
    socket.send(bytes);
  };
  return {name, serve, kind, std::move(error)};
}

/// `bytes`, then `more` for ever.
NastyCase goes_on(const char* name, std::string bytes, std::string more, int pause_ms, Kind kind, std::string error) {
  const auto serve = [bytes, more, pause_ms](PeerSocket& socket) {
    socket.read_request();
    socket.send(bytes);
    send_for_ever(socket, more, pause_ms);
  };
  return {name, serve, kind, std::move(error)};
}

std::string million_fields() {
  std::string bytes = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 1'000'000; ++i) bytes += "A: b\r\n";
  return bytes + "\r\n";
}

const std::string head = "HTTP/1.1 200 OK\r\n";
const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
const std::string kilobyte(1024, 'x');
const char* const late = "no whole answer within 200 ms: ";

const NastyCase nasty_cases[] = {
    {"silent", [](PeerSocket& socket) { socket.wait_for_the_end_of_the_test(); }, Kind::timed_out,
     "no whole answer within 200 ms: no byte of an answer came"},
    {"closes_at_once", [](PeerSocket&) {}, Kind::broken, "the connection "},
    {"closes_after_the_request", [](PeerSocket& socket) { socket.read_request(); }, Kind::broken,
     "the connection ended too early: no byte of an answer came"},
    {"resets", [](PeerSocket& socket) { socket.read_request(), socket.reset(); }, Kind::broken,
     "the connection failed (Connection reset by peer): no byte of an answer came"},
    {"resets_in_a_body",
     [](PeerSocket& socket) {
       socket.read_request();
       socket.send(head + "Content-Length: 10\r\n\r\nabc");
       socket.pause(20);
       socket.reset();
     },
     Kind::broken, "the connection failed (Connection reset by peer): 3 of the body's 10 bytes came"},
    {"half_closes",
     [](PeerSocket& socket) {
       socket.read_request();
       socket.send(head + "Content-Length: 10\r\n\r\nabc");
       socket.end_sending();
       socket.wait_for_the_end_of_the_test();
     },
     Kind::broken, "the connection ended too early: 3 of the body's 10 bytes came"},
    sends("no_end_of_chunks", chunked + "3\r\nabc\r\n", Kind::broken,
          "the connection ended too early: 3 bytes of the body came, and not its end"),
    sends("half_a_status_line", "HTTP/1.", Kind::broken, "the connection ended too early: 7 bytes of a head came"),
    sends("garbage", "\x16\x03\x01garbage", Kind::broken,
          "what came is not HTTP: it begins with \"\\x16\\x03\\x01garbage\""),
    sends("nul_bytes", std::string(1'000, '\0'), Kind::broken, "what came is not HTTP: it begins with \"\\x00\\x00"),
    sends("chunk_garbage", chunked + "3\r\nabcGARBAGE\r\n", Kind::broken, "a chunk is followed by \"GARBAGE\""),
    sends("million_headers", million_fields(), Kind::broken, "the head has more than 1000 fields"),
    sends("long_status_line", "HTTP/1.1 200 " + std::string(10 << 20, 'a') + "\r\n\r\n", Kind::broken,
          "the status line is longer than 262144 bytes"),
    sends("large_body", head + "Content-Length: 1048577\r\n\r\n", Kind::broken,
          "the body is larger than 1048576 bytes"),
    goes_on("endless_header_line", head + "A: ", kilobyte, 0, Kind::broken, "the head is longer than "),
    goes_on("endless_headers", head, "A: b\r\n", 0, Kind::broken, "the head has more than 1000 fields"),
    goes_on("endless_interim_answers", "", "HTTP/1.1 100 C\r\n\r\n", 0, Kind::broken,
            "more than 16 interim answers came"),
    goes_on("endless_body", head + "\r\n", kilobyte, 0, Kind::broken, "the body is larger than 1048576 bytes"),
    goes_on("endless_chunks", chunked, "400\r\n" + kilobyte + "\r\n", 0, Kind::broken,
            "the body is larger than 1048576 bytes"),
    goes_on("endless_trailers", chunked + "0\r\n", "A: " + kilobyte + "\r\n", 0, Kind::broken,
            "the head is longer than "),
    goes_on("endless_garbage", "", kilobyte, 0, Kind::broken, "what came is not HTTP: it begins with \"xxx"),
    goes_on("trickled_status_line", "HTTP/1.1 200 ", "a", 5, Kind::timed_out, late),
    goes_on("trickled_head", head, "A", 5, Kind::timed_out, late),
    goes_on("trickled_headers", head, "A: b\r\n", 5, Kind::timed_out, late),
    goes_on("trickled_body", head + "Content-Length: 1000\r\n\r\n", "a", 5, Kind::timed_out, late),
    goes_on("trickled_chunks", chunked, "1\r\na\r\n", 5, Kind::timed_out, late),
};

INSTANTIATE_TEST_SUITE_P(Cases, NastyServerTest, testing::ValuesIn(nasty_cases),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace counterpart::conformance

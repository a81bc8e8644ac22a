#include "mock/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace counterpart::mock {
namespace {

/// A connection whose handler answers with the target as the body.
class ConnectionTest : public testing::Test, public Handler {
 protected:
  std::string received(std::string_view bytes) {
    std::string out;
    connection_.received(bytes, out);
    return out;
  }

  static std::string get(const std::string& target, const std::string& fields = "") {
    return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
  }
  static std::string answered(const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  static std::string last_answered(const std::string& body) {
    return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  std::string prefix_;
  static Limits without_turns() {
    Limits limits;
    limits.turn_time = std::chrono::hours(1);
    return limits;
  }

  Limits limits_ = without_turns();
  Reply answer(http::Request& request) override {
    return http::Response{200, {}, prefix_ + request.target + request.body};
  }
  void refused(const http::Request& read, http::Response& problem) override {
    problem.headers.add("Read", read.method + read.target);
  }

  Codec codec_{*this};
  Connection connection_{limits_, codec_};
};

MATCHER_P2(IsRefusal, status, detail, "") {
  const std::string& out = arg;
  return out.starts_with("HTTP/1.1 " + std::to_string(status)) &&
         out.find("\r\nConnection: close\r\n") != std::string::npos &&
         out.find("\r\nContent-Type: application/problem+json\r\n") != std::string::npos &&
         out.find(detail) != std::string::npos;
}

TEST_F(ConnectionTest, AnswersARequestAndGoesOn) {
  EXPECT_EQ(received(get("/1")), answered("/1"));
  EXPECT_FALSE(connection_.closing());
  EXPECT_EQ(received(get("/2")), answered("/2"));
  EXPECT_EQ(connection_.answered(), 2u);
}

TEST_F(ConnectionTest, AnswersPipelinedRequestsInOrderAtOnce) {
  EXPECT_EQ(received(get("/1") + get("/2") + get("/3")), answered("/1") + answered("/2") + answered("/3"));
}

TEST_F(ConnectionTest, GivesTheSameAnswersHoweverTheBytesAreCut) {
  const std::string bytes = get("/1") + "POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc" + get("/3") +
                            "POST /4 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n0\r\n\r\n";
  const std::string answers = answered("/1") + answered("/2abc") + answered("/3") + answered("/4de");
  for (size_t piece = 1; piece <= bytes.size(); ++piece) {
    Connection connection(limits_, codec_);
    std::string out;
    for (size_t at = 0; at < bytes.size(); at += piece) {
      connection.received(std::string_view(bytes).substr(at, piece), out);
    }
    ASSERT_EQ(out, answers) << "in pieces of " << piece;
    EXPECT_FALSE(connection.in_request());
  }
}

TEST_F(ConnectionTest, KnowsWhenItIsInARequest) {
  EXPECT_FALSE(connection_.in_request());
  received("G");
  EXPECT_TRUE(connection_.in_request());
  received("ET / HTTP/1.1\r\nHost: h\r\n");
  EXPECT_TRUE(connection_.in_request());
  received("\r\n");
  EXPECT_FALSE(connection_.in_request());
  received("\r\n");
  EXPECT_FALSE(connection_.in_request()) << "an empty line is no request";
}

TEST_F(ConnectionTest, ClosesWhenTheClientAsksForIt) {
  EXPECT_EQ(received(get("/1", "Connection: close\r\n") + get("/2")), last_answered("/1"));
  EXPECT_TRUE(connection_.closing());
  EXPECT_FALSE(connection_.lingers());
  EXPECT_EQ(received(get("/3")), "");
}

TEST_F(ConnectionTest, RefusesWhatIsNoRequestAndLingers) {
  EXPECT_THAT(received(get("/1") + "bad\r\n" + get("/2")),
              testing::AllOf(testing::StartsWith(answered("/1")), testing::HasSubstr("HTTP/1.1 400 Bad Request"),
                             testing::Not(testing::HasSubstr("/2"))));
  EXPECT_TRUE(connection_.closing());
  EXPECT_TRUE(connection_.lingers());
  EXPECT_EQ(connection_.answered(), 1u);
}

TEST_F(ConnectionTest, RefusesWithTheStatusOfTheLimit) {
  limits_.target_bytes_max = 10;
  limits_.body_bytes_max = 10;
  const auto refused = [this](const std::string& bytes) {
    Connection connection(limits_, codec_);
    std::string out;
    connection.received(bytes, out);
    return out;
  };
  EXPECT_THAT(refused(get("/1234567890")), IsRefusal(414, "longer than 10 bytes"));
  EXPECT_THAT(refused(get("/", "Content-Length: 11\r\n")), IsRefusal(413, "longer than 10 bytes"));
  EXPECT_THAT(refused("GET / HTTP/3.0\r\n"), IsRefusal(505, "HTTP/3.0"));
}

TEST_F(ConnectionTest, SaysContinueOnceAndOnlyWhereItIsAwaited) {
  const std::string head = "POST /1 HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(received(head), "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_EQ(received("a"), "");
    EXPECT_EQ(received("b"), answered("/1ab"));
    EXPECT_EQ(received(head + "ab"), answered("/1ab")) << "the body is there already";
  }
  EXPECT_EQ(received(get("/0") + head), answered("/0") + "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(received("\r"), "") << "the body's first byte";
}

TEST_F(ConnectionTest, SaysContinueBeforeChunksOnce) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(received(head), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(received("1"), "");
  EXPECT_EQ(received("\r\nx\r\n0\r\n"), "");
  EXPECT_EQ(received("\r\n"), answered("/x"));
}

TEST_F(ConnectionTest, SaysNoContinueToABodyThatIsRefused) {
  limits_.body_bytes_max = 10;
  EXPECT_THAT(received("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n"),
              IsRefusal(413, "longer than 10 bytes"));
}

TEST_F(ConnectionTest, StopsAnsweringWhileTheOutputIsFull) {
  prefix_ = std::string(600'000, 'x');
  std::string out;
  connection_.received(get("/1") + get("/2") + get("/3") + get("/4", "Connection: close\r\n"), out);
  EXPECT_EQ(out, answered(prefix_ + "/1") + answered(prefix_ + "/2"));
  EXPECT_TRUE(connection_.stalled());
  EXPECT_TRUE(connection_.in_request());
  connection_.resume(out);
  EXPECT_EQ(connection_.answered(), 2u) << "still full";
  out.clear();
  connection_.resume(out);
  EXPECT_EQ(out, answered(prefix_ + "/3") + last_answered(prefix_ + "/4"));
  EXPECT_FALSE(connection_.stalled());
  EXPECT_TRUE(connection_.closing());
}

TEST_F(ConnectionTest, EndsSilentlyBetweenRequests) {
  received(get("/1"));
  std::string out;
  connection_.ended(out);
  EXPECT_EQ(out, "");
  EXPECT_TRUE(connection_.closing());
  EXPECT_FALSE(connection_.lingers());
}

TEST_F(ConnectionTest, RefusesARequestThatEndsInTheMiddle) {
  for (const char* bytes : {"G", "GET / HTTP/1.1\r\n", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\na"}) {
    Connection connection(limits_, codec_);
    std::string out;
    connection.received(bytes, out);
    connection.ended(out);
    EXPECT_THAT(out, IsRefusal(400, "ended before the request was complete"));
    EXPECT_TRUE(connection.closing());
    EXPECT_FALSE(connection.lingers()) << "there is nothing more to read";
  }
}

TEST_F(ConnectionTest, RefusesOnceFromOutside) {
  received("GET / HTTP/1.1\r\n");
  std::string out;
  connection_.refuse(408, "Too slow.", out);
  EXPECT_THAT(out, IsRefusal(408, "Too slow."));
  EXPECT_TRUE(connection_.lingers());
  EXPECT_FALSE(connection_.in_request());
  out.clear();
  connection_.refuse(408, "Too slow.", out);
  EXPECT_EQ(out, "");
}

TEST_F(ConnectionTest, StopsAfterTheNextAnswer) {
  received("GET /1 HTTP/1.1\r\n");
  connection_.stop();
  EXPECT_FALSE(connection_.closing());
  EXPECT_EQ(received("Host: h\r\n\r\n" + get("/2")), last_answered("/1"));
  EXPECT_TRUE(connection_.lingers()) << "the client did not ask for the end";
}

}  // namespace
}  // namespace counterpart::mock

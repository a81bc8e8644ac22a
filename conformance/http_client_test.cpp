#include "conformance/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "conformance/test_talk.h"

namespace counterpart::conformance {
namespace {

using testing::StartsWith;
using Kind = Reply::Kind;

/// More than the system's buffers take.
const std::string large_body(32 << 20, 'x');

TEST(HttpClient, AnAnswerThatComesBeforeTheRequestWasReadIsRead) {
  for (const bool reads_on : {true, false}) {
    TestPeer peer([reads_on](PeerSocket& socket, int) {
      socket.send("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno");
      if (reads_on) socket.read_request();
    });
    const Reply reply = Talk(settings_of(peer.url())).send("POST", "/", large_body);
    EXPECT_EQ(reply.response.status, 413) << reply.error;
    EXPECT_EQ(reply.response.body, "no");
  }
}

TEST(HttpClient, AServerThatDoesNotReadHasItsTimeToo) {
  TestPeer peer([](PeerSocket& socket, int) { socket.wait_for_the_end_of_the_test(); });
  TargetSettings settings = settings_of(peer.url());
  settings.limits.timeout_ms = 200;
  const Reply reply = Talk(settings).send("POST", "/", large_body);
  EXPECT_EQ(reply.kind, Kind::timed_out);
  EXPECT_EQ(reply.error, "no whole answer within 200 ms: no byte of an answer came");
}

/// On the first connection it answers one request, reads another and closes.
void close_after_one(PeerSocket& socket, int connection) {
  while (!socket.read_request().empty() && socket.send(ok)) {
    if (connection > 0) continue;
    socket.read_request();
    return;
  }
}

TEST(HttpClient, AKeptConnectionThatEndsIsRenewed) {
  struct Case {
    const char* method;
    Kind kind;
  };
  // All of them read and left without an answer: RFC 9112, 9.3.1 allows to repeat only those that are idempotent.
  for (const auto& [method, kind] :
       {Case{"GET", Kind::answered}, Case{"HEAD", Kind::answered}, Case{"PUT", Kind::answered},
        Case{"DELETE", Kind::answered}, Case{"POST", Kind::broken}, Case{"PATCH", Kind::broken}}) {
    TestPeer peer(close_after_one);
    Talk talk(settings_of(peer.url()));
    EXPECT_EQ(talk.send("GET").kind, Kind::answered);
    const Reply reply = talk.send(method);
    EXPECT_EQ(reply.kind, kind) << method << ": " << reply.error;
    EXPECT_EQ(reply.attempts, 1) << method;
    EXPECT_EQ(peer.connections(), kind == Kind::answered ? 2 : 1) << method;
    EXPECT_EQ(talk.send("POST").kind, Kind::answered) << "on a new connection, after " << method;
  }
}

TEST(HttpClient, AConnectionThatWasClosedMeanwhileIsNotUsed) {
  std::atomic<int> closed = 0;
  TestPeer peer([&](PeerSocket& socket, int) {
    socket.read_request();
    socket.send(ok);
    socket.end_sending();
    ++closed;
  });
  Talk talk(settings_of(peer.url()));
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(talk.send("POST").kind, Kind::answered);
    while (closed < i) std::this_thread::yield();
  }
  EXPECT_EQ(peer.connections(), 3);
}

/// Closes the first connections without an answer.
TestPeer::Script answering_from(int connection_wanted) {
  return [connection_wanted](PeerSocket& socket, int connection) {
    socket.read_request();
    if (connection >= connection_wanted) socket.send(ok);
  };
}

TEST(HttpClient, OnlyWhatIsSafeIsSentAgain) {
  struct Case {
    const char* method;
    int retries;
    int failures;
    Kind kind;
    int attempts;
  };
  const Case cases[] = {
      {"GET", 0, 1, Kind::broken, 1},    {"GET", 2, 2, Kind::answered, 3},     {"GET", 1, 2, Kind::broken, 2},
      {"HEAD", 1, 1, Kind::answered, 2}, {"OPTIONS", 1, 1, Kind::answered, 2}, {"POST", 2, 1, Kind::broken, 1},
      {"PUT", 2, 1, Kind::broken, 1},    {"DELETE", 2, 1, Kind::broken, 1},
  };
  for (const auto& [method, retries, failures, kind, attempts] : cases) {
    TestPeer peer(answering_from(failures));
    TargetSettings settings = settings_of(peer.url());
    settings.limits.retries = retries;
    const Reply reply = Talk(settings).send(method);
    EXPECT_EQ(reply.kind, kind) << method;
    EXPECT_EQ(reply.attempts, attempts) << method;
    EXPECT_EQ(peer.connections(), attempts) << method;
  }
}

TEST(HttpClient, WhatCameInPartIsNotAskedForAgain) {
  TestPeer peer([](PeerSocket& socket, int) {
    socket.read_request();
    socket.send("HTTP/1.1 200 OK\r\n");
  });
  TargetSettings settings = settings_of(peer.url());
  settings.limits.retries = 2;
  EXPECT_EQ(Talk(settings).send().attempts, 1);
}

TEST(HttpClient, ATargetThatIsNotThereIsUnreachable) {
  uint16_t port = 0;
  {
    port = TestPeer([](PeerSocket&, int) {}).port();
  }
  const std::string place = "127.0.0.1:" + std::to_string(port);
  TargetSettings settings = settings_of("http://" + place);
  settings.limits.retries = 1;
  const Reply reply = Talk(settings).send("POST");
  EXPECT_EQ(reply.kind, Kind::unreachable);
  EXPECT_EQ(reply.error, "no connection to " + place + ": Connection refused");
  EXPECT_EQ(reply.attempts, 2);
  const Reply nameless = Talk(settings_of("http://no-such-host.invalid:1")).send();
  EXPECT_EQ(nameless.kind, Kind::unreachable);
  EXPECT_THAT(nameless.error, StartsWith("no connection to no-such-host.invalid:1: "));
}

TEST(HttpClient, MethodsAreSafeOrIdempotentAsTheRfcSays) {
  struct Case {
    const char* method;
    bool safe, idempotent;
  };
  for (const auto& [method, safe, idempotent] :
       {Case{"GET", true, true}, Case{"HEAD", true, true}, Case{"OPTIONS", true, true}, Case{"TRACE", true, true},
        Case{"PUT", false, true}, Case{"DELETE", false, true}, Case{"POST", false, false}, Case{"PATCH", false, false},
        Case{"get", false, false}, Case{"", false, false}}) {
    EXPECT_EQ(is_safe(method), safe) << method;
    EXPECT_EQ(is_idempotent(method), idempotent) << method;
  }
}

}  // namespace
}  // namespace counterpart::conformance

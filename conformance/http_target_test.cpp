#include "conformance/http_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "conformance/duration_text.h"
#include "conformance/test_talk.h"

namespace counterpart::conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using Kind = Reply::Kind;

TEST(HttpTarget, SendsRequestsAsTheyAre) {
  TestPeer* notes = nullptr;
  TestPeer peer([&](PeerSocket& socket, int) {
    for (std::string request; !(request = socket.read_request()).empty();) {
      notes->note(request);
      const bool is_head = request.starts_with("HEAD");
      socket.send(is_head ? ok.substr(0, ok.size() - 2) : ok);
    }
  });
  notes = &peer;
  TargetSettings settings = settings_of(peer.url() + "/base/");
  settings.headers = {{"X-Team", "contracts"}, {"authorization", "mine"}};
  Talk talk(settings);
  EXPECT_EQ(talk.target->description(), peer.url() + "/base/");
  EXPECT_EQ(talk.conversation->url("/x?y"), peer.url() + "/base/x?y");

  const std::string odd = "/a%2Fb/\xc3\xbc//..?x=%zz&y=\"<>^`{|}\\'&&+ %20";
  http::Request request{"M-SEARCH", odd, {{"Host", "localhost"}, {"Authorization", "theirs"}, {"Zed", ""}}, ""};
  EXPECT_EQ(talk.conversation->send(request, true).response.body, "hi");
  request = {"GET",
             "/",
             {{"Accept", "a/b"}, {"Content-Length", "9"}, {"User-Agent", "me"}, {"A", "1"}, {"A", "2"}},
             "{\"a\":1}"};
  EXPECT_EQ(talk.conversation->send(request, true).response.body, "hi");
  EXPECT_EQ(talk.send("HEAD").response.headers.size(), 1u);
  EXPECT_EQ(talk.send("OPTIONS", "*x").response.status, 200);
  EXPECT_EQ(talk.send("POST", "/empty").response.status, 200);
  const std::string host = "Host: 127.0.0.1:" + std::to_string(peer.port()) + "\r\n";
  const std::string plain =
      "Accept: */*\r\n" + host + "User-Agent: counterpart\r\nX-Team: contracts\r\nauthorization: mine\r\n\r\n";
  const auto sent = peer.notes();
  ASSERT_EQ(sent.size(), 5u);
  EXPECT_EQ(sent[0], "M-SEARCH /base" + odd + " HTTP/1.1\r\nAccept: */*\r\nAuthorization: theirs\r\n" + host +
                         "User-Agent: counterpart\r\nX-Team: contracts\r\nZed: \r\n\r\n");
  EXPECT_EQ(sent[1],
            "GET /base/ HTTP/1.1\r\nA: 1\r\nA: 2\r\nAccept: a/b\r\nauthorization: mine\r\nContent-Length: 7\r\n" +
                host + "User-Agent: me\r\nX-Team: contracts\r\n\r\n{\"a\":1}");
  EXPECT_THAT(sent[2], StartsWith("HEAD /base/ HTTP/1.1\r\n"));
  EXPECT_THAT(sent[3], StartsWith("OPTIONS /base*x HTTP/1.1\r\n"));
  EXPECT_THAT(sent[4], HasSubstr("Content-Length: 0\r\n"));
  EXPECT_EQ(peer.connections(), 1);
}

/// Waits until it is no more than that.
int at_last(const std::atomic<int>& count, int wanted) {
  for (int i = 0; i < 5'000 && count > wanted; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return count;
}

TEST(HttpTarget, AConnectionIsPassedOnWhereNothingCanBeLeftOnIt) {
  const std::string none = "HTTP/1.1 204 No Content\r\n\r\n";
  const struct {
    const char* what;
    Connections connections;
    http::Request request;
    const std::string& answer;
    bool may_repeat;
    bool has_hook;
    int made;
  } cases[] = {
      {"of each", Connections::of_one_case, {"GET", "/", {}, ""}, ok, true, false, 3},
      {"of many", Connections::of_many_cases, {"GET", "/", {}, ""}, ok, true, false, 1},
      {"a body may be left unread", Connections::of_many_cases, {"GET", "/", {}, "{}"}, ok, true, false, 3},
      {"a body may come late", Connections::of_many_cases, {"GET", "/", {}, ""}, none, true, false, 3},
      {"it may be closed just now", Connections::of_many_cases, {"GET", "/", {}, ""}, ok, false, false, 3},
      {"a hook may start the server again", Connections::of_many_cases, {"GET", "/", {}, ""}, ok, true, true, 3},
  };
  for (const auto& one : cases) {
    std::atomic<int> open = 0;
    TestPeer peer([&](PeerSocket& socket, int) {
      ++open;
      while (!socket.read_request().empty()) socket.send(one.answer);
      --open;
    });
    TargetSettings settings = settings_of(peer.url());
    if (one.has_hook) settings.hooks.before_scenario.emplace().run = "true";
    const auto target = make_http_target(settings, one.connections);
    for (int i = 0; i < 3; ++i) {
      const auto conversation = target->open(nullptr);
      EXPECT_EQ(conversation->send(one.request, one.may_repeat).kind, Kind::answered) << one.what;
      EXPECT_EQ(conversation->send(one.request, one.may_repeat).kind, Kind::answered) << one.what;
    }
    EXPECT_EQ(peer.connections(), one.made) << one.what;
    EXPECT_LE(at_last(open, 1), 1) << one.what;
  }
}

TEST(HttpTarget, AConnectionThatEndedBetweenTwoCasesIsMissedByNobody) {
  TestPeer peer([&](PeerSocket& socket, int) {
    socket.read_request();
    socket.send(ok);
  });
  const auto target = make_http_target(settings_of(peer.url()), Connections::of_many_cases);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(target->open(nullptr)->send({"GET", "/", {}, ""}, true).response.body, "hi");
  }
}

/// A server of one thread answers nobody else while a connection is open.
TEST(HttpTarget, NoConnectionIsOpenWhenTheHookAfterTheRunIs) {
  std::atomic<int> open = 0;
  TestPeer peer([&](PeerSocket& socket, int) {
    ++open;
    while (!socket.read_request().empty()) socket.send(ok);
    --open;
  });
  TargetSettings settings = settings_of(peer.url());
  const auto target = make_http_target(settings, Connections::of_many_cases);
  target->open(nullptr)->send({"GET", "/", {}, ""}, true);
  EXPECT_EQ(open, 1);
  target->after_run();
  EXPECT_EQ(at_last(open, 0), 0);
}

TEST(HttpTarget, AHostOfTheSettingsIsKept) {
  TestPeer* notes = nullptr;
  TestPeer peer([&](PeerSocket& socket, int) {
    notes->note(socket.read_request());
    socket.send(ok);
  });
  notes = &peer;
  TargetSettings settings = settings_of(peer.url());
  settings.headers = {{"host", "inner.example"}};
  EXPECT_EQ(Talk(settings).send().kind, Kind::answered);
  EXPECT_THAT(peer.notes().at(0), HasSubstr("\r\nHost: inner.example\r\n"));
}

TEST(HttpTarget, RequestsThatCannotBeSentAreNot) {
  TestPeer peer([](PeerSocket& socket, int) { socket.wait_for_the_end_of_the_test(); });
  TargetSettings settings = settings_of(peer.url());
  settings.limits.retries = 3;
  Talk talk(settings);
  const http::Request requests[] = {
      {"GET", "/\r\nA: b", {}, ""},
      {"", "/", {}, ""},
      {"G T", "/", {}, ""},
      {"GET", std::string("/\0", 2), {}, ""},
      {"GET", "/", {{"A", "b\nc"}}, ""},
      {"GET", "/", {{"A\r", "b"}}, ""},
  };
  for (const http::Request& request : requests) {
    const Reply reply = talk.conversation->send(request, true);
    EXPECT_EQ(reply.kind, Kind::broken);
    EXPECT_THAT(reply.error, StartsWith("the request cannot be sent: "));
    EXPECT_EQ(reply.attempts, 1);
  }
  EXPECT_EQ(peer.connections(), 0);
}

TEST(HttpTarget, AnswersAreNeitherFollowedNorUnpacked) {
  TestPeer peer([](PeerSocket& socket, int) {
    socket.read_request();
    socket.send(
        "HTTP/1.1 302 Found\r\nLocation: /other%20place\r\nContent-Encoding: gzip\r\nContent-Length: "
        "4\r\n\r\n\x1f\x8bzz");
    socket.read_request();
    socket.send("HTTP/1.1 200 OK\r\n\r\nto the end");
  });
  Talk talk(settings_of(peer.url()));
  const Reply reply = talk.send();
  EXPECT_EQ(reply.response.status, 302);
  EXPECT_EQ(*reply.response.headers.find("location"), "/other%20place");
  EXPECT_EQ(reply.response.body, "\x1f\x8bzz");
  EXPECT_GT(reply.microseconds, 0);
  EXPECT_EQ(talk.send("GET", "/2").response.body, "to the end");
}

TEST(HttpTarget, AUrlOrAFileThatIsNoGoodIsAnEnvironmentError) {
  TargetSettings settings;
  settings.url = "nonsense";
  EXPECT_THROW(make_http_target(settings), EnvironmentError);
  for (const auto member : {&TargetSettings::authorities, &TargetSettings::client_certificate}) {
    settings = settings_of("https://localhost");
    settings.*member = "/nowhere.pem";
    try {
      make_http_target(settings);
      ADD_FAILURE();
    } catch (const EnvironmentError& error) {
      EXPECT_THAT(error.what(), StartsWith("/nowhere.pem: "));
    }
  }
}

TEST(HttpTarget, ConversationsShareOnePace) {
  TestPeer peer([](PeerSocket& socket, int) {
    while (!socket.read_request().empty() && socket.send(ok)) {
    }
  });
  TargetSettings settings = settings_of(peer.url());
  settings.limits.requests_per_second = 100;
  const auto target = make_http_target(settings);
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      const auto conversation = target->open(nullptr);
      for (int j = 0; j < 4; ++j) EXPECT_EQ(conversation->send({"GET", "/", {}, ""}, true).kind, Kind::answered);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(110));
}

TEST(HttpTarget, OneSlowAnswerDoesNotHoldTheOthers) {
  std::atomic<bool> second_is_answered = false;
  TestPeer peer([&](PeerSocket& socket, int) {
    const std::string request = socket.read_request();
    while (request.starts_with("GET /slow") && !second_is_answered && socket.pause(1)) {
    }
    socket.send(ok);
  });
  TargetSettings settings = settings_of(peer.url());
  settings.limits.requests_per_second = 1'000;
  const auto target = make_http_target(settings);
  std::thread slow([&] {
    EXPECT_EQ(target->open(nullptr)->send({"GET", "/slow", {}, ""}, true).kind, Kind::answered);
  });
  EXPECT_EQ(target->open(nullptr)->send({"GET", "/fast", {}, ""}, true).kind, Kind::answered);
  second_is_answered = true;
  slow.join();
}

TEST(HttpTarget, Freshness) {
  TargetSettings settings = settings_of("http://localhost:1");
  EXPECT_FALSE(make_http_target(settings)->is_known());
  EXPECT_FALSE(make_http_target(settings)->open(nullptr)->is_fresh);
  settings.starts_as_contract = true;
  auto target = make_http_target(settings);
  EXPECT_TRUE(target->is_known());
  EXPECT_FALSE(target->is_isolated());
  EXPECT_TRUE(target->open(nullptr)->is_fresh);
  EXPECT_FALSE(target->open(nullptr)->is_fresh);
  EXPECT_FALSE(target->open(nullptr)->has_given);
  settings.starts_as_contract = false;
  settings.hooks.before_scenario.emplace();
  settings.hooks.before_scenario->run = "true";
  target = make_http_target(settings);
  EXPECT_TRUE(target->is_known());
  EXPECT_TRUE(target->open(nullptr)->is_fresh);
  EXPECT_TRUE(target->open(nullptr)->is_fresh);
}

TEST(HttpTarget, TimePassesByWaitingWhenItIsShort) {
  TargetSettings settings = settings_of("http://localhost:1");
  settings.limits.wait_ms = 20;
  Talk talk(settings);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(talk.conversation->advance(20), "");
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(20));
  EXPECT_EQ(talk.conversation->advance(0), "");
  EXPECT_EQ(
      talk.conversation->advance(17 * 86'400'000),
      "the clock would have to move by 17 days; the target has no advance-clock hook, and waits are at most 20 ms");
}

TEST(HttpTarget, HooksAreSentToTheTargetOrElsewhere) {
  TestPeer* notes = nullptr;
  const TestPeer::Script script = [&](PeerSocket& socket, int) {
    notes->note(socket.read_request());
    socket.send("HTTP/1.1 204 N\r\n\r\n");
  };
  TestPeer peer(script);
  notes = &peer;
  TargetSettings settings = settings_of(peer.url() + "/base");
  settings.headers = {{"X-Key", "secret"}};
  const auto hook = [](std::string url) {
    Hook made;
    made.url = std::move(url);
    return made;
  };
  settings.hooks.before_run = hook("/begin");
  settings.hooks.before_scenario = hook("/reset?s=${scenario}");
  settings.hooks.advance_clock = hook("/clock/${ms}");
  settings.hooks.advance_clock->body = Json{{"by", "${ms}"}, {"text", "${ms} ms of ${scenario}"}};
  settings.hooks.after_run = hook(peer.url() + "?x=1");
  scenario::Scenario scenario;
  scenario.name = "a b&c/${ms}";
  const auto target = make_http_target(settings);
  target->before_run();
  EXPECT_EQ(target->open(&scenario)->advance(90'000), "");
  target->after_run();
  const auto sent = peer.notes();
  ASSERT_EQ(sent.size(), 4u);
  EXPECT_THAT(sent[0], StartsWith("POST /base/begin HTTP/1.1\r\n"));
  EXPECT_THAT(sent[0], HasSubstr("X-Key: secret\r\n"));
  EXPECT_THAT(sent[1], StartsWith("POST /base/reset?s=a%20b%26c%2F%24%7Bms%7D HTTP/1.1\r\n"));
  EXPECT_THAT(sent[2], StartsWith("POST /base/clock/90000 HTTP/1.1\r\n"));
  EXPECT_THAT(sent[2], HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(sent[2], testing::EndsWith("\r\n\r\n{\"by\":90000,\"text\":\"90000 ms of a b&c/${ms}\"}"));
  EXPECT_THAT(sent[3], StartsWith("POST /?x=1 HTTP/1.1\r\n"));
  EXPECT_THAT(sent[3], HasSubstr("\r\nHost: 127.0.0.1:" + std::to_string(peer.port()) + "\r\n"));
  EXPECT_THAT(sent[3], testing::Not(HasSubstr("X-Key")));
}

TEST(HttpTarget, AHookThatFailsIsAnEnvironmentError) {
  TestPeer peer([](PeerSocket& socket, int) {
    socket.read_request();
    socket.send("HTTP/1.1 503 Busy\r\nContent-Length: 10\r\n\r\ncome later");
  });
  TargetSettings settings = settings_of(peer.url());
  settings.hooks.before_scenario.emplace();
  settings.hooks.before_scenario->url = "/reset";
  settings.hooks.before_scenario->where = {"x.target.yaml", 7, 3};
  const auto target = make_http_target(settings);
  try {
    target->open(nullptr);
    ADD_FAILURE();
  } catch (const EnvironmentError& error) {
    EXPECT_STREQ(error.what(), "the hook before-scenario (x.target.yaml:7) was answered with status 503: come later");
  }
}

TEST(DurationText, IsShort) {
  const std::pair<int64_t, const char*> cases[] = {{0, "0 ms"},
                                                   {1, "1 ms"},
                                                   {999, "999 ms"},
                                                   {1'000, "1 s"},
                                                   {1'250, "1.2 s"},
                                                   {60'000, "1 min"},
                                                   {5'400'000, "1.5 h"},
                                                   {86'400'000, "1 day"},
                                                   {129'600'000, "1.5 days"},
                                                   {1'468'800'000, "17 days"}};
  for (const auto& [ms, text] : cases) EXPECT_EQ(duration_text(ms), text);
}

}  // namespace
}  // namespace counterpart::conformance

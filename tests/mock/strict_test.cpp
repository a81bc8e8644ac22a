/// --strict: the client must send a scenario's steps in order. What else it sends is refused, with each difference.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/mock/client.h"
#include "tests/mock/running_mock.h"

namespace counterpart::tests {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

struct Sent {
  const char* method;
  const char* target;
  const char* key = "good";
  const char* body = "";
};

Response send(const RunningMock& mock, const Sent& sent, const std::string& space = "") {
  std::string headers = fmt::format("Authorization: Bearer {}\r\n", sent.key);
  if (*sent.body != '\0') headers += "Content-Type: application/json\r\n";
  return ask(mock.port(), sent.method, space + sent.target, headers, sent.body);
}

struct Told {
  Sent sent;
  int status;
  const char* body;
};

/// The steps of the scenario "story", each with its answer.
const std::vector<Told>& story() {
  static const std::vector<Told> steps{
      {{"GET", "/tokens?limit=5"}, 200, R"(["t1","t2"])"},
      {{"POST", "/tokens/t1", "good", R"({"name": "new", "tags": ["a", "b"]})"}, 200, R"({"id":"t1","name":"new"})"},
      {{"GET", "/tokens", "other"}, 401, "refused"},
      {{"GET", "/tokens"}, 200, R"(["t2"])"},                                // two minutes later: t1 has expired
      {{"POST", "/tokens/t2", "good", R"({"name":"newer"})"}, 503, "busy"},  // which no rule answers
  };
  return steps;
}

RunningMock playing_story() { return RunningMock({fixture("strict"), "--scenario", "story", "--strict", "--quiet"}); }

void play_steps(const RunningMock& mock, size_t from, size_t to, const std::string& space = "") {
  for (size_t i = from; i < to; ++i) {
    SCOPED_TRACE(fmt::format("step {}", i + 1));
    const Response answer = send(mock, story()[i].sent, space);
    EXPECT_EQ(answer.status, story()[i].status);
    EXPECT_EQ(answer.body, story()[i].body);
  }
}

TEST(Strict, TheStepsInOrderAreAnswered) {
  const RunningMock mock = playing_story();
  play_steps(mock, 0, story().size());
  const Response refused = send(mock, story().back().sent);
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.body, HasSubstr(R"(the scenario \"story\" is over: all its 5 steps were met, but rename came)"));
}

struct Wrong {
  const char* name;
  size_t steps_done;  ///< before it is sent
  Sent sent;
  const char* sentence;  ///< how it begins is the same for all of a step
  const char* differences;

  friend std::ostream& operator<<(std::ostream& out, const Wrong& row) { return out << row.name; }
};

class WrongRequests : public testing::TestWithParam<Wrong> {};

TEST_P(WrongRequests, AreRefusedByTheirDifferencesAndTheStoryStays) {
  const RunningMock mock = playing_story();
  const auto& [name, steps_done, sent, sentence, differences] = GetParam();
  play_steps(mock, 0, steps_done);
  for (int i = 0; i < 2; ++i) {
    const Response refused = send(mock, sent);
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.header("Content-Type"), "application/problem+json");
    EXPECT_THAT(refused.body,
                HasSubstr(fmt::format(R"(the scenario \"story\" awaits step {} of 5: {})", steps_done + 1, sentence)));
    EXPECT_THAT(refused.body, HasSubstr(fmt::format(R"("scenario":"story","step":{},)", steps_done + 1)));
    EXPECT_THAT(refused.body, EndsWith(fmt::format(R"("differences":{}}})", differences)));
  }
  play_steps(mock, steps_done, story().size());
}

INSTANTIATE_TEST_SUITE_P(
    Table, WrongRequests,
    testing::Values(
        Wrong{"no_query",
              0,
              {"GET", "/tokens"},
              "list (line 3); list came, which differs in: query.limit\"",
              R"([{"field":"query.limit","awaited":"5","got":null}])"},
        Wrong{"other_query",
              0,
              {"GET", "/tokens?limit=6&x=1&limit=5"},
              "list (line 3); list came, which differs in: query.limit, query.x\"",
              R"([{"field":"query.limit","awaited":"5","got":["6","5"]},)"
              R"({"field":"query.x","awaited":null,"got":"1"}])"},
        Wrong{"other_credential",
              0,
              {"GET", "/tokens?limit=5", "bad"},
              "list (line 3); list came, which differs in: headers.authorization\"",
              R"([{"field":"headers.authorization","awaited":"Bearer good","got":"Bearer bad"}])"},
        Wrong{
            "unknown_operation",
            0,
            {"DELETE", "/tokens?limit=5"},
            "list (line 3); DELETE /tokens?limit=5 came, which differs in: operation, method\"",
            R"([{"field":"operation","awaited":"list","got":null},{"field":"method","awaited":"GET","got":"DELETE"}])"},
        Wrong{"unknown_path",
              0,
              {"GET", "/elsewhere"},
              "list (line 3); GET /elsewhere came, which differs in: operation, path, query.limit\"",
              R"([{"field":"operation","awaited":"list","got":null},)"
              R"({"field":"path","awaited":"/tokens","got":"/elsewhere"},)"
              R"({"field":"query.limit","awaited":"5","got":null}])"},
        Wrong{
            "the_step_before",
            1,
            {"GET", "/tokens?limit=5"},
            "rename (line 7); list came, which differs in: operation, method, path, query.limit, body\"",
            R"([{"field":"operation","awaited":"rename","got":"list"},{"field":"method","awaited":"POST","got":"GET"},)"
            R"({"field":"path","awaited":"/tokens/t1","got":"/tokens"},)"
            R"({"field":"query.limit","awaited":null,"got":"5"},)"
            R"({"field":"body","awaited":{"name":"new","tags":["a","b"]},"got":null}])"},
        Wrong{"other_path_and_body",
              1,
              {"POST", "/tokens/t2", "good", R"({"name":"old"})"},
              "rename (line 7); rename came, which differs in: path, body\"",
              R"([{"field":"path","awaited":"/tokens/t1","got":"/tokens/t2"},)"
              R"({"field":"body","awaited":{"name":"new","tags":["a","b"]},"got":{"name":"old"}}])"},
        Wrong{"no_body",
              1,
              {"POST", "/tokens/t1"},
              "rename (line 7); rename came, which differs in: body\"",
              R"([{"field":"body","awaited":{"name":"new","tags":["a","b"]},"got":null}])"},
        Wrong{"no_json",
              1,
              {"POST", "/tokens/t1", "good", "name=new"},
              "rename (line 7); rename came, which differs in: body\"",
              R"([{"field":"body","awaited":{"name":"new","tags":["a","b"]},"got":"name=new"}])"},
        Wrong{"refused_steps_do_not_move_the_clock",
              3,
              {"GET", "/tokens", "other"},
              "list (line 14); list came, which differs in: headers.authorization\"",
              R"([{"field":"headers.authorization","awaited":"Bearer good","got":"Bearer other"}])"}),
    [](const auto& row) { return row.param.name; });

/// Keys of a JSON object have no order.
TEST(Strict, BodiesAreComparedAsJson) {
  const RunningMock mock = playing_story();
  play_steps(mock, 0, 1);
  EXPECT_EQ(send(mock, {"POST", "/tokens/t1", "good", R"({"tags": ["a", "b"], "name": "new"})"}).status, 200);
}

TEST(Strict, EachSpaceHasItsStory) {
  const RunningMock mock = playing_story();
  play_steps(mock, 0, 2, "/~a");
  play_steps(mock, 0, story().size(), "/~b");
  play_steps(mock, 0, 1);
  play_steps(mock, 2, story().size(), "/~a");
  play_steps(mock, 1, story().size());
}

/// Of many that send the awaited step at once one is answered.
TEST(Strict, AStepIsMetOnce) {
  constexpr int clients_count = 16;
  const RunningMock mock = playing_story();
  std::atomic<int> answered{0}, refused{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < clients_count; ++i) {
    threads.emplace_back([&] {
      const int status = send(mock, story()[0].sent).status;
      answered += status == 200 ? 1 : 0;
      refused += status == 409 ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered, 1);
  EXPECT_EQ(refused, clients_count - 1);
  play_steps(mock, 1, story().size());
}

/// The real contract: a week passes, and a session is no longer listed.
TEST(Strict, ASessionExpiresAfterItsTime) {
  const RunningMock mock({panel, "--scenario", "sessions-expire", "--strict", "--quiet"});
  const auto list = [&] {
    return ask(mock.port(), "GET", "/api/account/sessions", "Authorization: Bearer YOUR_API_KEY\r\n").body;
  };
  const std::string before = list();
  EXPECT_THAT(before, HasSubstr(R"("total":3)"));
  EXPECT_THAT(before, HasSubstr("session_ghi789rst345"));
  const std::string after = list();
  EXPECT_THAT(after, HasSubstr(R"("total":2)"));
  EXPECT_THAT(after, Not(HasSubstr("session_ghi789rst345")));
}

TEST(Strict, ABrowsersPreflightIsNoViolation) {
  const RunningMock mock({fixture("strict"), "--scenario", "story", "--strict", "--cors", "--quiet"});
  const char* const asks = "Origin: http://localhost:3000\r\nAccess-Control-Request-Method: GET\r\n";
  EXPECT_EQ(ask(mock.port(), "OPTIONS", "/tokens?limit=5", asks).status, 204);
  play_steps(mock, 0, story().size());
}

}  // namespace
}  // namespace counterpart::tests

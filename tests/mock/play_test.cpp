/// --scenario: entries of `play` in their turns, delays that keep nobody waiting, and a seed that repeats all of it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "tests/mock/client.h"
#include "tests/mock/running_mock.h"

namespace counterpart::tests {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

std::vector<std::string> playing(const std::string& scenario) {
  return {fixture("play"), "--scenario", scenario, "--quiet"};
}

struct Turn {
  const char* method;
  const char* target;
  int status;
  const char* body;
};

void expect_turns(const RunningMock& mock, const std::vector<Turn>& turns) {
  for (size_t i = 0; i < turns.size(); ++i) {
    const auto& [method, target, status, body] = turns[i];
    SCOPED_TRACE(fmt::format("request {}: {} {}", i + 1, method, target));
    const Response answer = ask(mock.port(), method, target);
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.body, body);
  }
}

TEST(Play, EntriesTakeTheirTurnsThenTheRules) {
  const RunningMock mock(playing("turns"));
  const char* const missing = R"({"error":"missing"})";
  const char* const busy = R"({"error":"busy"})";
  expect_turns(mock, {
                         {"GET", "/notes/one", 404, missing},
                         {"GET", "/notes/locked", 503, busy},  // uses up none of the other entries' times
                         {"PUT", "/notes/two", 201, R"({"id":"two"})"},
                         {"GET", "/notes/one", 404, missing},
                         {"GET", "/notes/locked", 503, busy},
                         {"GET", "/notes/one", 203, R"({"was":"one"})"},
                         {"GET", "/notes/one", 200, R"({"id":"one"})"},
                         {"GET", "/notes/two", 200, R"({"id":"two"})"},
                         {"GET", "/notes/none", 404, missing},
                         {"GET", "/notes/one?mood=plain", 200, "just one"},
                         {"GET", "/notes/none?mood=plain", 404, "just none"},
                         {"GET", "/notes/locked", 503, busy},
                     });
}

/// `respond` is instead of the rules and what they do; `override` changes what they answered.
TEST(Play, RespondSparesTheStateAndOverrideDoesNot) {
  const RunningMock mock(playing("turns"));
  expect_turns(mock, {
                         {"PUT", "/notes/refused", 503, R"({"error":"busy"})"},
                         {"GET", "/notes", 200, R"(["one"])"},
                         {"PUT", "/notes/refused", 201, R"({"id":"refused"})"},
                         {"PUT", "/notes/lost", 500, R"({"error":"lost"})"},
                         {"GET", "/notes", 200, R"(["one","refused","lost"])"},
                     });
}

TEST(Play, AnswersAreWholeResponses) {
  const RunningMock mock(playing("turns"));
  const Response busy = ask(mock.port(), "GET", "/notes/locked");
  EXPECT_EQ(busy.header("Retry-After"), "1");
  EXPECT_EQ(busy.header("Counterpart-Operation"), "read");
  EXPECT_EQ(busy.header("Counterpart-Response"), "busy");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(ask(mock.port(), "GET", "/notes/one").status, 404);
  const Response changed = ask(mock.port(), "GET", "/notes/one");
  EXPECT_EQ(changed.header("X-Note"), "note one");
  EXPECT_EQ(changed.header("Content-Type"), "application/json");
  EXPECT_EQ(ask(mock.port(), "GET", "/notes/one?mood=plain").header("Content-Type"), "text/x-note");
}

/// "*" with `respond` is for the operations that have the response.
TEST(Play, EveryOperationThatHasTheResponse) {
  const RunningMock mock(playing("turns"));
  for (int i = 0; i < 3; ++i) ask(mock.port(), "GET", "/notes/one");
  EXPECT_EQ(ask(mock.port(), "GET", "/notes/one?mood=away").status, 503);
  EXPECT_EQ(ask(mock.port(), "GET", "/notes?mood=away").status, 200);
}

TEST(Play, BeginsAsItsScenarioGives) {
  const RunningMock mock(playing("given"));
  expect_turns(mock, {
                         {"GET", "/notes", 200, R"(["two","three"])"},
                         {"GET", "/notes/two", 503, R"({"error":"busy"})"},
                         {"GET", "/notes/two", 200, R"({"id":"two"})"},
                     });
}

TEST(Play, SeveralScenarios) {
  const RunningMock mock({fixture("play"), "--scenario", "given", "--scenario", "fifty", "--quiet"});
  for (int i = 0; i < 51; ++i) EXPECT_EQ(ask(mock.port(), "GET", "/notes/two").status, 503);
  EXPECT_EQ(ask(mock.port(), "GET", "/notes/two").status, 200);
}

TEST(Play, AnExpressionThatFailsIsAProblemAndNoMore) {
  const RunningMock mock(playing("broken-when"));
  for (int i = 0; i < 2; ++i) {
    const Response answer = ask(mock.port(), "GET", "/notes/one");
    EXPECT_EQ(answer.status, 500);
    EXPECT_THAT(answer.body, HasSubstr("broken-when.scenario.yaml:3"));
    EXPECT_EQ(ask(mock.port(), "GET", "/notes").status, 200);
  }
}

TEST(Play, TimesAreExactAmongManyClients) {
  constexpr int clients_count = 16, requests_count = 20;
  const RunningMock mock(playing("fifty"));
  std::atomic<int> busy{0}, found{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < clients_count; ++i) {
    threads.emplace_back([&] {
      Client client(mock.port());
      for (int k = 0; k < requests_count; ++k) {
        const int status = client.ask("GET", "/notes/one").status;
        busy += status == 503 ? 1 : 0;
        found += status == 200 ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(busy, 50);
  EXPECT_EQ(found, clients_count * requests_count - 50);
}

/// Which of a thousand requests lose by chance.
std::string draws(const std::string& seed) {
  constexpr int requests_count = 1000;
  auto arguments = playing("chance");
  arguments.insert(arguments.end(), {"--seed", seed});
  const RunningMock mock(arguments);
  Client client(mock.port());
  std::string drawn;
  for (int i = 0; i < requests_count; ++i) drawn += client.ask("GET", "/notes/one").status == 503 ? 'x' : '.';
  return drawn;
}

TEST(Play, ChanceIsWhatItSaysAndTheSeeds) {
  const std::string first = draws("42");
  const auto lost = std::count(first.begin(), first.end(), 'x');
  EXPECT_GT(lost, 220);  // 300 expected; 80 is five and a half standard deviations
  EXPECT_LT(lost, 380);
  EXPECT_EQ(first, draws("42"));
  EXPECT_NE(first, draws("43"));
}

/// The delays that the mock's log tells, after its first line.
std::vector<int> told_delays(const RunningMock& mock, size_t requests_count) {
  std::vector<int> delays;
  for (const std::string& line : mock.wait_for_lines(requests_count + 1)) {
    const size_t at = line.find(R"("delay_ms":)");
    if (at != std::string::npos) delays.push_back(std::atoi(line.c_str() + at + 11));
  }
  return delays;
}

struct Delayed {
  const char* mood;
  int least_ms, most_ms;  ///< that may be drawn

  friend std::ostream& operator<<(std::ostream& out, const Delayed& row) { return out << row.mood; }
};

class DrawnDelays : public testing::TestWithParam<Delayed> {};

TEST_P(DrawnDelays, AreWaitedForInFull) {
  constexpr size_t requests_count = 8;
  const RunningMock mock({fixture("play"), "--scenario", "delays", "--seed", "7"});
  std::vector<Clock::duration> waited;
  for (size_t i = 0; i < requests_count; ++i) {
    const auto begun = Clock::now();
    EXPECT_EQ(ask(mock.port(), "GET", fmt::format("/notes/one?mood={}", GetParam().mood)).status, 200);
    waited.push_back(Clock::now() - begun);
  }
  const std::vector<int> told = told_delays(mock, requests_count);
  ASSERT_EQ(told.size(), requests_count);
  for (size_t i = 0; i < requests_count; ++i) {
    EXPECT_GE(waited[i], milliseconds(told[i]));
    EXPECT_GE(told[i], GetParam().least_ms);
    EXPECT_LE(told[i], GetParam().most_ms);
  }
  const bool is_random = std::adjacent_find(told.begin(), told.end(), std::not_equal_to<>()) != told.end();
  EXPECT_EQ(is_random, GetParam().least_ms != GetParam().most_ms);
}

INSTANTIATE_TEST_SUITE_P(Table, DrawnDelays,
                         testing::Values(Delayed{"fixed", 60, 60}, Delayed{"uniform", 20, 60},
                                         Delayed{"lognormal", 1, 200}),
                         [](const auto& row) { return row.param.mood; });

TEST(Delays, KeepNobodyWaiting) {
  constexpr int delayed_count = 20, quick_count = 50;  // there are fewer workers than that
  const RunningMock mock(playing("delays"));
  std::vector<Client> delayed;
  for (int i = 0; i < delayed_count; ++i) {
    delayed.emplace_back(mock.port());
    delayed.back().send(request("GET", "/notes/one?mood=long"));
  }
  for (int i = 0; i < quick_count; ++i) EXPECT_EQ(ask(mock.port(), "GET", "/notes/one").status, 200);
  for (const Client& client : delayed) EXPECT_FALSE(client.has_answer());
  for (Client& client : delayed) EXPECT_EQ(client.read().status, 200);
}

/// What is behind a delayed request on its connection waits its turn.
TEST(Delays, KeepTheOrderOfAConnection) {
  const RunningMock mock(playing("delays"));
  Client client(mock.port());
  const auto begun = Clock::now();
  client.send(request("GET", "/notes/one?mood=fixed") + request("GET", "/notes/two") +
              request("GET", "/notes/one?mood=fixed") + request("GET", "/notes"));
  EXPECT_EQ(client.read().body, R"({"id":"one"})");
  EXPECT_GE(Clock::now() - begun, milliseconds(60));
  EXPECT_EQ(client.read().body, R"({"error":"missing"})");
  EXPECT_EQ(client.read().body, R"({"id":"one"})");
  EXPECT_GE(Clock::now() - begun, milliseconds(120));
  EXPECT_EQ(client.read().body, R"(["one"])");
}

/// All that a client can see of 200 requests that meet faults by chance, and the delays the mock says it had.
std::pair<std::string, std::vector<int>> misfortunes(const std::string& seed) {
  constexpr size_t requests_count = 200;
  const RunningMock mock({fixture("faults"), "--scenario", "chance", "--seed", seed});
  std::string seen;
  for (size_t i = 0; i < requests_count; ++i) {
    Client client(mock.port());
    client.send(request("GET", "/json", "Connection: close\r\n"));
    const Rest rest = client.read_to_end();
    seen += rest.bytes() + (rest.end == End::reset ? "<RST>" : "<FIN>");
  }
  return {seen, told_delays(mock, requests_count)};
}

TEST(Play, TheSameSeedGivesTheSameFaultsAndDelays) {
  const auto first = misfortunes("42");
  const auto other = misfortunes("43");
  EXPECT_EQ(first, misfortunes("42"));
  EXPECT_NE(first.first, other.first);
  EXPECT_NE(first.second, other.second);
  EXPECT_THAT(first.first, HasSubstr("<RST>"));
  EXPECT_GT(first.second.size(), 50u);
}

}  // namespace
}  // namespace counterpart::tests

/// Spaces: each test has a state, a script and randomness of its own, whoever else is there.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <random>
#include <thread>

#include "tests/mock/client.h"
#include "tests/mock/running_mock.h"

namespace counterpart::tests {
namespace {

using testing::HasSubstr;

/// How a client says which space it means.
enum class By { prefix, header };

/// A connection whose requests are for one space.
class SpaceClient {
 public:
  SpaceClient(uint16_t port, std::string name, By by) : client_(port), name_(std::move(name)), by_(by) {}

  Response ask(const std::string& method, const std::string& target) {
    if (by_ == By::prefix) return client_.ask(method, "/~" + name_ + target);
    return client_.ask(method, target, "Counterpart-Space: " + name_ + "\r\n");
  }

 private:
  Client client_;
  std::string name_;
  By by_;
};

std::string listed(const std::vector<std::string>& ids) {
  return ids.empty() ? "[]" : fmt::format("[\"{}\"]", fmt::join(ids, "\",\""));
}

std::vector<std::string> initial_ids() {
  std::vector<std::string> ids;
  for (int i = 1; i <= 10; ++i) ids.push_back(fmt::format("s{}", i));
  return ids;
}

const std::string initial = listed(initial_ids());

/// Kills and adds sessions of its own choice, all the same ids as everybody, and always sees exactly its own doing.
/// Returns what went wrong.
std::string live(uint16_t port, const std::string& name, By by, unsigned number) {
  constexpr int steps_count = 30;
  SpaceClient client(port, name, by);
  std::vector<std::string> mine = initial_ids();
  if (const int status = client.ask("GET", "/sessions").status; status != 503) {
    return fmt::format("{}: its script begins with {}", name, status);
  }
  std::mt19937 random(number);
  for (int step = 0; step < steps_count; ++step) {
    const std::string id = fmt::format("s{}", random() % 20 + 1);
    const bool adds = random() % 2 == 0;
    const auto found = std::find(mine.begin(), mine.end(), id);
    const bool has = found != mine.end();
    const int status = client.ask(adds ? "PUT" : "DELETE", "/sessions/" + id).status;
    const int expected = adds ? (has ? 409 : 201) : (has ? 204 : 404);
    if (status != expected) return fmt::format("{}, step {}: {} instead of {}", name, step, status, expected);
    if (adds && !has) mine.push_back(id);
    if (!adds && has) mine.erase(found);
    const Response list = client.ask("GET", "/sessions");
    if (list.body != listed(mine)) return fmt::format("{}, step {}: {} for {}", name, step, list.body, listed(mine));
  }
  return "";
}

TEST(Spaces, TwoHundredAtOnceNeverSeeEachOther) {
  constexpr unsigned tests_count = 200;
  const RunningMock mock({fixture("spaces"), "--scenario", "first-is-busy", "--quiet"});
  std::mutex mutex;
  std::vector<std::thread> threads;
  std::vector<std::string> failures;
  for (unsigned i = 0; i < tests_count; ++i) {
    threads.emplace_back([&, i] {
      std::string failure;
      try {
        failure = live(mock.port(), fmt::format("test-{}", i), i % 2 == 0 ? By::prefix : By::header, i);
      } catch (const std::exception& error) {
        failure = fmt::format("test-{}: {}", i, error.what());
      }
      const std::lock_guard lock(mutex);
      if (!failure.empty()) failures.push_back(failure);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& failure : failures) ADD_FAILURE() << failure;
  EXPECT_EQ(ask(mock.port(), "GET", "/sessions").body, "busy");
  EXPECT_EQ(ask(mock.port(), "GET", "/sessions").body, initial);
}

TEST(Spaces, PrefixAndHeaderNameTheSame) {
  const RunningMock mock({fixture("spaces"), "--quiet"});
  SpaceClient by_prefix(mock.port(), "one", By::prefix), by_header(mock.port(), "one", By::header);
  EXPECT_EQ(by_prefix.ask("DELETE", "/sessions/s1").status, 204);
  EXPECT_EQ(by_header.ask("DELETE", "/sessions/s1").status, 404);
  EXPECT_EQ(by_header.ask("PUT", "/sessions/new").status, 201);
  EXPECT_EQ(by_prefix.ask("PUT", "/sessions/new").status, 409);
  EXPECT_EQ(ask(mock.port(), "GET", "/~two/sessions", "Counterpart-Space: one\r\n").body, initial);  // the prefix wins
}

/// What a space draws depends on the run's seed and its name, not on who else was there.
TEST(Spaces, HaveRandomnessOfTheirOwn) {
  const auto draw = [](const RunningMock& mock, const std::string& space) {
    return ask(mock.port(), "GET", "/~" + space + "/draw").body;
  };
  const RunningMock mock({fixture("random"), "--quiet", "--seed", "5"});
  const RunningMock again({fixture("random"), "--quiet", "--seed", "5"});
  const std::string a = draw(mock, "a"), b = draw(mock, "b");
  EXPECT_NE(a, b);
  EXPECT_EQ(draw(again, "b"), b);
  EXPECT_NE(draw(again, "c"), a);
  EXPECT_EQ(draw(again, "a"), a);
}

TEST(Spaces, NamesAreChecked) {
  const RunningMock mock({fixture("spaces"), "--quiet"});
  const std::string longest(64, 'n');
  for (const std::string& name : {std::string("a"), std::string("A.b_c-9"), std::string(".."), longest}) {
    EXPECT_EQ(ask(mock.port(), "GET", "/~" + name + "/sessions").status, 200) << name;
    EXPECT_EQ(ask(mock.port(), "GET", "/sessions", "Counterpart-Space: " + name + "\r\n").status, 200) << name;
  }
  for (const std::string& name : {std::string(), std::string("a%20b"), std::string("a~"), longest + "n"}) {
    const Response by_prefix = ask(mock.port(), "GET", "/~" + name + "/sessions");
    EXPECT_EQ(by_prefix.status, 400) << name;
    EXPECT_THAT(by_prefix.body, HasSubstr("a space's name has 1 to 64 of"));
    EXPECT_EQ(ask(mock.port(), "GET", "/sessions", "Counterpart-Space: " + name + "\r\n").status, 400) << name;
  }
}

TEST(Spaces, PastTheCapAreRefusedWhileNoneIsIdle) {
  const RunningMock mock({fixture("spaces"), "--spaces", "3", "--space-idle", "1000", "--quiet"});
  const auto kill = [&](const std::string& space) {
    return ask(mock.port(), "DELETE", "/~" + space + "/sessions/s1").status;
  };
  for (const char* space : {"a", "b", "c"}) EXPECT_EQ(kill(space), 204);
  const Response refused = ask(mock.port(), "GET", "/~d/sessions");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("Content-Type"), "application/problem+json");
  EXPECT_THAT(refused.body, HasSubstr("there are 3 spaces"));
  for (const char* space : {"a", "b", "c"}) EXPECT_EQ(kill(space), 404);
  EXPECT_EQ(ask(mock.port(), "GET", "/sessions").body, initial);  // the unnamed one does not count
}

TEST(Spaces, TheLeastRecentlyUsedIdleOneMakesPlace) {
  const RunningMock mock({fixture("spaces"), "--spaces", "3", "--space-idle", "0", "--quiet"});
  const auto kill = [&](const std::string& space) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // uses are told apart by the millisecond
    return ask(mock.port(), "DELETE", "/~" + space + "/sessions/s1").status;
  };
  for (const char* space : {"a", "b", "c"}) EXPECT_EQ(kill(space), 204);
  EXPECT_EQ(kill("a"), 404);
  EXPECT_EQ(kill("d"), 204);  // in the place of b
  for (const char* space : {"c", "a", "d"}) EXPECT_EQ(kill(space), 404);
  EXPECT_EQ(kill("b"), 204);  // begins anew, in the place of c
  EXPECT_EQ(kill("c"), 204);
}

}  // namespace
}  // namespace counterpart::tests

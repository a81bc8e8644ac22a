/// 64 clients at once over mixed operations. Afterwards the state is exactly what the answers said.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "tests/mock/client.h"
#include "tests/mock/running_mock.h"

namespace counterpart::tests {
namespace {

constexpr int clients_count = 64;

/// The texts of a JSON list of texts without escapes.
std::vector<std::string> texts_of(const std::string& json) {
  std::vector<std::string> texts;
  for (size_t begin = json.find('"'); begin != std::string::npos;) {
    const size_t end = json.find('"', begin + 1);
    texts.push_back(json.substr(begin + 1, end - begin - 1));
    begin = json.find('"', end + 1);
  }
  return texts;
}

/// The number behind `"name":`.
int number_of(const std::string& json, const std::string& name) {
  const size_t at = json.find("\"" + name + "\":");
  return at == std::string::npos ? -1 : std::atoi(json.c_str() + at + name.size() + 3);
}

/// Runs `work(client, number)` in 64 threads, each with a connection of its own, and passes on what goes wrong.
template <typename Work>
void at_once(uint16_t port, const Work& work) {
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::vector<std::string> failures;
  for (int number = 0; number < clients_count; ++number) {
    threads.emplace_back([&, number] {
      try {
        Client client(port);
        work(client, number);
      } catch (const std::exception& error) {
        const std::lock_guard lock(mutex);
        failures.push_back(error.what());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& failure : failures) ADD_FAILURE() << failure;
}

void require(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

TEST(Stress, EverySessionIsKilledOnce) {
  constexpr int of_a = 800, of_b = 400, operations = 60;
  const RunningMock mock({fixture("crowd"), "--quiet"});
  std::mutex mutex;
  std::map<std::string, int> kills;
  std::atomic<int> killed_together{0};

  at_once(mock.port(), [&](Client& client, int number) {
    std::mt19937 random(static_cast<unsigned>(number));
    const auto pick = [&](int count) { return static_cast<int>(random() % static_cast<unsigned>(count)) + 1; };
    std::set<std::string> gone;  // as this client knows
    for (int i = 0; i < operations; ++i) {
      const int choice = pick(100);
      if (choice <= 70) {
        const std::string id = choice <= 50 ? fmt::format("a{}", pick(of_a)) : fmt::format("b{}", pick(of_b));
        const Response answer = client.ask("DELETE", fmt::format("/crowd/{}/{}", id[0], id));
        require(answer.status == 200 || answer.status == 404, "kill got " + std::to_string(answer.status));
        require(answer.status == 404 || gone.count(id) == 0, id + " was killed again");
        gone.insert(id);
        if (answer.status != 200) continue;
        const std::lock_guard lock(mutex);
        ++kills[id];
      } else if (choice <= 97) {
        const Response answer = client.ask("GET", "/crowd/a");
        const std::vector<std::string> listed = texts_of(answer.body);
        require(answer.status == 200, "list got " + std::to_string(answer.status));
        require(std::is_sorted(
                    listed.begin(), listed.end(),
                    [](const auto& a, const auto& b) { return std::stoi(a.substr(1)) < std::stoi(b.substr(1)); }),
                "the list is not in its order");
        for (const std::string& id : listed) require(gone.count(id) == 0, id + " is listed after it was killed");
      } else {
        const Response answer = client.ask("DELETE", "/crowd/b");
        require(answer.status == 200, "killAll got " + std::to_string(answer.status));
        killed_together += std::stoi(answer.body);
        for (int id = 1; id <= of_b; ++id) gone.insert(fmt::format("b{}", id));
      }
    }
  });

  std::set<std::string> expected;
  for (int i = 1; i <= of_a; ++i) expected.insert(fmt::format("a{}", i));
  int killed_of_b = 0;
  for (const auto& [id, count] : kills) {
    EXPECT_EQ(count, 1) << id << " was killed so often";
    expected.erase(id);
    if (id[0] == 'b') ++killed_of_b;
  }
  const std::vector<std::string> left = texts_of(ask(mock.port(), "GET", "/crowd/a").body);
  EXPECT_EQ(std::set<std::string>(left.begin(), left.end()), expected);
  EXPECT_EQ(left.size(), expected.size());
  const size_t left_of_b = texts_of(ask(mock.port(), "GET", "/crowd/b").body).size();
  EXPECT_EQ(killed_of_b + killed_together + static_cast<int>(left_of_b), of_b);
  EXPECT_GT(killed_together, 0);
  EXPECT_GT(kills.size(), 400u);
}

TEST(Stress, EveryTokenIsRevokedOnce) {
  constexpr int tokens = 120, operations = 40;
  const RunningMock mock({keyauth, panel, "--quiet"});
  const std::string busy = "Authorization: Bearer BUSY_API_KEY\r\n";
  std::mutex mutex;
  std::map<std::string, int> revocations;
  std::atomic<int> seller_kills{0};

  at_once(mock.port(), [&](Client& client, int number) {
    std::mt19937 random(static_cast<unsigned>(number) + 1000);
    int total_before = tokens;
    for (int i = 0; i < operations; ++i) {
      const unsigned choice = random() % 10;
      if (choice < 3) {
        // Half of the tokens at most, so that some are left.
        const std::string token = fmt::format("session_busy_{:03}", random() % 60 + 1);
        const Response answer = client.ask("DELETE", "/api/account/sessions/" + token, busy);
        require(answer.status == 200 || answer.status == 404, "revoke got " + std::to_string(answer.status));
        const std::lock_guard lock(mutex);
        revocations[token] += answer.status == 200 ? 1 : 0;
      } else if (choice < 8) {
        const Response answer =
            client.ask("GET", fmt::format("/api/account/sessions?limit=100&page={}", random() % 3 + 1), busy);
        const int total = number_of(answer.body, "total");
        require(answer.status == 200 && total >= 60 && total <= total_before,
                fmt::format("a total of {} after {}", total, total_before));
        total_before = total;
      } else if (choice == 8) {
        const Response answer = client.ask("GET", "/api/seller?sellerkey=sellerkeyhere&type=kill&sessid=iMdaoCGXWr");
        if (answer.header("Counterpart-Response") == "killed") ++seller_kills;
      } else {
        require(client.ask("GET", "/api/seller?sellerkey=othersellerkey&type=killall").status == 200, "killall");
      }
    }
  });

  int revoked = 0;
  for (const auto& [token, count] : revocations) {
    EXPECT_EQ(count, 1) << token;
    revoked += count;
  }
  EXPECT_EQ(revocations.size(), 60u) << "every one of them was tried many times";
  const std::string last = ask(mock.port(), "GET", "/api/account/sessions?limit=100", busy).body;
  EXPECT_EQ(number_of(last, "total"), tokens - revoked);
  EXPECT_EQ(seller_kills, 1);
  const std::string first_seller =
      ask(mock.port(), "GET", "/api/seller?sellerkey=sellerkeyhere&type=fetchallsessions").body;
  EXPECT_EQ(
      first_seller,
      R"({"success":true,"message":"Successfully retrieved sessions","sessions":[{"id":"oXuqIIhtz3","credential":null,"expiry":"1649067574","validated":"1"}]})");
  const std::string other_seller =
      ask(mock.port(), "GET", "/api/seller?sellerkey=othersellerkey&type=fetchallsessions").body;
  EXPECT_EQ(other_seller, R"({"success":true,"message":"Successfully retrieved sessions","sessions":[]})");
}

TEST(Stress, RevokingAllCountsEachOnce) {
  const RunningMock mock({panel, "--quiet"});
  const std::string busy = "Authorization: Bearer BUSY_API_KEY\r\n";
  std::atomic<int> revoked{0};
  at_once(mock.port(), [&](Client& client, int number) {
    if (number % 2 == 0) {
      revoked += number_of(client.ask("DELETE", "/api/account/sessions", busy).body, "revoked");
    } else {
      const Response answer =
          client.ask("DELETE", fmt::format("/api/account/sessions/session_busy_{:03}", number), busy);
      if (answer.status == 200) ++revoked;
    }
  });
  EXPECT_EQ(revoked, 120);
  EXPECT_EQ(number_of(ask(mock.port(), "GET", "/api/account/sessions", busy).body, "total"), 0);
}

}  // namespace
}  // namespace counterpart::tests

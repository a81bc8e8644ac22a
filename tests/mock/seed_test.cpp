/// --seed makes a run repeatable: the same bytes for the same requests, other bytes for another seed.
#include <gtest/gtest.h>

#include "tests/mock/client.h"
#include "tests/mock/running_mock.h"

namespace counterpart::tests {
namespace {

/// All that a client sees of a run.
std::string story(std::vector<std::string> options) {
  options.insert(options.begin(), {fixture("random"), "--quiet"});
  const RunningMock mock(options);
  std::string seen;
  for (int i = 0; i < 20; ++i) {
    const Response answer = ask(mock.port(), "GET", "/draw");
    EXPECT_EQ(answer.status, 200);
    for (const auto& [name, value] : answer.headers) seen += name + ": " + value + "\n";
    seen += answer.body + "\n";
  }
  return seen;
}

/// The seed a run says it has.
std::string seed_of(const RunningMock& mock) {
  const std::string line = mock.lines().at(0);
  const size_t at = line.find(R"("seed":)") + 7;
  return line.substr(at, line.find_first_not_of("0123456789", at) - at);
}

TEST(Seed, TheSameSeedGivesTheSameBytes) {
  const std::string first = story({"--seed", "42"});
  EXPECT_EQ(first, story({"--seed", "42"}));
  EXPECT_NE(first, story({"--seed", "43"}));
}

TEST(Seed, LargestSeed) {
  const std::string first = story({"--seed", "18446744073709551615"});
  EXPECT_EQ(first, story({"--seed", "18446744073709551615"}));
  EXPECT_NE(first, story({"--seed", "0"}));
}

TEST(Seed, ThatWasChosenIsToldAndRepeatsTheRun) {
  const RunningMock chosen({fixture("random"), "--quiet"});
  const RunningMock again({fixture("random"), "--quiet", "--seed", seed_of(chosen)});
  const RunningMock other({fixture("random"), "--quiet"});
  EXPECT_EQ(seed_of(again), seed_of(chosen));
  EXPECT_NE(seed_of(other), seed_of(chosen));
  const std::string bytes = ask(chosen.port(), "GET", "/draw").body;
  EXPECT_EQ(ask(again.port(), "GET", "/draw").body, bytes);
  EXPECT_NE(ask(other.port(), "GET", "/draw").body, bytes);
}

TEST(Seed, ContractsOfOneRunDoNotDisturbEachOther) {
  const RunningMock alone({fixture("random"), "--quiet", "--seed", "7"});
  const RunningMock beside({keyauth, fixture("random"), "--quiet", "--seed", "7"});
  ask(beside.port(), "GET", "/api/seller");
  EXPECT_EQ(ask(alone.port(), "GET", "/draw").body, ask(beside.port(), "GET", "/draw").body);
}

}  // namespace
}  // namespace counterpart::tests

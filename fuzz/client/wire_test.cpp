#include "fuzz/client/wire.h"

#include <gtest/gtest.h>

#include <set>

#include "fuzz/client/test_world.h"
#include "mock/faults/test_fault.h"

namespace counterpart::fuzz::client {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds timeout(10'000);
constexpr Sizes sizes{100, 40};

std::shared_ptr<const mock::faults::Fault> loaded(const Fault& fault) {
  document::Diagnostics diagnostics;
  auto made = mock::faults::load_text(fault_text(fault), diagnostics);
  EXPECT_EQ(diagnostics.render(false), "");
  return made;
}

/// How many bytes of an answer of these sizes are sent.
size_t sent_bytes(const Fault& fault) {
  state::SeededRandom random(1);
  const auto sent = loaded(fault)->damage({std::string(sizes.head, 'h'), std::string(sizes.body, 'b')}, random);
  size_t until = 0;
  for (const mock::Step& step : sent.steps) until = std::max(until, step.until);
  return until;
}

TEST(WireFaults, AreThoseOfTheMock) {
  std::set<std::string> seen;
  for (const Sizes& some : {sizes, Sizes{20, 0}, Sizes{200, 1}, Sizes{300, 1 << 20}}) {
    for (const Fault& fault : wire_faults(some, timeout)) {
      EXPECT_NE(loaded(fault), nullptr) << fault_text(fault);
      seen.insert(fault.name);
    }
    state::SeededRandom random(7);
    for (int i = 0; i < 500; ++i) {
      const Fault fault = random_fault(some, timeout, random);
      EXPECT_NE(loaded(fault), nullptr) << fault_text(fault);
    }
  }
  const auto names = mock::faults::names();
  EXPECT_EQ(seen, std::set<std::string>(names.begin(), names.end()));
}

TEST(WireFaults, CutsAreAtEachByte) {
  for (size_t at = 0; at < sizes.all(); ++at) EXPECT_EQ(sent_bytes(cut_at(at, sizes)), at);
}

TEST(WireFaults, BelongToFamilies) {
  const struct {
    Fault fault;
    Family family;
  } cases[] = {
      {{"truncate", {{"at", 3}}}, Family::cut_short},         {{"connection-reset", Json::object()}, Family::cut_short},
      {{"wrong-length", {{"by", 1}}}, Family::cut_short},     {{"wrong-length", {{"by", -1}}}, Family::malformed},
      {{"wrong-length", Json::object()}, Family::cut_short},  {{"stall", {{"for", "1s"}}}, Family::slow},
      {{"trickle", {{"bytes-per-second", 1}}}, Family::slow}, {{"garbage", Json::object()}, Family::malformed},
  };
  for (const auto& c : cases) EXPECT_EQ(family_of(c.fault), c.family) << fault_text(c.fault);
}

/// Where everything shows the finding, less and less is tried, and it ends at the least.
TEST(LessDamaged, EndsAtTheLeast) {
  std::set<std::string> least;
  for (Fault fault : wire_faults(sizes, timeout)) {
    const Family family = family_of(fault);
    for (int steps = 0;; ++steps) {
      ASSERT_LT(steps, 50) << fault_text(fault);
      const auto lesser = less_damaged(fault, sizes, timeout);
      if (lesser.empty()) break;
      fault = lesser.front();
      EXPECT_NE(loaded(fault), nullptr);
      EXPECT_EQ(family_of(fault), family) << fault_text(fault);
    }
    least.insert(fault_text(fault));
  }
  EXPECT_EQ(least, (std::set<std::string>{"{ wrong-length: { by: 1 } }", "split",
                                          "{ duplicate-header: { name: Content-Type } }"}));
}

/// The last candidate that shows it is the result, whatever comes first.
TEST(LessDamaged, FindsThePlaceFromWhichItShows) {
  const struct {
    Fault found;
    std::string name;
    size_t shown_until;  ///< cut or stalled later than this it does not show
    std::string least;
  } cases[] = {
      {{"empty-response", Json::object()}, "truncate", 120, "{ truncate: { at: 20 } }"},
      {{"truncate", {{"at", 3}, {"from", "start"}}}, "truncate", 99, "{ truncate: { at: 99, from: start } }"},
      {{"trickle", {{"bytes-per-second", 1}}}, "stall", 139, "{ stall: { for: \"30s\", at: 39 } }"},
  };
  for (const auto& c : cases) {
    Fault fault = c.found;
    const auto shows = [&](const Fault& one) {
      const size_t at = one.settings.value("at", size_t{0}) + (one.settings.contains("from") ? 0 : sizes.head);
      return one.name == c.name && at <= c.shown_until;
    };
    for (bool is_less = true; is_less;) {
      is_less = false;
      for (const Fault& one : less_damaged(fault, sizes, timeout)) {
        if (!shows(one)) continue;
        fault = one;
        is_less = true;
        break;
      }
    }
    EXPECT_EQ(fault_text(fault), c.least);
  }
}

}  // namespace
}  // namespace counterpart::fuzz::client

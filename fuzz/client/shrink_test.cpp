#include "fuzz/client/shrink.h"

#include <gtest/gtest.h>

#include "fuzz/client/test_world.h"

namespace counterpart::fuzz::client {
namespace {

class ShrinkTest : public testing::Test {
 protected:
  /// `shows` stands for a command.
  Damage shrunk(const Damage& found, const std::function<bool(const Damage&)>& shows, size_t tries_max = 500) {
    asked_.operation = found.operation;
    tries_ = 0;
    return shrink(
        found, asked_, judge_, {std::chrono::milliseconds(1000), tries_max},
        [&](const std::vector<Damage>& candidates) -> Tried {
          for (size_t i = 0; i < candidates.size(); ++i) {
            if (shows(candidates[i])) return {i, i + 1};
          }
          return {std::nullopt, candidates.size()};
        },
        tries_);
  }

  Damage mutated(const std::string& body) {
    Damage damage;
    damage.operation = &world_.operation("list");
    damage.respond = damage.operation->responses[0].get();
    damage.documented = documented_answer(*world_.mutator, "list/listed");
    damage.variant = damage.documented;
    damage.variant->answer.body = body;
    damage.family = Family::broken;
    return damage;
  }

  TestWorld world_;
  Judge judge_{*world_.suite};
  AskedOperation asked_{nullptr, 1, {100, 40}, {}, {}};
  size_t tries_ = 0;
};

TEST_F(ShrinkTest, PutsBackAllButWhatShowsIt) {
  const auto is_empty_list = [](const Damage& damage) {
    return damage.variant && damage.variant->answer.body.find(R"("items":[])") != std::string::npos;
  };
  const Damage least = shrunk(mutated(R"({"extra":[1,2],"kind":7,"items":[],"kind":"x"})"), is_empty_list);
  EXPECT_EQ(least.variant->answer.body, R"({"kind":"things","items":[]})");
  EXPECT_EQ(least.family, Family::legal);
  EXPECT_EQ(least.respond, nullptr);
  EXPECT_EQ(play_text(least), "- on: list\n  override:\n    body: { kind: things, items: [] }\n");
  const char* const others[] = {"\xef\xbb\xbf{\"kind\":\"things\",\"items\":[]}", R"({"kind":"","items":[]})",
                                R"({ "extra": 1, "items":[] })"};
  for (const char* other : others) {
    EXPECT_EQ(play_text(shrunk(mutated(other), is_empty_list)), play_text(least)) << other;
  }
}

TEST_F(ShrinkTest, ADocumentedResponseMayBeEnough) {
  const Damage least = shrunk(mutated("broken"), [](const Damage& damage) { return damage.respond != nullptr; });
  EXPECT_EQ(play_text(least), "- on: list\n  respond: listed\n");
  EXPECT_EQ(least.family, Family::legal);
}

TEST_F(ShrinkTest, OneCallMayBeEnough) {
  asked_.calls = 3;
  Damage found;
  found.operation = &world_.operation("list");
  found.fault = {"connection-reset", Json::object()};
  found.family = Family::cut_short;
  const auto second = [](const Damage& damage) { return damage.call == 0 || damage.call == 2; };
  EXPECT_EQ(play_text(shrunk(found, second)),
            "- on: list\n  times: 1\n  delay: 0ms\n- on: list\n  times: 1\n  fault: { wrong-length: { by: 1 } }\n");
}

TEST_F(ShrinkTest, EndsAfterItsTries) {
  size_t asked = 0;
  shrunk(
      mutated(std::string(10'000, '[')), [&](const Damage&) { return ++asked, false; }, 20);
  EXPECT_LE(asked, 20u);
  EXPECT_LE(tries_, 20u);
  shrunk(
      mutated(std::string(10'000, '[')), [&](const Damage& damage) { return damage.variant.has_value(); }, 20);
  EXPECT_LE(tries_, 20u);
}

}  // namespace
}  // namespace counterpart::fuzz::client

#include "fuzz/client/plan.h"

#include <gtest/gtest.h>

#include <set>

#include "fuzz/client/test_world.h"

namespace counterpart::fuzz::client {
namespace {

class PlanTest : public testing::Test {
 protected:
  PlanTest() {
    const auto space = world_.spaces->use("clean");
    for (const char* target : {"/things", "/nowhere", "/thing", "/things"}) {
      const http::Request request{"GET", target, {{"Host", "x"}}, ""};
      space->record(request, space->play(request), 0, 1 << 20);
    }
    asked_ = asked_in(*world_.spaces, "clean", *world_.suite);
  }

  static std::string text_of(const Damage& damage) {
    return play_text(damage) + std::string(name_of(damage.family)) + std::to_string(damage.seed);
  }

  TestWorld world_;
  std::vector<AskedOperation> asked_;
};

TEST_F(PlanTest, KnowsWhatWasAsked) {
  ASSERT_EQ(asked_.size(), 2u);
  EXPECT_EQ(asked_[0].operation->id, "list");
  EXPECT_EQ(asked_[0].calls, 2u);
  EXPECT_EQ(asked_[1].operation->id, "read");
  EXPECT_EQ(asked_[1].calls, 1u);
  EXPECT_EQ(asked_[1].sizes.body, std::string(R"({"id":1,"note":null})").size());
  EXPECT_GT(asked_[1].sizes.head, std::string("HTTP/1.1 200 OK\r\n\r\n").size());
  ASSERT_EQ(asked_[1].could.size(), 1u);
  EXPECT_EQ(asked_[1].given, std::set<const contract::Response*>{asked_[1].could[0].first});
  EXPECT_EQ(asked_[1].could[0].second.all(), asked_[1].sizes.all());
}

TEST_F(PlanTest, ListsEachResponseAndEveryFault) {
  const Plan plan(*world_.mutator, asked_, {1, std::chrono::milliseconds(1000), false});
  std::set<std::string> responses, faults;
  for (size_t i = 0; i < plan.listed(); ++i) {
    const Damage& damage = plan.listed_at(i);
    if (damage.respond != nullptr) responses.insert(damage.operation->id + "/" + damage.respond->name);
    if (!damage.fault.name.empty()) faults.insert(damage.operation->id + "/" + damage.fault.name);
  }
  EXPECT_EQ(responses, (std::set<std::string>{"list/listed", "read/got"}));
  EXPECT_EQ(faults.size(), 2 * mock::faults::names().size());
  EXPECT_EQ(plan.cuts(), 0u);
}

TEST_F(PlanTest, CutsEverywhere) {
  const Plan plan(*world_.mutator, asked_, {1, std::chrono::milliseconds(1000), true});
  std::set<std::string> cuts;
  for (size_t i = 0; i < plan.cuts(); ++i) {
    const Damage damage = plan.cut_at(i);
    ASSERT_NE(damage.respond, nullptr);
    cuts.insert(damage.operation->id + fault_text(damage.fault));
  }
  size_t expected = 0;
  for (const AskedOperation& one : asked_) {
    for (size_t at = 0; at < one.could[0].second.all(); ++at) {
      const bool in_head = at < one.could[0].second.head;
      const Json settings = in_head ? Json{{"at", at}, {"from", "start"}} : Json{{"at", at - one.could[0].second.head}};
      for (const char* name : {"truncate", "split"}) {
        ++expected;
        EXPECT_TRUE(cuts.contains(one.operation->id + fault_text({name, settings}))) << name << settings;
      }
    }
  }
  EXPECT_EQ(cuts.size(), expected);
  EXPECT_EQ(plan.cuts(), expected);
}

TEST_F(PlanTest, DrawsTheSameFromTheSameSeed) {
  const auto nothing = [](const Damage&) { return false; };
  const PlanOptions options{7, std::chrono::milliseconds(1000), false};
  const Plan one(*world_.mutator, asked_, options), other(*world_.mutator, asked_, options);
  const Plan third(*world_.mutator, asked_, {8, std::chrono::milliseconds(1000), false});
  std::set<Family> seen;
  std::set<uint64_t> calls;
  size_t different = 0;
  for (uint64_t i = 0; i < 300; ++i) {
    const auto damage = one.drawn_at(i, nothing);
    ASSERT_TRUE(damage);
    EXPECT_EQ(text_of(*damage), text_of(*other.drawn_at(i, nothing)));
    different += text_of(*damage) != text_of(*third.drawn_at(i, nothing)) ? 1 : 0;
    seen.insert(damage->family);
    EXPECT_TRUE(!damage->variant || !damage->variant->changes.empty()) << text_of(*damage);
    if (damage->operation->id == "list") calls.insert(damage->call);
  }
  EXPECT_EQ(seen.size(), families);
  EXPECT_EQ(calls, (std::set<uint64_t>{0, 1, 2}));
  EXPECT_GT(different, 290u);
}

TEST_F(PlanTest, LeavesOutWhatItIsTold) {
  const Plan plan(*world_.mutator, asked_, {7, std::chrono::milliseconds(1000), false});
  const auto slow = [](const Damage& damage) { return damage.family == Family::slow; };
  for (uint64_t i = 0; i < 300; ++i) EXPECT_NE(plan.drawn_at(i, slow)->family, Family::slow);
  EXPECT_FALSE(plan.drawn_at(0, [](const Damage&) { return true; }));
}

}  // namespace
}  // namespace counterpart::fuzz::client

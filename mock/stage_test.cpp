#include "mock/stage.h"

#include <gtest/gtest.h>

#include "mock/test_stage.h"

namespace counterpart::mock {
namespace {

std::string contract(const std::string& name, const std::string& path) {
  return "counterpart: 1\nname: " + name + "\noperations:\n  get_" + name + ":\n    request: { method: GET, path: \"" +
         path + "\" }\n    rules: [{ respond: ok }]\n    responses: { ok: { status: 200, body: " + name + " } }\n";
}

TEST(Stage, RefusesContractsThatClash) {
  const struct {
    const char* first;
    const char* second;
    bool clash;
  } cases[] = {
      {"/a", "/a", true},  {"/a/{x}", "/a/b", true}, {"/a/b", "/a/{x}", true},   {"/a/{x}/c", "/a/b/{y}", true},
      {"/a", "/b", false}, {"/a/{x}", "/a", false},  {"/a/{x}", "/b/{x}", false}};
  for (const auto& test : cases) {
    SCOPED_TRACE(std::string(test.first) + " and " + test.second);
    Stage stage;
    ASSERT_EQ(stage.add(seat_of(contract("one", test.first))), std::nullopt);
    const auto clash = stage.add(seat_of(contract("two", test.second)));
    ASSERT_EQ(clash.has_value(), test.clash);
    if (!clash) continue;
    EXPECT_EQ(*clash, "one and two both answer " + std::string(test.second) + ": operation \"get_one\" (" + test.first +
                          ") and operation \"get_two\" (" + test.second + ")");
    EXPECT_EQ(stage.seats().size(), 1u);
  }
}

TEST(Stage, FindsTheContractOfAPath) {
  const auto stage = stage_of({seat_of(contract("one", "/one")), seat_of(contract("two", "/two/{id}"))});
  EXPECT_EQ(stage->find({"GET", "/one", {}, ""}), 0u);
  EXPECT_EQ(stage->find({"DELETE", "/two/7", {}, ""}), 1u);
  EXPECT_EQ(stage->find({"GET", "/three", {}, ""}), std::nullopt);
}

TEST(Stage, KnowsItsScenarios) {
  const auto scenario = [](const std::string& name) {
    return "scenario: " + name + "\nsteps: [{ call: get_one, expect: ok }]\n";
  };
  Stage stage;
  ASSERT_EQ(stage.add(seat_of(contract("one", "/one"), {scenario("first"), scenario("second")})), std::nullopt);
  EXPECT_EQ(stage.refusal({{"first", "second"}, false}), std::nullopt);
  EXPECT_EQ(stage.refusal({{"first"}, true}), std::nullopt);
  EXPECT_EQ(stage.refusal({{"frist"}, false}), "there is no scenario \"frist\"; did you mean \"first\"?");
  EXPECT_EQ(stage.refusal({{"first", "second"}, true}), "of one two scenarios cannot both be strict: first and second");
}

}  // namespace
}  // namespace counterpart::mock

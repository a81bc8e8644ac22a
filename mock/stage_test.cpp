#include "mock/stage.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

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

TEST(ScenarioShelf, TakesFilesFromElsewhere) {
  std::string folder = (std::filesystem::temp_directory_path() / "counterpart-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const auto write = [&](const std::string& name, const std::string& text) {
    std::ofstream(folder + "/" + name) << text;
    return folder + "/" + name;
  };
  const std::string play = "play: [{ on: get_one, override: { body: twice } }]\n";
  Seat seat = seat_of(contract("one", "/one"));
  seat.shelf = std::make_shared<ScenarioShelf>(seat.engine);
  const struct {
    std::string file, name, error;
  } cases[] = {
      {write("a.scenario.yaml", "scenario: found-1\n" + play), "found-1", ""},
      {write("a.scenario.yaml", "scenario: found-1\n" + play), "found-1", ""},  // the same file
      {write("b.scenario.yaml", "scenario: found-1\n" + play), "", "the scenario \"found-1\" is also in"},
      {write("c.scenario.yaml", "scenario: found-2\nplay: [{ on: get_two, delay: 1s }]\n"), "", "no operation"},
      {write("d.scenario.yaml", "scenario: found-3\nplay: [{ on: get_one, fault: fire }]\n"), "", "no fault"},
      {folder + "/none.scenario.yaml", "", "none.scenario.yaml"},
  };
  for (const auto& c : cases) {
    document::Diagnostics diagnostics;
    EXPECT_EQ(seat.shelf->add_file(c.file, diagnostics), c.name);
    EXPECT_EQ(diagnostics.has_errors(), c.name.empty());
    EXPECT_NE(diagnostics.render(false).find(c.error), std::string::npos) << diagnostics.render(false);
  }
  EXPECT_EQ(seat.scenarios().size(), 1u);
  EXPECT_NE(seat.find_scenario("found-1")->cues, nullptr);
  std::filesystem::remove_all(folder);
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
  Stage playing;
  ASSERT_EQ(playing.add(seat_of(contract("one", "/one"), {"scenario: play\nplay: [{ on: get_one, delay: 1ms }]\n"})),
            std::nullopt);
  EXPECT_EQ(playing.refusal({{"play"}, false}), std::nullopt);
  EXPECT_EQ(playing.refusal({{"play"}, true}),
            "the scenario \"play\" cannot be strict: it has no steps for the client to send");
  EXPECT_EQ(stage.refusal({{"first", "second"}, true}), "of one two scenarios cannot both be strict: first and second");
}

}  // namespace
}  // namespace counterpart::mock

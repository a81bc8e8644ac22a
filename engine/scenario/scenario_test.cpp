#include "engine/scenario/scenario.h"

#include <gtest/gtest.h>

#include "engine/contract/loader.h"
#include "engine/scenario/lint.h"
#include "engine/scenario/player.h"

namespace counterpart::scenario {
namespace {

using document::Diagnostics;
using document::Source;

constexpr const char* counter_contract = R"(counterpart: 1
name: counter
clock: 2024-01-01T00:00:00Z
variables: { key: good, other_key: fine }
security:
  key: { type: http, scheme: bearer, credential: "${variables.key}" }
state:
  things: { key: id, expires: ends, items: [{ id: 1, ends: 2024-01-02T00:00:00Z }, { id: 2 }] }
operations:
  list:
    security: key
    request: { method: GET, path: /things, query: { flag: { type: boolean } } }
    rules:
      - when: credential ~= "good" and credential ~= "fine"
        respond: refused
      - respond: listed
    responses:
      listed: { status: 200, body: { count: "${#things}", who: "${credential}" } }
      refused: { status: 401, body: { error: true } }
  remove:
    security: key
    request: { method: DELETE, path: "/things/{id}", path-parameters: { id: { type: integer } } }
    rules:
      - when: path.id > "much"
        respond: broken
      - do: removed = things:remove(path.id)
        respond: removed
    responses:
      removed: { status: 200, body: { removed: "${removed}" } }
      broken: { status: 500 }
  count:
    request: { method: GET, path: /count }
    rules:
      - when: "#things > 5"
        respond: many
    responses:
      many: { status: 200 }
      never: { status: 404 }
)";

class ScenarioTest : public testing::Test {
 protected:
  ScenarioTest() {
    const auto source = std::make_shared<const Source>(Source{"contract.yaml", counter_contract});
    engine_ = std::make_unique<engine::Engine>(contract::load(source, ".", diagnostics_));
    EXPECT_EQ(diagnostics_.render(false), "");
  }

  std::unique_ptr<Scenario> load(const std::string& steps) {
    const auto source = std::make_shared<const Source>(Source{"x.scenario.yaml", "scenario: x\n" + steps});
    return load_scenario(source, engine_->contract(), diagnostics_);
  }

  Diagnostics diagnostics_;
  std::unique_ptr<engine::Engine> engine_;
};

struct PlayCase {
  const char* name;
  std::string steps;
  Outcome outcome;
  std::string message;  ///< what it begins with
};

class PlayTest : public ScenarioTest, public testing::WithParamInterface<PlayCase> {};

TEST_P(PlayTest, EndsAsItShould) {
  const auto scenario = load(GetParam().steps);
  ASSERT_NE(scenario, nullptr) << diagnostics_.render(false);
  const Result result = play(*scenario, *engine_, 1, diagnostics_);
  EXPECT_EQ(result.outcome, GetParam().outcome) << result.message;
  EXPECT_EQ(result.message.substr(0, GetParam().message.size()), GetParam().message);
}

const PlayCase play_cases[] = {
    {"ByName", "steps: [{ call: list, expect: listed }]", Outcome::passed, ""},
    {"ByStatus", "steps: [{ call: list, expect: 200 }]", Outcome::passed, ""},
    {"OneOfSeveral", "steps: [{ call: list, expect: [refused, listed] }]", Outcome::passed, ""},
    {"AnotherResponse", "steps: [{ call: list, expect: refused }]", Outcome::failed,
     "list is expected to get refused, but got listed: status 200, {\"count\":2"},
    {"WithoutCredential", "steps: [{ call: list, as: none, expect: refused }]", Outcome::passed, ""},
    {"AsAnother",
     "steps: [{ call: list, as: \"${variables.other_key}\", expect: listed, assert: 'response.body.who == \"fine\"' }]",
     Outcome::passed, ""},
    {"AssertionFails", "steps: [{ call: list, expect: listed, assert: response.body.count == 3 }]", Outcome::failed,
     "this does not hold: response.body.count == 3"},
    {"AssumptionFails", "steps: [{ call: list, expect: listed, assume: response.body.count == 3, assert: 'false' }]",
     Outcome::inconclusive, "the assumption does not hold: response.body.count == 3"},
    {"TheClockMoves", "steps: [{ call: list, after: 1d, expect: listed, assert: response.body.count == 1 }]",
     Outcome::passed, ""},
    {"NotQuiteYet", "steps: [{ call: list, after: 23h, expect: listed, assert: response.body.count == 2 }]",
     Outcome::passed, ""},
    {"GivenClock",
     "given: { clock: 2024-06-01T00:00:00Z }\nsteps: [{ call: list, expect: listed, assert: response.body.count == 1 "
     "}]",
     Outcome::passed, ""},
    {"GivenItems",
     "given: { state: { things: { items: { $map: range(7), each(i): { id: \"${i}\" } } } } }\n"
     "steps: [{ call: list, expect: listed, assert: response.body.count == 7 }, { call: count, expect: many }]",
     Outcome::passed, ""},
    {"CapturesAreSent",
     "steps:\n"
     "  - { call: list, expect: listed, capture: { n: response.body.count } }\n"
     "  - { call: list, with: { flag: true }, expect: listed, assert: response.body.count == n }\n",
     Outcome::passed, ""},
    {"ARuleThatFails", "steps: [{ call: remove, with: { id: 1 }, expect: removed }]", Outcome::failed,
     "remove is expected to get removed, but got no response of the contract: status 500"},
    {"CapturedLater",
     "steps:\n"
     "  - { call: list, expect: listed, assert: n == 2 }\n"
     "  - { call: list, expect: listed, capture: { n: response.body.count } }\n",
     Outcome::failed, "nothing is named \"n\""},
};

INSTANTIATE_TEST_SUITE_P(Scenarios, PlayTest, testing::ValuesIn(play_cases),
                         [](const auto& test) { return test.param.name; });

struct BrokenCase {
  const char* name;
  std::string text;
  std::string diagnostic;  ///< the first line
};

class BrokenScenarioTest : public ScenarioTest, public testing::WithParamInterface<BrokenCase> {};

TEST_P(BrokenScenarioTest, IsReportedWhereItIsWrong) {
  EXPECT_EQ(load(GetParam().text), nullptr);
  const std::string report = diagnostics_.render(false);
  EXPECT_EQ(report.substr(0, report.find('\n')), GetParam().diagnostic);
}

const BrokenCase broken_cases[] = {
    {"Operation", "steps: [{ call: lst, expect: listed }]",
     "x.scenario.yaml:2:17: error: the contract has no operation \"lst\""},
    {"Response", "steps: [{ call: list, expect: list }]",
     "x.scenario.yaml:2:31: error: operation \"list\" has no response \"list\""},
    {"Parameter", "steps: [{ call: list, with: { flg: 1 }, expect: listed }]",
     "x.scenario.yaml:2:31: error: operation \"list\" has no parameter \"flg\""},
    {"Collection", "given: { state: { thing: { items: [] } } }\nsteps: [{ call: list, expect: listed }]",
     "x.scenario.yaml:2:19: error: the contract has no collection \"thing\""},
    {"Duration", "steps: [{ call: list, after: soon, expect: listed }]",
     "x.scenario.yaml:2:30: error: expected a duration"},
    {"Clock", "given: { clock: noon }\nsteps: [{ call: list, expect: listed }]",
     "x.scenario.yaml:2:17: error: the clock must be an RFC 3339 date-time"},
    {"NoSteps", "steps: []", "x.scenario.yaml:1:1: error: the scenario has neither steps nor play"},
    {"UnknownKey", "steps: [{ call: list, expects: listed, expect: listed }]",
     "x.scenario.yaml:2:23: error: unknown key \"expects\" in a step"},
    {"NotLua", "steps: [{ call: list, expect: listed, assert: a == }]",
     "x.scenario.yaml:2:47: error: this is not Lua: unexpected symbol near <eof>"},
    {"UnknownName", "steps: [{ call: list, expect: listed, assert: respons.status == 200 }]",
     "x.scenario.yaml:2:47: error: nothing is named \"respons\" here"},
    {"CollectionsAreNotSeen", "steps: [{ call: list, expect: listed, assert: '#things == 2' }]",
     "x.scenario.yaml:2:49: error: nothing is named \"things\" here"},
};

INSTANTIATE_TEST_SUITE_P(Scenarios, BrokenScenarioTest, testing::ValuesIn(broken_cases),
                         [](const auto& test) { return test.param.name; });

TEST_F(ScenarioTest, LintShowsWhatRulesReachAndScenariosReproduce) {
  std::vector<std::unique_ptr<Scenario>> scenarios;
  scenarios.push_back(load("steps: [{ call: list, expect: listed }]"));
  const Report report = lint(*engine_, scenarios, diagnostics_);
  std::vector<std::string> rows;
  for (const ResponseReport& row : report.responses) {
    rows.push_back(row.operation->id + "/" + row.response->name + (row.reachable ? " reachable" : "") +
                   (row.reproduced ? " reproduced" : ""));
  }
  EXPECT_EQ(rows, (std::vector<std::string>{"list/listed reachable reproduced", "list/refused reachable",
                                            "remove/removed reachable", "remove/broken reachable",
                                            "count/many reachable", "count/never"}));
  const std::string warnings = diagnostics_.render(false);
  EXPECT_NE(warnings.find("the rules of \"count\" can all fail to apply"), std::string::npos) << warnings;
  EXPECT_NE(warnings.find("no rule of \"count\" responds \"never\""), std::string::npos) << warnings;
  EXPECT_EQ(diagnostics_.errors(), 0u);
}

TEST_F(ScenarioTest, LintReportsAScenarioThatFails) {
  std::vector<std::unique_ptr<Scenario>> scenarios;
  scenarios.push_back(load("steps: [{ call: list, expect: refused }]"));
  lint(*engine_, scenarios, diagnostics_);
  EXPECT_EQ(diagnostics_.errors(), 1u);
  EXPECT_NE(diagnostics_.render(false).find("x.scenario.yaml:2:9: error: scenario \"x\" fails: list is expected"),
            std::string::npos)
      << diagnostics_.render(false);
}

/// Both shipped contracts: clean, every documented response reached by a rule and reproduced by a scenario.
TEST(ShippedContractsTest, AreCompleteAndReproduced) {
  const std::pair<const char*, size_t> contracts[] = {{"keyauth-seller", 9}, {"panel-sessions", 5}};
  for (const auto& [name, documented] : contracts) {
    SCOPED_TRACE(name);
    Diagnostics diagnostics;
    const auto loaded = contract::load(std::string(COUNTERPART_SOURCE_DIR "/scenarios/") + name, diagnostics);
    ASSERT_TRUE(loaded) << diagnostics.render(false);
    const engine::Engine engine(loaded);
    const auto scenarios = load_scenarios(engine.contract(), diagnostics);
    const Report report = lint(engine, scenarios, diagnostics);
    EXPECT_EQ(diagnostics.render(false), "");
    size_t found = 0;
    for (const ResponseReport& row : report.responses) {
      if (!row.documented) continue;
      ++found;
      EXPECT_TRUE(row.reachable && row.reproduced) << row.operation->id << "/" << row.response->name;
    }
    EXPECT_EQ(found, documented);
  }
}

}  // namespace
}  // namespace counterpart::scenario

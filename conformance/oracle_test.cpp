#include "conformance/oracle.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "conformance/judging.h"
#include "conformance/plan.h"
#include "conformance/test_suite.h"
#include "engine/scenario/given.h"

namespace counterpart::conformance {

namespace {

constexpr const char* notes_contract = R"yaml(counterpart: 1
name: notes
state:
  notes: { key: id, items: [{ id: "${uuid()}", text: first, at: "${now}", mark: 1 }] }
operations:
  list:
    request: { method: GET, path: /notes }
    rules: [{ respond: listed }]
    responses:
      listed: { status: 200, body: { $map: "notes:all()", each(n): { id: "${n.id}", text: "${n.text}", at: "${n.at}", mark: "${n.mark}" } } }
  make:
    request: { method: POST, path: /notes, body: { required: true, content: { application/json: { type: object, required: [text], properties: { text: { type: string } } } } } }
    rules:
      - { when: "#invalid > 0", respond: bad }
      - do: |
          made = uuid()
          notes:insert{ id = made, text = body.text, at = now, mark = random_int(1, 1000000) }
        respond: made
    responses:
      made: { status: 201, headers: { Location: "${request.url}/${made}" }, body: { id: "${made}", at: "${notes[made].at}" } }
      bad: { status: 400, body: { error: bad } }
  drop:
    request: { method: DELETE, path: "/notes/{id}" }
    rules:
      - { when: "not notes[path.id]", respond: missing }
      - { do: "notes:remove(path.id)", respond: dropped }
    responses:
      dropped: { status: 200, body: { dropped: "${path.id}" } }
      missing: { status: 404, body: { error: missing } }
)yaml";

constexpr const char* made_scenario = R"yaml(scenario: made-is-there
steps:
  - { call: make, body: { text: new }, expect: made, capture: { made: response.body.id } }
  - { call: list, expect: listed, assert: "contains(response.body, { id = made })" }
  - { call: drop, with: { id: "${made}" }, expect: dropped }
  - { call: drop, with: { id: "${made}" }, expect: missing }
  - { call: list, expect: listed }
)yaml";

/// A contract's engine with a clock and a randomness of its own, other ones in each conversation.
class OwnChance final : public Target {
 public:
  explicit OwnChance(const std::string& contract) {
    document::Diagnostics diagnostics;
    const auto source = std::make_shared<const document::Source>(document::Source{"served.yaml", contract});
    engine_ = std::make_shared<const engine::Engine>(contract::load(source, ".", diagnostics));
    EXPECT_EQ(diagnostics.render(false), "");
  }

  std::string description() const override { return "a server of its own mind"; }
  std::unique_ptr<Conversation> open(const scenario::Scenario*) override {
    class Talk final : public Conversation {
     public:
      Talk(const engine::Engine& engine, uint64_t seed) : engine_(engine) {
        document::Diagnostics unused;
        space_ = engine.make_space({seed, 1700000000000, nullptr}, unused);
        is_fresh = has_given = true;
      }
      Reply send(const http::Request& request, bool) override {
        space_->clock->advance(17);
        Reply reply;
        reply.response = engine_.answer(request, *space_).response;
        return reply;
      }
      std::string url(const std::string&) const override { return ""; }
      std::string advance(int64_t ms) override {
        space_->clock->advance(ms);
        return "";
      }

     private:
      const engine::Engine& engine_;
      std::unique_ptr<state::Space> space_;
    };
    return std::make_unique<Talk>(*engine_, ++seed_);
  }
  bool is_isolated() const override { return true; }
  bool is_known() const override { return true; }

 private:
  std::shared_ptr<const engine::Engine> engine_;
  uint64_t seed_ = 100;
};

struct Served {
  const char* name;
  const char* from;
  const char* by;
  const char* found;  ///< checks and subjects; "": none
};

class ServersOfTheirOwnMind : public testing::TestWithParam<Served> {};

TEST_P(ServersOfTheirOwnMind, AreHeldToWhatTheyChose) {
  const ContractFolder folder(notes_contract, {made_scenario});
  const auto suite = suite_of(folder, false);
  ASSERT_NE(suite, nullptr);
  const auto [name, from, by, found] = GetParam();
  OwnChance target(replaced(notes_contract, from, by));
  RunOptions options;
  options.level = Level::assumed;
  const auto cases = plan(*suite, {60, 3});
  const Report report = run(*suite, cases, target, options);
  std::set<std::string> told;
  for (const Finding& finding : report.findings) told.insert(finding.check + " " + finding.subject);
  if (*found == '\0') {
    EXPECT_THAT(told, testing::IsEmpty());
    size_t foretold = 0, exchanges = 0;
    for (const CaseResult& one : report.cases) foretold += one.foretold, exchanges += one.exchanges;
    EXPECT_GT(foretold * 10, exchanges * 8) << "most are compared with what follows from those before";
  } else {
    EXPECT_EQ(fmt::format("{}", fmt::join(told, ", ")), found);
  }
}

/// What a scenario of one finding tells of a server that has just begun.
std::set<std::string> replayed(const std::string& reproducer, const std::string& served) {
  const ContractFolder folder(notes_contract, {reproducer});
  const auto suite = suite_of(folder, false);
  if (suite == nullptr) return {"it does not load"};
  std::vector<Case> cases = plan(*suite, {0, 3});
  std::erase_if(cases, [](const Case& one) { return one.scenario == nullptr; });
  OwnChance target(served);
  RunOptions options;
  options.level = Level::assumed;
  std::set<std::string> told;
  for (const Finding& finding : run(*suite, cases, target, options).findings) {
    told.insert(finding.check + " " + finding.subject);
  }
  return told;
}

TEST_P(ServersOfTheirOwnMind, AreFoundOutByTheReproducers) {
  const ContractFolder folder(notes_contract, {made_scenario});
  const auto suite = suite_of(folder, false);
  const auto [name, from, by, found] = GetParam();
  const std::string served = replaced(notes_contract, from, by);
  OwnChance target(served);
  RunOptions options;
  options.level = Level::assumed;
  const auto cases = plan(*suite, {60, 3});
  for (const Finding& finding : run(*suite, cases, target, options).findings) {
    ASSERT_NE(finding.reproducer, "") << finding.no_reproducer;
    EXPECT_THAT(replayed(finding.reproducer, served), testing::Contains(finding.check + " " + finding.subject))
        << finding.reproducer;
    EXPECT_THAT(replayed(finding.reproducer, notes_contract), testing::IsEmpty()) << finding.reproducer;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, ServersOfTheirOwnMind,
    testing::Values(Served{"right", "name: notes", "name: notes", ""},
                    Served{"ids_of_another_kind", "made = uuid()", "made = 'n' .. now", ""},
                    // What the list names cannot be dropped.
                    Served{"id_in_list", "each(n): { id: \"${n.id}\"", "each(n): { id: \"${string.upper(n.id)}x\"",
                           "documented-response drop/dropped, state-agrees list/listed"},
                    Served{"time_in_list", "at: \"${n.at}\"", "at: \"${n.at + 1}\"", "state-agrees list/listed"},
                    Served{"mark_in_list", "mark: \"${n.mark}\"", "mark: \"${random_int(1, 1000000)}\"",
                           "state-agrees list/listed"},
                    Served{"location", "${request.url}/${made}", "${request.url}/${uuid()}", "headers make/made"},
                    Served{"path_of_location", "${request.url}/${made}", "${request.url}s/${made}",
                           "headers make/made"},
                    Served{"not_dropped", "notes:remove(path.id)", "",
                           "documented-response drop/missing, state-agrees list/listed"}),
    [](const auto& instance) { return instance.param.name; });

TEST(Oracle, KeepsOneWorldWhereNothingIsMadeUp) {
  const ContractFolder folder(shop_contract, {removed_scenario});
  EXPECT_FALSE(Oracle(*suite_of(folder, false), true).makes_values_up());
  const ContractFolder notes(notes_contract, {});
  EXPECT_TRUE(Oracle(*suite_of(notes, false), true).makes_values_up());
  EXPECT_FALSE(Oracle(*suite_of(notes, true), true).makes_values_up()) << "chance is the target's too";
}

TEST(Oracle, DoesNotDrawTheSameTwiceAfterALookBack) {
  const ContractFolder folder(notes_contract, {});
  const auto suite = suite_of(folder);
  Oracle oracle(*suite, true);
  http::Request request{"POST", "/notes", {{"Content-Type", "application/json"}}, R"({"text":"a"})"};
  const std::string first = oracle.answer(request).response.body;
  oracle.restore(oracle.copy());
  EXPECT_NE(oracle.answer(request).response.body, first);
}

/// What is as predicted may be so by chance: only what `observe` stored is known.
TEST(Oracle, KnowsOnlyWhatWasObserved) {
  document::Diagnostics diagnostics;
  const auto suite = load_suite(COUNTERPART_SOURCE_DIR "/scenarios/panel-sessions", {}, diagnostics);
  ASSERT_NE(suite, nullptr) << diagnostics.render(false);
  const contract::Operation& list = *suite->contract().find_operation("listSessions");
  const struct {
    const char* what;
    std::vector<std::pair<std::string, Json>> parameters;
    bool is_sure;
  } cases[] = {
      {"a refusal", {{"page", 0}}, false},
      {"one of many", {{"limit", 1}}, false},
      {"all", {}, true},
  };
  for (const auto& one : cases) {
    Oracle oracle(*suite, false);
    Call call = suite->base_call(list);
    call.parts.parameters = one.parameters;
    const http::Request request = request_of(*suite, call);
    const http::Response came = oracle.foresee(request).response;
    oracle.learn(call, request, list, came, body_of(came));
    EXPECT_EQ(oracle.is_sure(&*call.parts.credential), one.is_sure) << one.what;
  }
}

}  // namespace

}  // namespace counterpart::conformance

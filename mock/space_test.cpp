#include "mock/space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mock/test_stage.h"

namespace counterpart::mock {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string shop(const std::string& greeting = "hello",
                 const std::string& state = "items: [{ id: 1 }, { id: 2, ends: 2024-01-01T00:00:10Z }]") {
  return "counterpart: 1\nname: shop\nclock: 2024-01-01T00:00:00Z\n"
         "state:\n  things: { key: id, expires: ends, " +
         state +
         " }\n"
         "operations:\n"
         "  list: { request: { method: GET, path: /things }, rules: [{ respond: listed }],\n"
         "          responses: { listed: { status: 200, body: \"${#things} " +
         greeting +
         "\" },\n"
         "                       closed: { status: 404, body: closed } } }\n"
         "  add: { request: { method: POST, path: /things, query: { id: { type: integer, required: true } } },\n"
         "         rules: [{ do: 'things:insert{id = query.id}', respond: added }],\n"
         "         responses: { added: { status: 201, body: \"${query.id}\" } } }\n";
}

class SpaceTest : public testing::Test {
 protected:
  void start(const std::vector<std::string>& scenarios = {}, Casting casting = {}) {
    start(stage_of({seat_of(shop(), scenarios)}, std::move(casting)));
  }
  void start(std::shared_ptr<const Stage> stage) {
    stage_ = std::move(stage);
    space_ = std::make_unique<Space>("x", 1, stage_, JournalLimits{});
  }

  Played play(const std::string& method, const std::string& target) {
    const http::Request request{method, target, {}, ""};
    Played played = space_->play(request);
    space_->record(request, played, 5, 1 << 20);
    return played;
  }
  std::string body(const std::string& method, const std::string& target) {
    return play(method, target).answer.response.body;
  }
  int status(const std::string& method, const std::string& target) {
    return play(method, target).answer.response.status;
  }

  std::shared_ptr<const Stage> stage_;
  std::unique_ptr<Space> space_;
};

TEST_F(SpaceTest, PlaysTheContract) {
  start();
  EXPECT_EQ(body("GET", "/things"), "2 hello");
  EXPECT_EQ(body("POST", "/things?id=7"), "7");
  EXPECT_EQ(body("GET", "/things"), "3 hello");
  space_->with_state(0, [](state::Space& state) { state.clock->advance(10'000); });
  EXPECT_EQ(body("GET", "/things"), "2 hello") << "one has expired";
}

TEST_F(SpaceTest, BeginsAnewWhenReset) {
  start();
  play("POST", "/things?id=7");
  space_->with_state(0, [](state::Space& state) { state.clock->advance(10'000); });
  space_->reset();
  EXPECT_EQ(body("GET", "/things"), "2 hello");
  EXPECT_EQ(space_->tally().requests, 1u);
  space_->with_journal([](Journal& journal) { EXPECT_EQ(journal.size(), 1u); });
}

TEST_F(SpaceTest, PlaysEntriesInOrderAsOftenAsTheySay) {
  start({"scenario: s\nplay:\n"
         "  - { on: list, when: query.quiet ~= nil, respond: closed }\n"
         "  - { on: list, times: 2, override: { status: 503, headers: { Retry-After: \"${#things}\" } } }\n"
         "  - { on: \"*\", times: 1, delay: 20ms, fault: garbage }\n"},
        {{"s"}, false});
  EXPECT_EQ(status("GET", "/things"), 503);
  EXPECT_EQ(status("GET", "/things?quiet=1"), 404);
  const Played second = play("GET", "/things");
  EXPECT_EQ(second.answer.response.status, 503);
  EXPECT_EQ(*second.answer.response.headers.find("retry-after"), "2");
  EXPECT_EQ(second.answer.response.body, "2 hello") << "what is not overridden stays";
  const Played third = play("POST", "/things?id=9");
  EXPECT_EQ(third.answer.response.status, 201);
  EXPECT_EQ(third.delay.count(), 20);
  EXPECT_EQ(third.fault_name, "garbage");
  EXPECT_NE(third.fault, nullptr);
  const Played fourth = play("GET", "/things");
  EXPECT_EQ(fourth.answer.response.status, 200);
  EXPECT_EQ(fourth.delay.count(), 0);
  EXPECT_EQ(fourth.fault, nullptr);
  EXPECT_EQ(space_->tally().faults, 1u);
}

/// What `do` would have assigned is not there: the example is.
TEST_F(SpaceTest, RespondsWithTheExampleWhereOnlyARuleKnows) {
  const std::string contract =
      "counterpart: 1\nname: c\nlet: { twice: n * 2 }\noperations:\n"
      "  a: { request: { method: GET, path: /a }, rules: [{ do: n = 4, respond: told }],\n"
      "       responses: { told: { status: 200, headers: { X: \"${now}\" }, body: \"${twice}\", example: six },\n"
      "                    plain: { status: 200, body: \"${query.x}\", example: example } } }\n";
  const std::string play_text =
      "scenario: s\nplay:\n  - { on: a, when: query.x == nil, times: 1, respond: told }\n"
      "  - { on: a, when: query.x ~= nil, respond: plain }\n";
  start(stage_of({seat_of(contract, {play_text})}, {{"s"}, false}));
  const Played first = play("GET", "/a");
  EXPECT_EQ(first.answer.response.status, 200);
  EXPECT_EQ(first.answer.response.body, "six");
  EXPECT_NE(first.answer.response.headers.find("x"), nullptr) << "headers that need no rule are rendered";
  EXPECT_EQ(body("GET", "/a"), "8") << "the rule knows";
  EXPECT_EQ(body("GET", "/a?x=7"), "7") << "what needs no rule is rendered";
}

/// Coverage counts what arrives as the document says it.
TEST_F(SpaceTest, WhatPlayChangesIsNotServed) {
  const struct {
    const char* entry;
    bool served;
    const char* response;      ///< as the header says
    const char* undocumented;  ///< the same
    const char* journal;       ///< the response's name
  } cases[] = {
      {"delay: 1ms", true, "listed", "", "listed"},
      {"respond: closed", true, "closed", "", "closed"},
      {"override: { status: 503 }", false, "", "overridden by play", ""},
      {"override: { headers: { X: y } }", false, "", "overridden by play", ""},
      {"override: { body: x }, fault: garbage", false, "", "overridden by play", ""},
      {"fault: connection-reset", false, "listed", "", "listed"},
      {"fault: { truncate: { at: 1 } }", false, "listed", "", "listed"},
      {"fault: duplicate-header", false, "listed", "", "listed"},
      {"fault: { stall: { for: 1ms } }", true, "listed", "", "listed"},
      {"fault: { trickle: { bytes-per-second: 9 } }", true, "listed", "", "listed"},
      {"fault: split", true, "listed", "", "listed"},
  };
  for (const auto& row : cases) {
    start({std::string("scenario: s\nplay: [{ on: list, ") + row.entry + " }]\n"}, {{"s"}, false});
    const Played played = play("GET", "/things");
    const auto header = [&](const char* name) {
      const std::string* value = played.answer.response.headers.find(name);
      return value == nullptr ? std::string() : *value;
    };
    EXPECT_EQ(header("counterpart-operation"), "list");
    EXPECT_EQ(header("counterpart-response"), row.response) << row.entry;
    EXPECT_EQ(header("counterpart-undocumented"), row.undocumented) << row.entry;
    const Tally tally = space_->tally();
    EXPECT_EQ(tally.undocumented, *row.undocumented == '\0' ? 0u : 1u) << row.entry;
    uint64_t served = 0;
    for (const Tally::Row& response : tally.rows) served += response.served;
    EXPECT_EQ(served, row.served ? 1u : 0u) << row.entry;
    space_->with_journal([&](Journal& journal) {
      EXPECT_EQ(journal.at(0).undocumented, *row.undocumented != '\0') << row.entry;
      EXPECT_EQ(journal.at(0).response, row.journal) << row.entry;
    });
  }
}

TEST_F(SpaceTest, OverridesWithBytes) {
  start({"scenario: s\nplay:\n"
         "  - { on: list, times: 1, override: { body-base64: /wAke3h9 } }\n"
         "  - { on: list, times: 1, override: { content-type: text/x } }\n"},
        {{"s"}, false});
  const http::Response plain = play("GET", "/things").answer.response;
  EXPECT_EQ(plain.body, std::string("\xff\0${x}", 6)) << "no template";
  const std::string type = *plain.headers.find("content-type");
  const http::Response other = play("GET", "/things").answer.response;
  EXPECT_EQ(other.body, "2 hello");
  EXPECT_EQ(*other.headers.find("content-type"), "text/x");
  EXPECT_EQ(*play("GET", "/things").answer.response.headers.find("content-type"), type) << "as it was";
}

/// A space of a fuzzer's run is as the unnamed one of `exec --seed`.
TEST_F(SpaceTest, ResetWithASeedItIsAsTheUnnamedOne) {
  start({"scenario: s\nplay: [{ on: list, chance: 0.3, respond: closed }]\n"}, {{"s"}, false});
  const auto sequence = [&](Space& space) {
    std::string statuses;
    for (int i = 0; i < 100; ++i) {
      statuses += space.play({"GET", "/things", {{"Host", "x"}}, ""}).answer.response.status == 404 ? 'x' : '.';
    }
    return statuses;
  };
  Space unnamed("", 5, stage_, JournalLimits{}), named("run-1", 1, stage_, JournalLimits{});
  const std::string wanted = sequence(unnamed);
  EXPECT_NE(sequence(named), wanted);
  named.reset(5);
  EXPECT_EQ(sequence(named), wanted);
  named.reset();
  EXPECT_EQ(sequence(named), wanted);
}

TEST_F(SpaceTest, ChancesComeFromTheSeed) {
  const auto sequence = [&](const std::string& name, uint64_t seed) {
    space_ = std::make_unique<Space>(name, seed, stage_, JournalLimits{});
    std::string statuses;
    for (int i = 0; i < 200; ++i) statuses += status("GET", "/things") == 404 ? 'x' : '.';
    return statuses;
  };
  start({"scenario: s\nplay: [{ on: list, chance: 0.3, respond: closed }]\n"}, {{"s"}, false});
  const std::string first = sequence("a", 1);
  EXPECT_EQ(sequence("a", 1), first);
  EXPECT_NE(sequence("a", 2), first);
  EXPECT_NE(sequence("b", 1), first) << "each space has its own";
  EXPECT_NEAR(static_cast<double>(std::count(first.begin(), first.end(), 'x')), 60, 25);
}

constexpr const char* story = R"(scenario: story
given: { clock: 2024-01-01T00:00:05Z, state: { things: { items: [{ id: 5 }, { id: 6, ends: 2024-01-01T00:00:10Z }] } } }
steps:
  - { call: add, with: { id: 7 }, expect: added, capture: { added: response.body } }
  - { call: list, after: 5s, expect: listed }
  - { call: add, with: { id: "${tonumber(added) + 1}" }, expect: added }
  - { call: list, expect: closed }
)";

TEST_F(SpaceTest, AwaitsTheStepsOfAStrictScenario) {
  start({story}, {{"story"}, true});
  const Played early = play("GET", "/things");
  EXPECT_EQ(early.answer.response.status, 409);
  EXPECT_TRUE(early.violation);
  EXPECT_THAT(early.answer.response.body,
              HasSubstr(R"("awaited":"add","differences":[{"field":"operation","awaited":"add","got":"list"},)"));
  EXPECT_THAT(body("POST", "/things?id=8"),
              HasSubstr(R"("differences":[{"field":"query.id","awaited":"7","got":"8"}])"));
  EXPECT_THAT(play("POST", "/things?id=8").answer.differences, ElementsAre(R"(query.id: awaited "7", got "8")"));
  EXPECT_EQ(status("GET", "/nowhere"), 409);
  EXPECT_EQ(status("POST", "/things?id=7"), 201);
  EXPECT_EQ(body("GET", "/things"), "2 hello") << "5 seconds later one of three has expired";
  EXPECT_EQ(status("POST", "/things?id=8"), 201);
  EXPECT_EQ(body("GET", "/things"), "closed") << "the step's own response, whatever the rules say";
  EXPECT_THAT(body("GET", "/things"), HasSubstr("is over: all its 4 steps were met"));
  const Tally tally = space_->tally();
  EXPECT_EQ(tally.violations, 5u);
  EXPECT_EQ(tally.unmatched, 0u);
  const auto status = space_->strict_status();
  ASSERT_EQ(status.size(), 1u);
  EXPECT_EQ(status[0].done, 4u);
  EXPECT_EQ(status[0].steps, 4u);
}

TEST_F(SpaceTest, ChangesItsScenario) {
  start({story});
  EXPECT_EQ(body("GET", "/things"), "2 hello");
  space_->cast({{"story"}, false});
  EXPECT_EQ(body("POST", "/things?id=1"), "1") << "given has no thing 1";
  EXPECT_EQ(space_->casting().scenarios, std::vector<std::string>{"story"});
  space_->reset();
  EXPECT_EQ(body("POST", "/things?id=1"), "1") << "reset keeps the scenario";
  EXPECT_EQ(body("GET", "/things"), "3 hello");
}

TEST_F(SpaceTest, TakesOverAChangedStage) {
  start();
  play("POST", "/things?id=7");
  play("GET", "/things");
  space_->with_state(0, [](state::Space& state) { state.clock->advance(1'000); });
  document::Diagnostics diagnostics;
  space_->add_cues(0, Cues::parse("added", "[{ on: add, times: 1, delay: 5ms }]", stage_->seats()[0].engine->contract(),
                                  diagnostics));
  const auto changed = stage_of({seat_of(shop("again"))});
  space_->adopt(changed);
  EXPECT_EQ(body("GET", "/things"), "3 again") << "the collection's definition is the same: its items stay";
  EXPECT_EQ(play("POST", "/things?id=8").delay.count(), 5);
  space_->with_state(0, [](state::Space& state) { EXPECT_EQ(state.clock->now_ms(), 1'704'067'201'000); });
  const auto rows = space_->tally().rows;
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].served, 2u) << "before and after";
  EXPECT_EQ(rows[2].served, 2u);

  space_->cast({{"gone"}, false});
  space_->adopt(stage_of({seat_of(shop("anew", "items: [{ id: 3 }]"))}));
  EXPECT_TRUE(space_->casting().scenarios.empty()) << "a scenario that is no longer there is not told as played";
  EXPECT_EQ(body("GET", "/things"), "1 anew") << "the definition changed: it begins as it says";
}

/// What the run began with stays due, whatever is played later.
TEST_F(SpaceTest, ADroppedStrictScenarioIsStillDue) {
  const std::string tale = "scenario: tale\nsteps: [{ call: list, expect: listed }, { call: list, expect: listed }]\n";
  start({tale, "scenario: other\nsteps: [{ call: list, expect: listed }]\n"}, {{"tale"}, true});
  const auto due = [&] {
    std::vector<std::string> all;
    for (const auto& one : space_->strict_due()) {
      all.push_back(one.scenario + " " + std::to_string(one.done) + "/" + std::to_string(one.steps) +
                    (one.dropped ? " dropped" : ""));
    }
    return all;
  };
  play("GET", "/things");
  EXPECT_THAT(due(), ElementsAre("tale 1/2"));
  space_->cast({});
  EXPECT_THAT(due(), ElementsAre("tale 1/2 dropped"));
  EXPECT_TRUE(space_->strict_status().empty()) << "it is not played";
  space_->reset();
  EXPECT_THAT(due(), ElementsAre("tale 1/2 dropped"));
  space_->cast({{"other"}, true});
  EXPECT_THAT(due(), ElementsAre("other 0/1", "tale 1/2 dropped"));
  space_->cast({{"tale"}, true});
  EXPECT_THAT(due(), ElementsAre("tale 0/2")) << "it begins anew";
  play("GET", "/things");
  play("GET", "/things");
  space_->cast({});
  EXPECT_THAT(due(), ElementsAre("tale 2/2 dropped"));
}

/// A strict story awaits what is meant, not how it is written.
TEST_F(SpaceTest, AwaitsValuesAsTheirSchemasMeanThem) {
  const std::string contract =
      "counterpart: 1\nname: c\noperations:\n"
      "  a: { request: { method: GET, path: \"/a/{id}\",\n"
      "                  query: { limit: { type: integer, default: 50 }, q: {},\n"
      "                           tags: { type: array, items: { type: integer } } },\n"
      "                  headers: { X-Level: { type: integer, default: 1 } } },\n"
      "       rules: [{ respond: ok }], responses: { ok: { status: 200 } } }\n";
  const struct {
    const char* with;
    const char* target;
    const char* level;
    int status;
  } cases[] = {
      {"{ id: x }", "/a/x", nullptr, 200},
      {"{ id: x }", "/a/%78", nullptr, 200},
      {"{ id: x }", "/a/y", nullptr, 409},
      {"{ id: x }", "/a/x?limit=50", nullptr, 200},
      {"{ id: x }", "/a/x?limit=51", nullptr, 409},
      {"{ id: x }", "/a/x?limit=050", nullptr, 200},
      {"{ id: x, limit: 50 }", "/a/x", nullptr, 200},
      {"{ id: x, limit: 5 }", "/a/x", nullptr, 409},
      {"{ id: x, limit: 5 }", "/a/x?limit=5&limit=5", nullptr, 409},
      {"{ id: x, limit: five }", "/a/x?limit=five", nullptr, 200},
      {"{ id: x, limit: five }", "/a/x?limit=six", nullptr, 409},
      {"{ id: x, q: a b }", "/a/x?q=a+b", nullptr, 200},
      {"{ id: x }", "/a/x?q=a", nullptr, 409},
      {"{ id: x }", "/a/x?unknown=1", nullptr, 409},
      {"{ id: x, tags: [1, 2] }", "/a/x?tags=1&tags=2", nullptr, 200},
      {"{ id: x, tags: [1, 2] }", "/a/x?tags=2&tags=1", nullptr, 409},
      {"{ id: x, X-Level: 1 }", "/a/x", nullptr, 200},
      {"{ id: x, X-Level: 1 }", "/a/x", "1", 200},
      {"{ id: x, X-Level: 1 }", "/a/x", "2", 409},
      {"{ id: x, X-Level: 2 }", "/a/x", nullptr, 409},
  };
  for (const auto& row : cases) {
    start(stage_of(
        {seat_of(contract, {std::string("scenario: s\nsteps: [{ call: a, with: ") + row.with + ", expect: ok }]\n"})},
        {{"s"}, true}));
    http::Request request{"GET", row.target, {}, ""};
    if (row.level != nullptr) request.headers.add("x-level", row.level);
    EXPECT_EQ(space_->play(request).answer.response.status, row.status) << row.with << " " << row.target;
  }
}

/// One port, one client: what neither contract has is no step of the story.
TEST_F(SpaceTest, AnUnknownPathViolatesAStrictScenarioOfAnyContract) {
  const std::string other =
      "counterpart: 1\nname: other\noperations:\n  look: { request: { method: GET, path: /other }, rules: [{ respond: "
      "seen }], responses: { seen: { status: 200, body: seen } } }\n";
  const std::string tale = "scenario: story\nsteps: [{ call: list, expect: listed }]\n";
  for (const bool strict_first : {true, false}) {
    std::vector<Seat> seats;
    seats.push_back(strict_first ? seat_of(shop(), {tale}) : seat_of(other));
    seats.push_back(strict_first ? seat_of(other) : seat_of(shop(), {tale}));
    start(stage_of(std::move(seats), {{"story"}, true}));
    const Played unknown = play("GET", "/nowhere");
    EXPECT_TRUE(unknown.violation);
    EXPECT_EQ(unknown.answer.response.status, 409);
    EXPECT_EQ(unknown.contract->contract().name, "shop");
    EXPECT_EQ(play("OPTIONS", "/nowhere").violation, false) << "no story is about those";
    EXPECT_EQ(status("GET", "/other"), 200) << "the other contract is not strict";
    EXPECT_EQ(status("GET", "/things"), 200);
    EXPECT_EQ(space_->tally().violations, 1u);
  }
}

TEST_F(SpaceTest, RemembersExchanges) {
  start();
  play("POST", "/things?id=7");
  play("GET", "/thing");
  space_->with_journal([](Journal& journal) {
    ASSERT_EQ(journal.size(), 2u);
    const JournalEntry added = journal.at(0);
    EXPECT_EQ(added.method, "POST");
    EXPECT_EQ(added.target, "/things?id=7");
    EXPECT_EQ(added.contract, "shop");
    EXPECT_EQ(added.operation, "add");
    EXPECT_EQ(added.response, "added");
    EXPECT_EQ(added.rule_file, "contract.yaml");
    EXPECT_EQ(added.rule_line, 11);
    EXPECT_EQ(added.status, 201);
    EXPECT_EQ(added.response_body, "7");
    EXPECT_EQ(added.microseconds, 5);
    EXPECT_EQ(added.at_ms, 1'704'067'200'000);
    const JournalEntry unmatched = journal.at(1);
    EXPECT_TRUE(unmatched.unmatched);
    EXPECT_EQ(unmatched.nearest, "list");
    EXPECT_THAT(unmatched.differences, ElementsAre("path segment 1 is \"thing\", expected \"things\""));
  });
  const Tally tally = space_->tally();
  EXPECT_EQ(tally.requests, 2u);
  EXPECT_EQ(tally.unmatched, 1u);
}

}  // namespace
}  // namespace counterpart::mock

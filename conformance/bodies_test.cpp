#include "conformance/bodies.h"

#include <gmock/gmock.h>

#include "conformance/plan.h"
#include "conformance/prove/prove.h"
#include "conformance/test_suite.h"
#include "engine/document/json.h"

namespace counterpart::conformance {

namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char* desk_contract = R"yaml(counterpart: 1
name: desk
clock: 2024-01-01T00:00:00Z
state:
  tickets: { key: id, items: [{ id: t1, title: ABC-12 }] }
schemas:
  Person:
    type: object
    required: [name]
    additionalProperties: false
    properties:
      name: { type: string, minLength: 2, maxLength: 5 }
      since: { type: string, format: date }
responses:
  refused: { status: 422, description: The request is not as it must be, body: { error: invalid } }
operations:
  list:
    request: { method: GET, path: /tickets }
    rules: [{ respond: listed }]
    responses:
      listed: { status: 200, body: { tickets: { $map: tickets, "each(t)": { id: "${t.id}", title: "${t.title}" } } } }
  open:
    request:
      method: POST
      path: /tickets
      body:
        required: true
        content:
          application/json:
            type: object
            required: [title, level, owner]
            additionalProperties: false
            properties:
              title: { type: string, pattern: "^[A-Z]{3}-\\d{2,4}$" }
              level: { type: integer, exclusiveMinimum: 0, exclusiveMaximum: 6 }
              weight: { type: number, multipleOf: 0.5, minimum: 0, maximum: 10 }
              kind: { enum: [bug, wish] }
              owner: { $ref: '#/schemas/Person' }
              tags: { type: array, minItems: 1, maxItems: 3, uniqueItems: true, items: { type: string, minLength: 1 } }
              notes:
                type: array
                items:
                  type: object
                  required: [text]
                  properties: { text: { type: string }, by: { type: array, items: { type: object, required: [who] } } }
    rules:
      - { when: "#invalid > 0", respond: refused }
      - { do: "added = tickets:insert{ id = 't' .. (#tickets + 1), title = body and body.title or 'none' }", respond: opened }
    responses:
      opened: { status: 201, body: { id: "${added.id}", title: "${added.title}" } }
      refused: { $ref: '#/responses/refused' }
  rename:
    request:
      method: PUT
      path: /tickets/{id}
      body: { required: true, content: { text/plain: { type: string, minLength: 3, maxLength: 8 } } }
    rules:
      - { when: "#invalid > 0", respond: refused }
      - { when: "not tickets[path.id]", respond: missing }
      - { do: "tickets:update(path.id, { title = body or 'none' })", respond: renamed }
    responses:
      renamed: { status: 204 }
      missing: &missing { status: 404, body: { error: no such ticket } }
      refused: { $ref: '#/responses/refused' }
  close:
    request:
      method: POST
      path: /tickets/{id}
      body:
        content:
          application/json:
            type: object
            properties: { act: { const: close }, why: { type: string, maxLength: 5 } }
    rules:
      - { when: "#invalid > 0", respond: refused }
      - { when: "not tickets[path.id]", respond: missing }
      - { do: "tickets:update(path.id, { title = 'closed' })", respond: closed }
    responses:
      closed: { status: 204 }
      missing: *missing
      refused: { $ref: '#/responses/refused' }
)yaml";

constexpr const char* refused_scenario = R"yaml(scenario: what-is-no-title-is-refused-of-no-ticket-too
steps:
  - { call: rename, with: { id: none }, body: x, expect: refused }
  - { call: close, with: { id: none }, body: { why: too long }, expect: refused }
)yaml";

std::vector<std::string> told(const Report& report) {
  std::vector<std::string> told;
  for (const Finding& finding : report.findings) {
    told.push_back(finding.check + " " + finding.subject + ": " + finding.message);
  }
  return told;
}

/// The engine of the contract, with requests changed before it sees them.
class LenientTarget final : public Target {
 public:
  using Change = std::function<void(http::Request&)>;
  explicit LenientTarget(Change change) : inner_(target_of(desk_contract)), change_(std::move(change)) {}

  std::string description() const override { return "a test's"; }
  bool is_isolated() const override { return true; }
  bool is_known() const override { return true; }
  std::unique_ptr<Conversation> open(const scenario::Scenario* scenario) override {
    struct Lenient final : Conversation {
      Lenient(std::unique_ptr<Conversation> of, const Change& by) : inner(std::move(of)), change(by) {}
      Reply send(const http::Request& request, bool may_repeat) override {
        http::Request changed = request;
        change(changed);
        return inner->send(changed, may_repeat);
      }
      std::string url(const std::string&) const override { return ""; }
      std::string advance(int64_t ms) override { return inner->advance(ms); }
      std::unique_ptr<Conversation> inner;
      const Change& change;
    };
    auto conversation = std::make_unique<Lenient>(inner_->open(scenario), change_);
    conversation->is_fresh = conversation->has_given = true;
    return conversation;
  }

 private:
  const std::unique_ptr<Target> inner_;
  const Change change_;
};

class BodiesTest : public testing::Test {
 protected:
  Report check(Target& target, size_t generate = 20) {
    cases_ = plan(*suite_, {generate, 3});
    return run(*suite_, cases_, target, {});
  }
  const contract::Operation& operation(const char* id) { return *suite_->contract().find_operation(id); }

  const ContractFolder folder_{desk_contract, {refused_scenario}};
  std::unique_ptr<Suite> suite_ = suite_of(folder_);
  std::vector<Case> cases_;
};

TEST_F(BodiesTest, FindNothingWrongWithTheContractItself) {
  const Report report = check(*target_of(desk_contract), 100);
  EXPECT_THAT(told(report), IsEmpty());
  EXPECT_EQ(report.coverage_percent(), 100);
  for (const CaseResult& one : report.cases) EXPECT_EQ(one.outcome, Outcome::passed) << one.name << one.reason;
  for (const ParameterCoverage& row : report.parameters) EXPECT_GT(row.count, 0u) << row.parameter << row.bound;
}

TEST_F(BodiesTest, LegalOnesFit) {
  for (const char* id : {"open", "rename", "close"}) {
    for (uint64_t seed = 0; seed < 200; ++seed) {
      state::SeededRandom random(seed);
      const auto body = legal_body(operation(id), {"t1", "ABC-12", 7}, true, random);
      ASSERT_TRUE(body);
      EXPECT_TRUE(fits_body(operation(id), *body)) << body->dump();
      EXPECT_FALSE(body->is_object() && body->contains("act")) << "a request has it by itself";
    }
  }
}

TEST_F(BodiesTest, GeneratedRequestsHaveLegalOnes) {
  const Report report = check(*target_of(desk_contract), 100);
  size_t opened = 0;
  std::set<std::string> bodies;
  for (const Exchange& exchange : report.exchanges) {
    if (exchange.operation == "open" && exchange.got == "opened") {
      ++opened;
      bodies.insert(exchange.request.body);
    }
  }
  EXPECT_GT(opened, 40u);
  EXPECT_GT(bodies.size(), 30u);
}

struct Wrong {
  const char* from;
  const char* by;
  const char* found;  ///< what one finding begins with
};

TEST_F(BodiesTest, WrongTargetsAreFound) {
  const Wrong rows[] = {
      {"pattern: \"^[A-Z]{3}-\\\\d{2,4}$\"", "minLength: 0", "open with /title wrong format"},
      {"title: { type: string, pattern: \"^[A-Z]{3}-\\\\d{2,4}$\" }", "title: {}", "open with /title wrong type"},
      {"exclusiveMinimum: 0", "minimum: 0", "open with /level at exclusive minimum"},
      {"exclusiveMaximum: 6", "maximum: 6", "open with /level at exclusive maximum"},
      {"type: integer, exclusiveMinimum", "type: number, exclusiveMinimum", "open with /level not an integer"},
      {"multipleOf: 0.5", "multipleOf: 0.25", "open with /weight no multiple"},
      {"minimum: 0, maximum: 10", "minimum: -1, maximum: 10", "open with /weight below minimum"},
      {"maximum: 10", "maximum: 11", "open with /weight above maximum"},
      {"enum: [bug, wish]", "type: string", "open with /kind not in enum"},
      {"minLength: 2", "minLength: 1", "open with /owner/name below minimum length"},
      {"maxLength: 5", "maxLength: 6", "open with /owner/name above maximum length"},
      {"format: date", "minLength: 0", "open with /owner/since wrong format"},
      {"    additionalProperties: false\n    properties", "    properties", "open with /owner a member more"},
      {"            additionalProperties: false\n", "", "open with the body a member more"},
      {"minItems: 1, ", "", "open with /tags below minimum items"},
      {"maxItems: 3", "maxItems: 4", "open with /tags above maximum items"},
      {"uniqueItems: true, ", "", "open with /tags an item twice"},
      {"items: { type: string, minLength: 1 }", "items: { type: string }", "open with /tags/0 below minimum length"},
      {"minLength: 3", "minLength: 2", "rename with the body below minimum length"},
      {"maxLength: 8", "maxLength: 9", "rename with the body above maximum length"},
      {"why: { type: string, maxLength: 5 }", "why: { type: string }", "close with /why above maximum length"},
  };
  for (const Wrong& row : rows) {
    const Report report = check(*target_of(replaced(desk_contract, row.from, row.by)));
    EXPECT_THAT(told(report), Contains(AllOf(StartsWith("parameter-bounds "), HasSubstr(row.found)))) << row.from;
    EXPECT_GT(report.failures(), 0u) << row.from;
  }
  for (const Wrong& row : {Wrong{"[title, level, owner]", "[level, owner]", "open without /title: opened"},
                           Wrong{"required: [name]", "required: []", "open without /owner/name: opened"},
                           Wrong{"required: [text]", "required: []", "open without /notes/0/text: opened"},
                           Wrong{"required: [who]", "required: []", "open without /notes/0/by/0/who: opened"},
                           Wrong{"required: true\n", "required: false\n", "open without the body: opened"}}) {
    const Report report = check(*target_of(replaced(desk_contract, row.from, row.by)));
    EXPECT_THAT(told(report), Contains(AllOf(StartsWith("parameter-required "), HasSubstr(row.found)))) << row.from;
  }
}

TEST_F(BodiesTest, WhatIsNoSuchBodyMustBeRefused) {
  LenientTarget any_type([](http::Request& request) {
    if (request.headers.find("content-type") != nullptr && request.method == "POST") {
      request.headers.set("Content-Type", "application/json");
    }
  });
  EXPECT_THAT(told(check(any_type)), Contains(HasSubstr("open with the body another content type: opened")));
  LenientTarget any_json([](http::Request& request) {
    if (request.body.ends_with(",")) request.body.pop_back();
  });
  const Report report = check(any_json);
  EXPECT_THAT(told(report), Contains(HasSubstr("open with the body not JSON: opened (status 201)")));
  EXPECT_EQ(report.findings[0].reproducer, "");
  EXPECT_EQ(report.findings[0].no_reproducer, "a step sends a body that open takes, not this one");
}

TEST_F(BodiesTest, ReproducersHaveTheBody) {
  const Report report = check(*target_of(replaced(desk_contract, "maxItems: 3", "maxItems: 4")), 0);
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_THAT(report.findings[0].reproducer,
              AllOf(HasSubstr("  - call: open\n    body: {"), HasSubstr("expect: refused")));
  document::Diagnostics diagnostics;
  const auto source =
      std::make_shared<const document::Source>(document::Source{"found.scenario.yaml", report.findings[0].reproducer});
  EXPECT_NE(scenario::load_scenario(source, suite_->contract(), diagnostics), nullptr) << diagnostics.render(false);
}

TEST_F(BodiesTest, SequencesAreShrunkToTheMembersThatShowIt) {
  cases_ = plan(*suite_, {100, 3});
  std::erase_if(cases_, [](const Case& one) { return !one.seed; });
  const auto target = target_of(
      replaced(desk_contract, "{ when: \"#invalid > 0\",", "{ when: \"#invalid > 0 or (body and body.weight)\","));
  const Report report = run(*suite_, cases_, *target, {});
  ASSERT_FALSE(report.findings.empty());
  const auto body = document::parse_json(report.findings[0].exchanges.back().request.body);
  ASSERT_TRUE(body);
  EXPECT_TRUE(body->contains("weight"));
  EXPECT_FALSE(body->contains("tags") || body->contains("kind")) << body->dump();
}

TEST_F(BodiesTest, EveryMutantIsFound) {
  document::Diagnostics diagnostics;
  const auto proof = prove(folder_.path(), {}, diagnostics);
  ASSERT_TRUE(proof) << diagnostics.render(false);
  std::vector<std::string> survivors;
  size_t of_bodies = 0;
  for (const MutantResult& mutant : proof->mutants) {
    of_bodies += mutant.id.find(".request.body.") != std::string::npos ? 1 : 0;
    if (mutant.kind == MutantResult::Kind::survived) survivors.push_back(mutant.id);
  }
  EXPECT_THAT(survivors, IsEmpty());
  EXPECT_GT(of_bodies, 25u);
}

/// Nothing that the contract's own state has is ever accepted, so that refusals at and past a bound look alike.
TEST(DoubtTest, WhatIsRefusedAnywaySaysNothing) {
  const ContractFolder folder(R"yaml(counterpart: 1
name: locked
clock: 2024-01-01T00:00:00Z
operations:
  open:
    request:
      method: GET
      path: /doors
      query: { code: { type: integer, minimum: 1, maximum: 9 }, word: { type: string, required: true } }
    rules:
      - { when: "#invalid > 0 and query.word", respond: refused }
      - { respond: locked }
    responses:
      locked: { status: 403, body: { error: locked } }
      refused: { status: 400, body: { error: invalid } }
)yaml");
  const auto suite = suite_of(folder);
  const auto cases = plan(*suite, {0, 1});
  document::Diagnostics diagnostics;
  const Report report = run(*suite, cases, *make_engine_target(suite->engine, diagnostics), {});
  EXPECT_THAT(told(report), IsEmpty());
  const auto outcome = [&](const std::string& name) -> const CaseResult& {
    return *std::find_if(report.cases.begin(), report.cases.end(), [&](const auto& one) { return one.name == name; });
  };
  constexpr const char* why = "no request is known that open accepts: a refusal shows nothing of this value";
  EXPECT_EQ(outcome("open/parameter-bounds/code/at-minimum").outcome, Outcome::inconclusive);
  EXPECT_EQ(outcome("open/parameter-bounds/code/at-minimum").reason, why);
  EXPECT_EQ(outcome("open/parameter-required/word").outcome, Outcome::inconclusive);
  EXPECT_EQ(outcome("open/parameter-bounds/code/above-maximum").outcome, Outcome::passed) << "that is another refusal";
  for (const ParameterCoverage& row : report.parameters) {
    EXPECT_EQ(row.count == 0, row.why_not == why) << row.bound;
    if (row.bound == "at minimum") {
      EXPECT_EQ(row.count, 0u);
    }
  }
}

}  // namespace

}  // namespace counterpart::conformance

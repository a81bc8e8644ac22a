#include "conformance/runner.h"

#include <gmock/gmock.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "conformance/findings.h"
#include "conformance/test_suite.h"

namespace counterpart::conformance {

namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> told(const Report& report) {
  std::vector<std::string> told;
  for (const Finding& finding : report.findings) {
    told.push_back(finding.check + " " + finding.subject + ": " + finding.message);
  }
  return told;
}

class RunnerTest : public testing::Test {
 protected:
  Report check(Target& target, size_t generate = 30) {
    cases_ = plan(*suite_, {generate, 3});
    return run(*suite_, cases_, target, options_);
  }
  Report check_contract(const std::string& contract, size_t generate = 30) {
    return check(*target_of(contract), generate);
  }

  const ContractFolder folder_{shop_contract, {removed_scenario}};
  std::unique_ptr<Suite> suite_ = suite_of(folder_);
  std::vector<Case> cases_;
  RunOptions options_;
};

TEST_F(RunnerTest, FindsNothingWrongWithTheContractItself) {
  const Report report = check_contract(shop_contract);
  EXPECT_THAT(told(report), IsEmpty());
  EXPECT_EQ(report.coverage_percent(), 100);
  EXPECT_GT(report.cases.size(), 40u);
  for (const CaseResult& one : report.cases) EXPECT_EQ(one.outcome, Outcome::passed) << one.name << one.reason;
}

struct Wrong {
  const char* name;
  const char* from;
  const char* by;
  const char* found;  ///< what one finding begins with
};

class WrongTargets : public RunnerTest, public testing::WithParamInterface<Wrong> {};

TEST_P(WrongTargets, AreFound) {
  const Report report = check_contract(replaced(shop_contract, GetParam().from, GetParam().by));
  EXPECT_THAT(told(report), Contains(testing::StartsWith(GetParam().found)));
  EXPECT_GT(report.failures(), 0u);
  for (const Finding& finding : report.findings) {
    EXPECT_NE(finding.reproducer.empty(), finding.no_reproducer.empty()) << finding.check << finding.message;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, WrongTargets,
    testing::Values(
        Wrong{"status", "missing: { status: 404", "missing: { status: 410",
              "documented-status remove/missing: status 410 is not among those of the operation"},
        Wrong{"server_error", "missing: { status: 404", "missing: { status: 500",
              "no-server-error remove/missing: the server failed with status 500"},
        Wrong{"other_response", "respond: removed }", "respond: missing }",
              "documented-response remove/removed: missing (status 404) instead of removed (status 200)"},
        Wrong{"content_type", "removed: { status: 200,", "removed: { status: 200, content-type: application/x-other,",
              "content-type remove/removed: the body is application/x-other, not application/json"},
        Wrong{"header", "headers: { X-Kind: things }", "headers: { X-Kind: other }",
              "headers list/listed: the header X-Kind differs"},
        Wrong{"no_header", "headers: { X-Kind: things }", "headers: {}",
              "headers list/listed: the header X-Kind is missing"},
        Wrong{"literal", "kind: things\n", "kind: other\n",
              "literal-body list/listed: /kind is not what the documents print"},
        Wrong{"field_missing", "          kind: things\n", "", "schema-body list/listed: /kind: expected a field"},
        Wrong{"field_more", "          kind: things\n", "          kind: things\n          more: 1\n",
              "schema-body list/listed: /more: expected no such field"},
        Wrong{"not_removed", "do: \"things:remove(query.id)\", ", "",
              "state-agrees list/listed: /items is not what follows from the requests before"},
        Wrong{"all_removed", "things:remove(query.id)", "things:remove_if(function() return true end)",
              "state-agrees list/listed: /items is not what follows from the requests before"},
        Wrong{"anothers_data", "things:where{ key = credential }", "things:all()",
              "state-agrees list/listed: /items is not what follows from the requests before"},
        Wrong{"anothers_thing", "not thing or thing.key ~= credential", "not thing",
              "credential-required remove/missing: remove with the credential of another account: removed (status 200) "
              "instead of missing (status 404)"},
        Wrong{"no_credential", "not users[credential]", "credential and not users[credential]",
              "credential-required remove/unknown-user: remove with no credential: missing (status 404) instead of "
              "unknown-user (status 403)"},
        Wrong{
            "bound", "maximum: 10", "maximum: 11",
            "parameter-bounds list/bad-limit: list with limit above maximum: listed (status 200) instead of bad-limit "
            "(status 400)"}),
    [](const auto& row) { return row.param.name; });

/// A server that answers as the contract says but for what `change` makes of it.
class ChangingTarget final : public Target {
 public:
  using Change = std::function<void(const http::Request&, Reply&)>;
  ChangingTarget(std::unique_ptr<Target> inner, Change change, bool known = true)
      : inner_(std::move(inner)), change_(std::move(change)), known_(known) {}

  std::string description() const override { return "a test's"; }
  bool is_isolated() const override { return known_; }
  bool is_known() const override { return known_; }
  bool resets() const override { return reset_by_open; }
  void before_run() override { ++runs_begun; }
  void after_run() override { ++runs_ended; }
  std::unique_ptr<Conversation> open(const scenario::Scenario* scenario) override {
    {
      const std::lock_guard lock(mutex_);
      opened_by.insert(std::this_thread::get_id());
    }
    struct Changing final : Conversation {
      Changing(std::shared_ptr<Conversation> of, const Change& by) : inner(std::move(of)), change(by) {}
      Reply send(const http::Request& request, bool may_repeat) override {
        Reply reply = inner->send(request, may_repeat);
        change(request, reply);
        return reply;
      }
      std::string url(const std::string&) const override { return ""; }
      std::string advance(int64_t ms) override { return inner->advance(ms); }
      std::shared_ptr<Conversation> inner;
      const Change& change;
    };
    if (known_ || kept_ == nullptr) kept_ = inner_->open(scenario);
    auto conversation = std::make_unique<Changing>(kept_, change_);
    conversation->is_fresh = known_;
    conversation->has_given = known_;
    return conversation;
  }

  bool reset_by_open = false;
  int runs_begun = 0, runs_ended = 0;
  std::set<std::thread::id> opened_by;

 private:
  std::mutex mutex_;
  const std::unique_ptr<Target> inner_;
  const Change change_;
  const bool known_;  ///< else it keeps its state from one case to the next
  std::shared_ptr<Conversation> kept_;
};

TEST_F(RunnerTest, FindsAReadThatChangesFromOneToTheNext) {
  int count = 0;
  ChangingTarget target(target_of(shop_contract), [&](const http::Request& request, Reply& reply) {
    if (request.method == "GET" && reply.response.status == 200) {
      reply.response.body = replaced(reply.response.body, "\"one\"", "\"one " + std::to_string(++count) + "\"");
    }
  });
  cases_ = plan(*suite_, {0, 1});
  std::erase_if(cases_, [](const Case& one) { return one.name != "list/repeatable"; });
  Oracle oracle(*suite_, false);
  const auto conversation = target.open(nullptr);
  const Played played = play(*suite_, cases_.at(0), *conversation, oracle, {});
  ASSERT_EQ(played.findings.size(), 1u);
  EXPECT_EQ(played.findings[0].check, "repeatable");
  EXPECT_EQ(played.findings[0].message, "/items/*/name changes from one read to the next");
}

TEST_F(RunnerTest, AllowIsPartOf405) {
  ChangingTarget target(target_of(shop_contract), [](const http::Request&, Reply& reply) {
    if (reply.response.status == 405) reply.response.headers = {};
  });
  const Report report = check(target);
  EXPECT_THAT(told(report), testing::ElementsAre("method-refused list: a 405 has no Allow header"));
  EXPECT_EQ(report.failures(), 0u) << "it is assumed: no document says so";
}

TEST_F(RunnerTest, AMethodIsNothingThatAScenarioCanSend) {
  ChangingTarget target(target_of(shop_contract), [](const http::Request&, Reply& reply) {
    if (reply.response.status == 405) reply.response.status = 200;
  });
  const Report report = check(target);
  ASSERT_THAT(told(report), Contains(testing::StartsWith("method-refused list: PATCH /things: ")));
  EXPECT_EQ(report.findings[0].reproducer, "");
  EXPECT_EQ(report.findings[0].no_reproducer, "a step calls list with its own method, not with PATCH");
}

TEST_F(RunnerTest, AServerThatDoesOneThingWhateverIsAskedIsOneFinding) {
  ChangingTarget target(target_of(shop_contract), [](const http::Request&, Reply& reply) {
    reply.response = {302, {{"Location", "/login"}}, ""};
  });
  const Report report = check(target);
  ASSERT_THAT(told(report), testing::ElementsAre("documented-status every operation: whatever is asked, the answer has "
                                                 "status 302: 2 operations"));
  const Finding& finding = report.findings[0];
  size_t count = 0;
  for (const Cause& cause : finding.also) count += cause.count;
  EXPECT_EQ(finding.count, count);
  EXPECT_GT(finding.also.size(), 10u);
  for (const CaseResult& one : report.cases) {
    EXPECT_THAT(one.findings, testing::Each(0u)) << one.name;
  }
  options_.known_failures = known_of(report.findings, {}, {});
  EXPECT_EQ(check(target).failures(), 0u) << "each of its causes is listed";
}

TEST_F(RunnerTest, OneOperationThatAnswersOtherwiseKeepsCausesApart) {
  ChangingTarget target(target_of(shop_contract), [](const http::Request& request, Reply& reply) {
    if (request.method == "DELETE") reply.response = {302, {{"Location", "/login"}}, ""};
  });
  EXPECT_THAT(told(check(target)), Contains(testing::StartsWith("documented-status remove/removed: status 302")));
}

TEST_F(RunnerTest, ItIsCountedWhatWasForetold) {
  size_t foretold = 0, generated = 0;
  const auto count = [&](const Report& report) {
    foretold = generated = 0;
    for (const CaseResult& one : report.cases) {
      foretold += one.foretold;
      generated += one.name.starts_with("generated/") ? one.foretold : 0;
      EXPECT_LE(one.foretold, one.exchanges) << one.name;
    }
  };
  count(check_contract(shop_contract));
  EXPECT_GT(foretold, 60u);
  EXPECT_GT(generated, 30u);
  suite_ = suite_of(folder_, false);
  ChangingTarget unknown(
      target_of(shop_contract), [](const http::Request&, Reply&) {}, false);
  count(check(unknown));
  EXPECT_EQ(foretold, 0u) << "nothing is known of its state";
}

TEST_F(RunnerTest, WhereNothingIsAcceptedRefusalsShowNothing) {
  suite_ = suite_of(folder_, false);
  suite_->scenarios.clear();
  bool refuses = true;
  ChangingTarget target(
      target_of(shop_contract),
      [&](const http::Request& request, Reply& reply) {
        if (refuses && request.method == "GET")
          reply.response = {400, {{"Content-Type", "application/json"}}, R"({"error":"limit"})"};
      },
      false);
  const auto outcome_of = [&](const std::string& name) {
    const Report report = check(target, 0);
    for (const CaseResult& one : report.cases) {
      if (one.name == name) return std::pair(one.outcome, one.reason);
    }
    ADD_FAILURE() << name;
    return std::pair(Outcome::skipped, std::string());
  };
  const auto [outcome, reason] = outcome_of("list/parameter-bounds/limit/above-maximum");
  EXPECT_EQ(outcome, Outcome::inconclusive);
  EXPECT_EQ(reason, "list has accepted no request so far: a refusal shows nothing of this value");
  refuses = false;
  EXPECT_EQ(outcome_of("list/parameter-bounds/limit/above-maximum").first, Outcome::passed);
}

/// It is told, too, where no request can probe a bound.
TEST_F(RunnerTest, BoundsThatNoRequestCanProbeAreListed) {
  const ContractFolder folder(
      "counterpart: 1\nname: one\noperations:\n  list:\n"
      "    request: { method: GET, path: /, query: { tags: { type: array, minItems: 1, items: { type: boolean } } } }\n"
      "    rules: [{ respond: listed }]\n    responses: { listed: { status: 204 } }\n");
  const auto suite = suite_of(folder);
  ASSERT_NE(suite, nullptr);
  const auto cases = plan(*suite, {0, 1});
  document::Diagnostics diagnostics;
  const Report report = run(*suite, cases, *make_engine_target(suite->engine, diagnostics), {});
  std::vector<std::string> never_sent;
  for (const ParameterCoverage& row : report.parameters) {
    if (row.count == 0) never_sent.push_back(row.parameter + ": " + row.bound + ": " + row.why_not);
  }
  EXPECT_THAT(never_sent, ElementsAre("tags: below minimum items: as text it is read as something else"));
}

TEST_F(RunnerTest, ASlowAnswerIsFoundWhereTimeIsLimited) {
  ChangingTarget target(target_of(shop_contract),
                        [](const http::Request&, Reply& reply) { reply.microseconds = 3'001'000; });
  EXPECT_THAT(told(check(target)), IsEmpty());
  suite_->time_max_ms = 3000;
  const Report report = check(target);
  EXPECT_THAT(told(report), Contains("response-time list/listed: an answer took more than 3000 ms"));
  for (const Finding& finding : report.findings) {
    const std::string says = "\n# It fails where an answer takes longer: check ... --max-time 3000ms\n";
    EXPECT_NE(finding.reproducer.find(says) == std::string::npos, finding.no_reproducer.empty()) << finding.subject;
  }
}

TEST_F(RunnerTest, TheSameCauseIsOneFindingWithACount) {
  const Report report = check_contract(replaced(shop_contract, "kind: things\n", "kind: other\n"));
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_GT(report.findings[0].count, 5u);
}

TEST_F(RunnerTest, GeneratedSequencesAreShrunkToWhatShowsIt) {
  cases_ = plan(*suite_, {60, 3});
  std::erase_if(cases_, [](const Case& one) { return !one.seed; });
  ASSERT_EQ(cases_.size(), 60u);
  const auto target = target_of(replaced(shop_contract, "do: \"things:remove(query.id)\", ", ""));
  const Report report = run(*suite_, cases_, *target, options_);
  ASSERT_EQ(report.findings.size(), 1u);
  const Finding& finding = report.findings[0];
  ASSERT_EQ(finding.exchanges.size(), 2u);
  EXPECT_EQ(finding.exchanges[0].request.method, "DELETE");
  EXPECT_EQ(finding.exchanges[1].request.method, "GET");
  EXPECT_THAT(finding.reproducer, AllOf(HasSubstr("  - call: remove\n    with: { \"id\": 1 }\n    expect: removed\n"),
                                        HasSubstr("  - call: list\n    expect: listed\n")));
  EXPECT_EQ(finding.curl, "curl -i --path-as-is 'http://127.0.0.1:4010/things?key=owner'");
}

TEST_F(RunnerTest, AnInterruptEndsShrinking) {
  cases_ = plan(*suite_, {60, 3});
  std::erase_if(cases_, [](const Case& one) { return !one.seed; });
  std::atomic<bool> interrupted = false;
  size_t asked_after = 0;
  ChangingTarget target(target_of(shop_contract), [&](const http::Request& request, Reply& reply) {
    asked_after += interrupted ? 1 : 0;
    if (request.method != "DELETE") return;
    interrupted = true;
    reply.kind = Reply::Kind::timed_out;
    reply.error = "no answer within 10 s";
  });
  options_.interrupted = &interrupted;
  EXPECT_THAT(run(*suite_, cases_, target, options_).findings, Not(IsEmpty()));
  EXPECT_EQ(asked_after, 0u);
}

TEST_F(RunnerTest, AReproducerIsAScenarioThatShowsTheFinding) {
  const std::string wrong = replaced(shop_contract, "do: \"things:remove(query.id)\", ", "");
  const Report report = check_contract(wrong);
  ASSERT_FALSE(report.findings.empty());
  document::Diagnostics diagnostics;
  const auto source =
      std::make_shared<const document::Source>(document::Source{"found.scenario.yaml", report.findings[0].reproducer});
  suite_->scenarios.clear();
  suite_->scenarios.push_back(scenario::load_scenario(source, suite_->contract(), diagnostics));
  ASSERT_EQ(diagnostics.render(false), "");
  cases_ = plan(*suite_, {0, 1});
  std::erase_if(cases_, [](const Case& one) { return one.scenario == nullptr; });
  const Report again = run(*suite_, cases_, *target_of(wrong), options_);
  ASSERT_EQ(again.findings.size(), 1u);
  EXPECT_EQ(again.findings[0].message, report.findings[0].message);
  EXPECT_THAT(told(run(*suite_, cases_, *target_of(shop_contract), options_)), IsEmpty());
}

TEST_F(RunnerTest, TheSameSeedMakesTheSameRequests) {
  const auto requests = [&](uint64_t seed) {
    std::string all;
    const auto target = target_of(shop_contract);
    const Report report = run(*suite_, cases_ = plan(*suite_, {50, seed}), *target, options_);
    for (const Exchange& exchange : report.exchanges) all += exchange.request.method + exchange.request.target + "\n";
    return all;
  };
  EXPECT_EQ(requests(1), requests(1));
  EXPECT_NE(requests(1), requests(2));
}

TEST_F(RunnerTest, DestructiveOperationsAreLastAndNeverGenerated) {
  const ContractFolder folder(replaced(shop_contract, "  remove:\n", "  remove:\n    destructive: true\n"),
                              {removed_scenario});
  suite_ = suite_of(folder);
  cases_ = plan(*suite_, {50, 1});
  bool destructive = false;
  for (const Case& one : cases_) {
    EXPECT_FALSE(destructive && !one.destructive) << one.name;
    destructive = one.destructive;
  }
  EXPECT_TRUE(destructive);
  std::erase_if(cases_, [](const Case& one) { return !one.seed; });
  const Report report = run(*suite_, cases_, *target_of(shop_contract), options_);
  for (const Exchange& exchange : report.exchanges) EXPECT_EQ(exchange.operation, "list");
}

TEST_F(RunnerTest, AStepThatNeedsAnUndefinedVariableIsSkipped) {
  const Json variables = {{"key", "owner"}, {"other", "guest"}};
  suite_ = suite_of(folder_, true, &variables);
  const Report report = check_contract(shop_contract);
  EXPECT_EQ(report.failures(), 0u);
  const auto scenario = std::find_if(report.cases.begin(), report.cases.end(),
                                     [](const CaseResult& one) { return one.name == "scenario/removed-is-gone"; });
  ASSERT_NE(scenario, report.cases.end());
  EXPECT_EQ(scenario->outcome, Outcome::skipped);
  EXPECT_EQ(scenario->reason, "line 7: the target does not define the variable nobody");
}

/// A server whose things are others than the contract's, and which keeps what was done to it.
TEST_F(RunnerTest, ATargetOfAnotherStateIsLearnedBeforeItIsPredicted) {
  const char* observe =
      "    observe: \"if query.limit == 5 then things:replace(response.body.items, { key = credential }) end\"\n";
  const ContractFolder folder(replaced(shop_contract, "    rules: [{ when: \"#invalid",
                                       std::string(observe) + "    rules: [{ when: \"#invalid"),
                              {removed_scenario});
  suite_ = suite_of(folder, false);
  const auto play_against = [&](std::string contract) {
    contract = replaced(contract, "{ id: 1, name: one,", "{ id: 77, name: other,");
    ChangingTarget target(
        target_of(contract), [](const http::Request&, Reply&) {}, false);
    return told(check(target));
  };
  EXPECT_THAT(play_against(shop_contract), IsEmpty());
  EXPECT_THAT(play_against(replaced(shop_contract, "kind: things\n", "kind: other\n")), Not(IsEmpty()));
}

TEST_F(RunnerTest, WhatNoResponseDocumentsIsFoundWhateverTheState) {
  suite_ = suite_of(folder_, false);
  ChangingTarget target(
      target_of(shop_contract),
      [](const http::Request&, Reply& reply) {
        if (reply.response.status == 200) reply.response.body = R"({"kind":"something else"})";
      },
      false);
  EXPECT_THAT(told(check(target)),
              Contains(testing::StartsWith("documented-response list: status 200 instead of listed")));
}

TEST_F(RunnerTest, ATargetThatIsNotThereIsNoFinding) {
  ChangingTarget target(target_of(shop_contract), [](const http::Request&, Reply& reply) {
    reply.kind = Reply::Kind::unreachable;
    reply.error = "nobody listens";
  });
  const Report report = check(target);
  EXPECT_EQ(report.environment_error, "nobody listens");
  EXPECT_THAT(told(report), IsEmpty());
}

TEST_F(RunnerTest, AnOperationThatDoesNotAnswerIsLeftAloneAndTheOthersAreChecked) {
  ChangingTarget target(target_of(shop_contract), [](const http::Request& request, Reply& reply) {
    if (request.method != "DELETE") return;
    reply.kind = Reply::Kind::timed_out;
    reply.error = "no answer within 10 s";
  });
  const Report report = check(target);
  EXPECT_EQ(report.environment_error, "");
  EXPECT_GT(report.failures(), 0u);
  size_t passed = 0, skipped = 0;
  for (const CaseResult& one : report.cases) {
    passed += one.outcome == Outcome::passed ? 1 : 0;
    if (one.outcome != Outcome::skipped) continue;
    ++skipped;
    EXPECT_EQ(one.reason, "remove got no answer 3 times in a row");
  }
  EXPECT_EQ(report.cases.size(), cases_.size());
  EXPECT_GT(passed, 10u);
  EXPECT_GT(skipped, 2u);
}

TEST_F(RunnerTest, AnAnswerThatNeverComesIsAFindingAndNothingFromTwoOperationsIsNoServer) {
  int count = 0;
  const auto silent = [&](int from, int to) {
    count = 0;
    ChangingTarget target(target_of(shop_contract), [&, from, to](const http::Request&, Reply& reply) {
      const int number = count++;
      if (number < from || number >= to) return;
      reply.kind = Reply::Kind::timed_out;
      reply.error = "no answer within 10 s";
    });
    return check(target);
  };
  const Report one = silent(5, 6);
  ASSERT_EQ(one.findings.size(), 1u);
  EXPECT_EQ(one.findings[0].message, "no answer came in time");
  EXPECT_EQ(one.environment_error, "");
  EXPECT_EQ(silent(5, 1000).environment_error, "4 requests in a row got no answer: no answer within 10 s");
}

TEST_F(RunnerTest, FailFastEndsWithTheFirstCaseThatFails) {
  options_.fail_fast = true;
  const Report report = check_contract(replaced(shop_contract, "kind: things\n", "kind: other\n"));
  EXPECT_EQ(report.cases.back().outcome, Outcome::failed);
  EXPECT_LT(report.cases.size(), cases_.size());
}

TEST_F(RunnerTest, FailFastGoesPastWhatIsKnown) {
  options_.fail_fast = true;
  options_.known_failures = {{"literal-body", "list/listed", "", "since 2023", {}}};
  std::vector<Outcome> live;
  options_.on_case = [&](const CaseResult& one) { live.push_back(one.outcome); };
  const Report report = check_contract(replaced(shop_contract, "kind: things\n", "kind: other\n"));
  EXPECT_EQ(report.cases.size(), cases_.size());
  EXPECT_THAT(live, AllOf(Contains(Outcome::known), Not(Contains(Outcome::failed))));
}

TEST_F(RunnerTest, WhatCouldNotBePlayedLeavesNoStaleEntry) {
  const Json variables = {{"key", "owner"}, {"other", "guest"}};  // the scenario needs one more
  suite_ = suite_of(folder_, true, &variables);
  options_.known_failures = {{"state-agrees", "remove/removed", "", "r", {}}};
  EXPECT_THAT(check_contract(shop_contract).stale, IsEmpty());
}

TEST_F(RunnerTest, TheRunIsWoundUpWhenTheTargetGoesAway) {
  ChangingTarget target(target_of(shop_contract), [](const http::Request&, Reply& reply) {
    reply.kind = Reply::Kind::unreachable;
    reply.error = "nobody listens";
  });
  check(target);
  EXPECT_EQ(target.runs_begun, 1);
  EXPECT_EQ(target.runs_ended, 1);
}

TEST_F(RunnerTest, WhatEveryCaseResetsIsPlayedByOneAtATime) {
  ChangingTarget target(
      target_of(shop_contract), [](const http::Request&, Reply&) {}, false);
  target.reset_by_open = true;
  options_.concurrency = 4;
  check(target);
  EXPECT_EQ(target.opened_by.size(), 1u);
}

TEST_F(RunnerTest, KnownFailuresPassUntilTheyChange) {
  const std::string wrong = replaced(shop_contract, "kind: things\n", "kind: other\n");
  const auto with = [&](KnownFailure known, const std::string& contract) {
    options_.known_failures = {std::move(known)};
    return check_contract(contract);
  };
  const Report hidden = with({"literal-body", "list/listed", "", "since 2023", {}}, wrong);
  EXPECT_EQ(hidden.failures(), 0u);
  EXPECT_THAT(hidden.stale, IsEmpty());
  EXPECT_EQ(hidden.findings[0].known, "since 2023");

  struct Row {
    KnownFailure known;
    const std::string& contract;
    const char* problem;
  };
  const std::string right = shop_contract;
  for (const Row& row :
       {Row{{"literal-body", "list/listed", "", "r", {}}, right, "it no longer occurs"},
        Row{{"literal-body", "list/listed", "old", "r", {}},
            wrong,
            "its message changed: /kind is not what the documents print"},
        Row{{"litteral-body", "list/listed", "", "r", {}},
            wrong,
            "there is no check \"litteral-body\"; did you mean \"literal-body\"?"},
        Row{{"literal-body", "lits/listed", "", "r", {}},
            right,
            "there is no operation \"lits\"; did you mean \"list\"?"},
        Row{{"literal-body", "list/lister", "", "r", {}},
            right,
            "list has no response \"lister\"; did you mean \"listed\"?"},
        Row{{"literal-body", "", "", "r", {}}, right, "there is no operation \"\"; expected one of: list, remove"}}) {
    const Report report = with(row.known, row.contract);
    ASSERT_EQ(report.stale.size(), 1u) << row.problem;
    EXPECT_EQ(report.stale[0].problem, row.problem);
  }
}

/// What a case could not show is undecided, for its check; what others could is not.
TEST_F(RunnerTest, KnownFailuresThatNothingCouldShowAreNotDecided) {
  auto cases = plan(*suite_, {0, 3});
  const auto bound = std::find_if(cases.begin(), cases.end(), [](const Case& one) {
    return one.check == "parameter-bounds" && one.calls.front().operation->id == "list";
  });
  ASSERT_NE(bound, cases.end());
  bound->doubt = "nobody could tell";
  options_.known_failures = {{"parameter-bounds", "list/bad-limit", "", "r", {}},
                             {"parameter-bounds", "remove/missing", "", "r", {}},
                             {"literal-body", "list/listed", "", "r", {}}};
  const Report report = run(*suite_, cases, *target_of(shop_contract), options_);
  ASSERT_EQ(report.undecided.size(), 1u);
  EXPECT_EQ(report.undecided[0].on, "list/bad-limit");
  EXPECT_EQ(report.undecided[0].problem, "not decided: " + bound->name + ": nobody could tell");
  ASSERT_EQ(report.stale.size(), 2u);
  EXPECT_EQ(report.stale[0].on, "remove/missing");
  EXPECT_EQ(report.stale[1].on, "list/listed");
}

TEST_F(RunnerTest, CasesSideBySideFindWhatTheyFindAlone) {
  const std::string wrong = replaced(shop_contract, "kind: things\n", "kind: other\n");
  const Report alone = check_contract(wrong);
  options_.concurrency = 4;
  const Report together = check_contract(wrong);
  EXPECT_EQ(told(alone), told(together));
  EXPECT_EQ(alone.cases.size(), together.cases.size());
  EXPECT_EQ(alone.findings[0].count, together.findings[0].count);
}

}  // namespace

}  // namespace counterpart::conformance

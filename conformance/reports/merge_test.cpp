#include "conformance/reports/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/reports/json.h"
#include "conformance/reports/test_report.h"

namespace counterpart::conformance::reports {
namespace {

using ::testing::ElementsAre;

/// All parts of one run.
Report merged(std::vector<Report> shards) {
  for (size_t i = 0; i < shards.size(); ++i) {
    shards[i].shard = i + 1;
    shards[i].shards = shards.size();
  }
  std::string problem;
  auto report = merge(std::move(shards), problem);
  EXPECT_TRUE(report) << problem;
  return report ? *std::move(report) : Report{};
}

TEST(Merge, OneReportStaysAsItIs) { EXPECT_EQ(write_json(merged({test_report()})), write_json(test_report())); }

TEST(Merge, AllPartsMustBeThereOnce) {
  const struct {
    std::vector<std::pair<size_t, size_t>> parts;
    const char* problem;
  } cases[] = {
      {{{1, 2}, {2, 2}}, ""},
      {{{1, 3}, {3, 3}}, "shard 2 of 3 is missing"},
      {{{1, 2}, {1, 2}}, "shard 1 of 2 is there twice"},
      {{{1, 2}, {2, 3}}, "there are shards of 2 and of 3"},
      {{{2, 2}}, "shard 1 of 2 is missing"},
  };
  for (const auto& c : cases) {
    std::vector<Report> shards;
    for (const auto& [shard, of] : c.parts) {
      shards.push_back(small_report());
      shards.back().shard = shard;
      shards.back().shards = of;
    }
    std::string problem;
    const auto merged_all = merge(std::move(shards), problem);
    EXPECT_EQ(problem, c.problem);
    EXPECT_EQ(merged_all.has_value(), problem.empty());
  }
}

TEST(Merge, WhatIsUnseenInEveryPartIsStale) {
  const StaleKnown entry{"literal-body", "list/listed", "it no longer occurs", {"t.yaml", 3, 1}};
  Report a = small_report(), b = small_report();
  a.unseen = {entry};
  EXPECT_TRUE(merged({a, b}).stale.empty());
  b.unseen = {entry};
  EXPECT_EQ(merged({a, b}).stale.size(), 1u);
  EXPECT_TRUE(merged({a, b}).unseen.empty());
  EXPECT_TRUE(merged({a, b}).undecided.empty());
  b.unseen.clear();
  b.undecided = {entry};
  EXPECT_TRUE(merged({a, b}).stale.empty());
  EXPECT_EQ(merged({a, b}).undecided.size(), 1u);
  a.unseen.clear();  // it hid something there
  EXPECT_TRUE(merged({a, b}).undecided.empty());
}

TEST(Merge, CasesPointToTheFindingsThatBecameOne) {
  Report a = small_report(), b = small_report();
  Finding other = a.findings[0];
  other.message = "/price is another";
  b.findings.insert(b.findings.begin(), other);
  b.cases[0].findings = {1, 0};
  b.findings[1].count = 4;
  const Report report = merged({a, b});
  ASSERT_EQ(report.findings.size(), 2u);
  EXPECT_EQ(report.findings[0].message, "/name is another");
  EXPECT_EQ(report.findings[0].count, 5u);
  EXPECT_EQ(report.findings[1].message, "/price is another");
  ASSERT_EQ(report.cases.size(), 4u);
  EXPECT_THAT(report.cases[2].findings, ElementsAre(0, 1));
}

TEST(Merge, TheShortestSequenceIsKept) {
  Report a = small_report(), b = small_report();
  a.findings[0].exchanges.push_back(a.findings[0].exchanges[0]);
  a.findings[0].curl = "long";
  const Report report = merged({a, b});
  EXPECT_EQ(report.findings[0].exchanges.size(), 1u);
  EXPECT_EQ(report.findings[0].curl, b.findings[0].curl);
  EXPECT_EQ(report.findings[0].count, 2u);
}

TEST(Merge, KnownIsWhatAllKnow) {
  Report a = small_report(), b = small_report();
  a.findings[0].known = "the vendor knows";
  EXPECT_EQ(merged({a, a}).failures(), 0u);
  EXPECT_EQ(merged({a, b}).failures(), 1u);
  EXPECT_EQ(merged({b, a}).failures(), 1u);
}

TEST(Merge, WhatOneCauseShowedIsAdded) {
  Report a = small_report(), b = small_report();
  a.findings[0].also = {{"documented-status", "list", "status 302", 3}};
  b.findings[0].also = {{"documented-status", "list", "status 302", 4}, {"method-refused", "list", "status 302", 1}};
  const Report report = merged({a, b});
  ASSERT_EQ(report.findings.at(0).also.size(), 2u);
  EXPECT_EQ(report.findings[0].also[0].count, 7u);
  EXPECT_EQ(report.findings[0].also[1].check, "method-refused");
}

TEST(Merge, CoverageIsAdded) {
  Report a = small_report(), b = small_report();
  b.responses = {{"getItem", "gone", 410, Level::documented, 2, "", {}},
                 {"getItem", "lost", 404, Level::documented, 0, "never asked", {}}};
  b.parameters.push_back({"getItem", "full", "header", "valid", 5});
  const Report report = merged({a, b});
  ASSERT_EQ(report.responses.size(), 3u);
  EXPECT_EQ(report.responses[0].count, 1u);
  EXPECT_EQ(report.responses[1].count, 2u);
  EXPECT_EQ(report.responses[1].why_not, "");
  EXPECT_EQ(report.responses[2].why_not, "never asked");
  ASSERT_EQ(report.parameters.size(), 3u);
  EXPECT_EQ(report.parameters[0].count, 2u);
  EXPECT_EQ(report.parameters[2].count, 5u);
}

TEST(Merge, StaleIsWhatNoShardNeeds) {
  const StaleKnown gone{"c", "op", "it no longer occurs", {"t.yaml", 3, 1}};
  StaleKnown changed = gone, elsewhere = gone;
  changed.problem = "its message changed: x";
  elsewhere.where.line = 9;
  const auto stale_of = [](std::vector<std::vector<StaleKnown>> lists) {
    std::vector<Report> shards;
    for (auto& list : lists) shards.emplace_back(small_report()).stale = std::move(list);
    std::vector<std::string> result;
    for (const StaleKnown& entry : merged(std::move(shards)).stale)
      result.push_back(std::to_string(entry.where.line) + " " + entry.problem);
    return result;
  };
  EXPECT_THAT(stale_of({{gone}, {gone}}), ElementsAre("3 it no longer occurs"));
  EXPECT_THAT(stale_of({{gone}, {}}), ElementsAre());
  EXPECT_THAT(stale_of({{gone, gone}, {}}), ElementsAre());
  EXPECT_THAT(stale_of({{gone}, {elsewhere}}), ElementsAre());
  EXPECT_THAT(stale_of({{gone}, {changed}, {gone}}), ElementsAre("3 its message changed: x"));
}

TEST(Merge, TimesTargetsAndErrors) {
  Report a = small_report(), b = small_report(), c = small_report();
  b.started_ms -= 5;
  b.target = "http://127.0.0.1:4011";
  b.environment_error = c.environment_error = "the target is not there";
  const Report report = merged({a, b, c});
  EXPECT_EQ(report.started_ms, a.started_ms - 5);
  EXPECT_EQ(report.microseconds, 3 * a.microseconds);
  EXPECT_EQ(report.target, "http://127.0.0.1:4010, http://127.0.0.1:4011");
  EXPECT_EQ(report.environment_error, "the target is not there");
}

TEST(Merge, KeepsNoMoreExchangesThanAReportHolds) {
  Report a = small_report();
  a.exchanges.assign(6'000, a.exchanges[0]);
  a.exchanges_left_out = 1;
  const Report report = merged({a, a});
  EXPECT_EQ(report.exchanges.size(), Report::exchanges_max);
  EXPECT_EQ(report.exchanges_left_out, 2'002u);
}

TEST(Merge, RefusesWhatIsNotOfOneRun) {
  const auto problem_with = [](auto change) {
    Report other = small_report();
    change(other);
    std::string problem;
    EXPECT_FALSE(merge({small_report(), small_report(), other}, problem));
    return problem;
  };
  EXPECT_EQ(problem_with([](Report& r) { r.contract = "bank"; }),
            "report 3 is of the contract \"bank\", not of \"shop\": these are no shards of one run");
  EXPECT_EQ(problem_with([](Report& r) { r.seed = 8; }),
            "report 3 has the seed 8, not 7: these are no shards of one run");
  EXPECT_EQ(problem_with([](Report& r) { r.level = Level::assumed; }),
            "report 3 was judged at the level \"assumed\", not \"documented\": these are no shards of one run");
  std::string problem;
  EXPECT_FALSE(merge({}, problem));
  EXPECT_EQ(problem, "there is no report to merge");
}

}  // namespace
}  // namespace counterpart::conformance::reports

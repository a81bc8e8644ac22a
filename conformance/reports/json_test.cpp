#include "conformance/reports/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "conformance/reports/test_report.h"
#include "engine/document/json.h"

namespace counterpart::conformance::reports {
namespace {

using ::testing::HasSubstr;

std::string problem_of(std::string_view text) {
  std::string problem;
  EXPECT_FALSE(read_json(text, problem)) << text.substr(0, 200);
  return problem;
}

/// Every field of a value, to compare.
struct Fields {
  static auto of(const Place& x) { return std::tuple(x.file, x.line, x.column); }

  static std::string of(const http::Headers& headers) {
    std::string result;
    for (const auto& [name, value] : headers) result += name + '\0' + value + '\0';
    return result;
  }

  static auto of(const Exchange& x) {
    const auto& response = x.reply.response;
    return std::tuple(x.request.method, x.request.target, of(x.request.headers), x.request.body, x.url, x.reply.kind,
                      response.status, of(response.headers), response.body, x.reply.error, x.reply.microseconds,
                      x.reply.attempts, x.operation, x.expected, x.got, x.at_ms);
  }

  static auto of(const Cause& x) { return std::tuple(x.check, x.subject, x.message, x.count); }

  template <class T>
  static auto all(const std::vector<T>& values) {
    std::vector<decltype(of(values[0]))> result;
    for (const T& value : values) result.push_back(of(value));
    return result;
  }

  static auto of(const Finding& x) {
    return std::tuple(x.check, x.level, x.subject, x.requirement, x.message, x.case_name, of(x.where), x.expected,
                      x.actual, x.expected_body, x.actual_body, all(x.exchanges), x.curl, x.reproducer, x.no_reproducer,
                      x.known, x.count, all(x.also));
  }

  static auto of(const CaseResult& x) {
    return std::tuple(x.name, x.summary, x.outcome, x.reason, x.findings, x.exchanges, x.retries, x.microseconds,
                      of(x.where), x.foretold);
  }

  static auto of(const ResponseCoverage& x) {
    return std::tuple(x.operation, x.response, x.status, x.level, x.count, x.why_not, of(x.where));
  }

  static auto of(const ParameterCoverage& x) {
    return std::tuple(x.operation, x.parameter, x.in, x.bound, x.count, x.why_not);
  }

  static auto of(const StaleKnown& x) { return std::tuple(x.check, x.on, x.problem, of(x.where)); }

  static auto of(const Report& x) {
    return std::tuple(x.contract, x.title, x.target, x.version, x.seed, x.started_ms, x.microseconds, x.level,
                      all(x.cases), all(x.findings), all(x.responses), all(x.parameters), all(x.stale),
                      all(x.exchanges), x.exchanges_left_out, x.environment_error);
  }
};

TEST(JsonReport, LosesNothing) {
  Report report = test_report();
  report.level = Level::assumed;
  report.seed = UINT64_MAX;
  report.exchanges_left_out = 12;
  report.environment_error = "the hook failed: \xFF\x1b";
  report.cases[5].retries = 3;
  report.cases[5].foretold = 2;
  report.parameters[0].why_not = "nothing is accepted";
  report.findings[1].no_reproducer = "a step cannot";
  report.findings[1].also = {{"documented-status", "list/listed", "status 302", 3}};
  for (const Reply::Kind kind : {Reply::Kind::unreachable, Reply::Kind::broken})
    report.exchanges.emplace_back().reply.kind = kind;
  report.exchanges.back().request.body = std::string("\0\xFF\n", 3);
  report.exchanges.back().request.headers.add("X-\xE4", "\xE4");
  report.findings[0].expected_body = nullptr;  // a body that is null, not none
  std::string problem;
  const auto back = read_json(write_json(report), problem);
  ASSERT_TRUE(back) << problem;
  EXPECT_EQ(Fields::of(*back), Fields::of(report));
  EXPECT_EQ(write_json(*back), write_json(report));
}

TEST(JsonReport, AnEmptyOneToo) {
  std::string problem;
  const auto back = read_json(write_json({}), problem);
  ASSERT_TRUE(back) << problem;
  EXPECT_EQ(Fields::of(*back), Fields::of(Report{}));
}

TEST(JsonReport, DeepBodiesComeBack) {
  Report report = small_report();
  Json deep = 1;
  for (int i = 0; i < 256; ++i) deep = Json::array({std::move(deep)});
  report.findings[0].actual_body = deep;
  std::string problem;
  const auto back = read_json(write_json(report), problem);
  ASSERT_TRUE(back) << problem;
  EXPECT_EQ(back->findings[0].actual_body, deep);
}

TEST(JsonReport, SaysWhatIsWrongAndWhere) {
  const Json good = *document::parse_json(write_json(small_report()));
  const struct {
    const char* pointer;
    Json value;
    std::string_view problem;
  } cases[] = {
      {"/counterpart-report", 2, "counterpart-report: this program reads version 1 only"},
      {"/contract", nullptr, R"(contract: expected a text, or {"base64": "..."})"},
      {"/contract", {{"base64", "Zg"}}, "contract: this is no base64"},
      {"/seed", -1, "seed: expected a whole number from 0 to 18446744073709551615"},
      {"/seed", 1.5, "seed: expected a whole number from 0 to 18446744073709551615"},
      {"/level", "high", R"(level: expected one of "documented", "assumed", not "high")"},
      {"/findings", 1, "findings: expected a list"},
      {"/findings/0/count", UINT64_MAX, "findings[0].count: expected a whole number from 0 to 1000000000000000"},
      {"/findings/0/where/line", 4294967296, "findings[0].where.line: expected a whole number from 0 to 2147483647"},
      {"/findings/0/exchanges/0/reply/kind", "lost",
       R"(findings[0].exchanges[0].reply.kind: expected one of "answered", "unreachable", "timed-out", "broken", )"
       R"(not "lost")"},
      {"/findings/0/exchanges/0/request/headers/0",
       {"a"},
       "findings[0].exchanges[0].request.headers: expected lists of a name and a value"},
      {"/cases/0/findings/0", 1, "cases[0].findings: there is no finding 1"},
      {"/cases/0/outcome", "\x1b[2J",
       R"(cases[0].outcome: expected one of "passed", "failed", "known", )"
       R"("inconclusive", "skipped", not "\x1B[2J")"},
      {"/responses/1/extra", 1, "responses[1]: unknown key \"extra\""},
  };
  for (const auto& c : cases) {
    Json wrong = good;
    wrong[Json::json_pointer(c.pointer)] = c.value;
    EXPECT_EQ(problem_of(wrong.dump()), c.problem) << c.pointer;
  }
  EXPECT_THAT(problem_of("{"), HasSubstr("this is no JSON: at byte 2"));
  EXPECT_EQ(problem_of("[]"), "expected an object");
  EXPECT_EQ(problem_of("{}"), "\"counterpart-report\" is missing");
}

/// Every place of a report.
void visit(const Json& value, const Json::json_pointer& at, std::vector<Json::json_pointer>& places) {
  places.push_back(at);
  if (value.is_object()) {
    for (auto it = value.begin(); it != value.end(); ++it) visit(*it, at / it.key(), places);
  } else if (value.is_array()) {
    for (size_t i = 0; i < value.size(); ++i) visit(value[i], at / i, places);
  }
}

TEST(JsonReport, WhateverStandsInItsPlacesItIsReadOrRefused) {
  Report small = small_report();
  small.exchanges.clear();
  const Json good = *document::parse_json(write_json(small));
  std::vector<Json::json_pointer> places;
  visit(good, Json::json_pointer(), places);
  const Json values[] = {nullptr, -1, UINT64_MAX, 1e300, "x", Json::array(), Json::object()};
  size_t refused = 0;
  for (const auto& place : places) {
    for (const Json& value : values) {
      Json other = good;
      other[place] = value;
      std::string problem;
      const auto report = read_json(other.dump(), problem);
      if (!report) {
        ++refused;
        EXPECT_FALSE(problem.empty());
      } else {
        EXPECT_FALSE(write_json(*report).empty());
      }
    }
    if (place.empty() || !good[place.parent_pointer()].is_object()) continue;
    Json without = good;
    without[place.parent_pointer()].erase(place.back());
    const std::string path = place.to_string();
    const bool optional = path.find("/summary") == 0 || path.find("-body") != std::string::npos;
    std::string problem;
    EXPECT_EQ(read_json(without.dump(), problem).has_value(), optional) << path;
  }
  EXPECT_GT(refused, places.size() * 3);
}

TEST(JsonReport, CutAnywhereItIsRefused) {
  const std::string text = write_json(small_report());
  for (size_t size = 0; size + 2 < text.size(); size += 5) EXPECT_NE(problem_of(text.substr(0, size)), "");
}

TEST(JsonReport, BeginsWithASummary) {
  const Json json = *document::parse_json(write_json(test_report()));
  EXPECT_EQ(json["summary"], Json::parse(R"({"cases":7,"passed":2,"failed":1,"known":1,"inconclusive":1,"skipped":2,
      "failures":1,"exchanges":8,"foretold":0,"foretold-generated":0,"coverage-percent":85})"));
}

}  // namespace
}  // namespace counterpart::conformance::reports

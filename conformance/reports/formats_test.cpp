/// What JUnit, GitHub, HAR and SARIF reports say, and which reports there are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/reports/github.h"
#include "conformance/reports/har.h"
#include "conformance/reports/junit.h"
#include "conformance/reports/reports.h"
#include "conformance/reports/sarif.h"
#include "conformance/reports/test_report.h"
#include "engine/document/json.h"
#include "engine/document/utf8.h"

namespace counterpart::conformance::reports {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

size_t count_of(const std::string& text, std::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(Junit, TellsEverything) {
  EXPECT_EQ(write_junit(small_report()), R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="shop" tests="2" failures="1" errors="0" time="0.084000">
  <testsuite name="scenario" tests="1" failures="1" errors="0" skipped="0" time="0.001700" timestamp="2024-03-15T14:30:00">
    <properties>
      <property name="target" value="http://127.0.0.1:4010"/>
      <property name="seed" value="7"/>
      <property name="coverage" value="50 %"/>
      <property name="version" value="1.2.3"/>
    </properties>
    <testcase name="one" classname="shop.scenario" time="0.001700">
<failure type="literal-body" message="/name is another">literal-body on getItem/found (documented)
  /name is another
  The body is what the contract says

    {
  -   &quot;name&quot;: &quot;a&quot;
  +   &quot;name&quot;: &quot;b&quot;
    }

  request   GET /items/1?full=yes
  answer    200 OK, 0.8 ms
            content-type: application/json
            {&quot;name&quot;:&quot;b&quot;}
  repeat    curl &#39;http://127.0.0.1:4010/items/1?full=yes&#39;
  contract  shop/contract.yaml:12:5
  case      scenario/one
</failure>
    </testcase>
  </testsuite>
  <testsuite name="getItem" tests="1" failures="0" errors="0" skipped="1" time="0.000000" timestamp="2024-03-15T14:30:00">
    <properties>
      <property name="target" value="http://127.0.0.1:4010"/>
      <property name="seed" value="7"/>
      <property name="coverage" value="50 %"/>
      <property name="version" value="1.2.3"/>
    </properties>
    <testcase name="late" classname="shop.getItem" time="0.000000">
<skipped>skipped: no clock</skipped>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(Junit, HoldsOnlyWhatXmlCan) {
  const std::string text = write_junit(test_report());
  EXPECT_EQ(document::utf8_find_invalid(text), std::string::npos);
  for (const char c : text) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') << int(c);
  EXPECT_THAT(text, Not(HasSubstr("\xEF\xBF\xBF")));
  EXPECT_THAT(text, Not(HasSubstr("<script")));
  EXPECT_THAT(text, HasSubstr("<skipped>known: the vendor knows: support ticket 4711</skipped>"));
  EXPECT_THAT(text, HasSubstr("<system-out>documented-status on killSession (assumed)\n"));
}

TEST(Junit, AFindingIsToldOnceInFull) {
  Report report = small_report();
  report.cases.assign(50, report.cases[0]);
  const std::string text = write_junit(report);
  EXPECT_EQ(count_of(text, "<failure "), 50u);
  EXPECT_EQ(count_of(text, "The body is what the contract says"), 1u);
}

TEST(Junit, SeveralFindingsAreOneFailure) {
  Report report = small_report();
  report.findings.push_back(body_finding());
  report.cases[0].findings = {0, 1};
  const std::string text = write_junit(report);
  EXPECT_EQ(count_of(text, "<failure "), 1u);
  EXPECT_THAT(text, HasSubstr("message=\"2 findings: /name is another\""));
}

TEST(Junit, AVoidRunIsAnError) {
  Report report;
  report.contract = "shop";
  report.environment_error = "nobody listens \x01";
  EXPECT_THAT(write_junit(report), HasSubstr("<error type=\"environment\" message=\"nobody listens \\x01\"/>"));
  EXPECT_THAT(write_junit(report), HasSubstr("<testsuites name=\"shop\" tests=\"1\" failures=\"0\" errors=\"1\""));
}

TEST(Github, Escapes) {
  Report report = small_report();
  report.findings[0].where.file = "a,b:c%d\n.yaml";
  report.findings[0].message = "100% wrong: a,b";
  EXPECT_THAT(write_github(report),
              StartsWith("::error file=a%2Cb%3Ac%25d\\n.yaml,line=12,col=5,title=literal-body%3A getItem/found::100%25 "
                         "wrong: a,b%0AThe body is what the contract says%0A"));
  EXPECT_THAT(write_github(report), Not(HasSubstr("\r")));
}

TEST(Github, OneCommandALine) {
  const std::string text = write_github(test_report());
  std::vector<std::string> names;
  for (size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
    names.push_back(text.substr(at, text.find_first_of(" :", at + 2) - at));
  EXPECT_THAT(names, ::testing::ElementsAre("::error", "::warning", "::notice", "::error", "::notice"));
  EXPECT_THAT(text, HasSubstr("::notice title=keyauth-seller::7 cases: 2 passed"));
}

TEST(Github, AVoidRunIsAnError) {
  Report report;
  report.environment_error = "nobody listens";
  EXPECT_THAT(write_github(report), StartsWith("::error title=the run is void::nobody listens\n"));
}

TEST(Har, AnEntry) {
  const Json log = document::parse_json(write_har(small_report()))->at("log");
  EXPECT_EQ(log["version"], "1.2");
  ASSERT_EQ(log["entries"].size(), 1u);
  EXPECT_EQ(log["entries"][0], Json::parse(R"({
    "startedDateTime": "2024-03-15T14:30:00.123Z", "time": 0.84,
    "request": {"method": "GET", "url": "http://127.0.0.1:4010/items/1?full=yes", "httpVersion": "HTTP/1.1",
      "cookies": [{"name": "sid", "value": "1"}, {"name": "theme", "value": "dark"}],
      "headers": [{"name": "Accept", "value": "*/*"}, {"name": "Cookie", "value": "sid=1; theme=dark"}],
      "queryString": [{"name": "full", "value": "yes"}], "headersSize": -1, "bodySize": 0},
    "response": {"status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1",
      "cookies": [{"name": "a", "value": "b", "path": "/", "httpOnly": true}],
      "headers": [{"name": "Content-Type", "value": "application/json"},
                  {"name": "Set-Cookie", "value": "a=b; Path=/; HttpOnly"}],
      "content": {"size": 12, "mimeType": "application/json", "text": "{\"name\":\"b\"}"},
      "redirectURL": "", "headersSize": -1, "bodySize": 12},
    "cache": {}, "timings": {"send": 0, "wait": 0.84, "receive": 0},
    "_operation": "getItem", "_expected": "found", "_got": "found", "_attempts": 1})"));
}

TEST(Har, WhatIsNoTextOrNoUrl) {
  Report report = test_report();
  report.exchanges_left_out = 3;
  const Json log = document::parse_json(write_har(report))->at("log");
  EXPECT_THAT(log["comment"].get<std::string>(), HasSubstr("; 3 exchanges left out here"));
  const Json& hostile = log["entries"][2];
  EXPECT_EQ(hostile["request"]["postData"],
            Json::parse(R"({"mimeType":"application/octet-stream","text":"/wABAiBiaW5hcnk=","_encoding":"base64"})"));
  EXPECT_EQ(hostile["response"]["content"]["encoding"], "base64");
  EXPECT_THAT(hostile["request"]["url"].get<std::string>(), HasSubstr("yyy%3Cscript%3E"));
  EXPECT_EQ(hostile["response"]["headers"][2]["value"], "café \x1b[31m");
  const Json& unanswered = log["entries"][3];
  EXPECT_EQ(unanswered["request"]["url"], "http://in-process.invalid/api/seller?type=killall");
  EXPECT_EQ(unanswered["response"]["status"], 0);
  EXPECT_EQ(unanswered["response"]["_error"], "no answer within 10 s");
}

TEST(Sarif, AResult) {
  const Json run = document::parse_json(write_sarif(small_report()))->at("runs").at(0);
  EXPECT_EQ(run["tool"]["driver"]["rules"],
            Json::parse(R"([{"id":"literal-body","shortDescription":{"text":"Literal body"}}])"));
  Json result = run["results"].at(0);
  EXPECT_THAT(result["message"]["text"].get<std::string>(),
              StartsWith("getItem/found: /name is another\n\n/name is another\nThe body is what the contract says\n"));
  result.erase("message");
  EXPECT_EQ(result, Json::parse(R"({"ruleId":"literal-body","ruleIndex":0,"level":"error",
    "locations":[{"physicalLocation":{"artifactLocation":{"uri":"shop/contract.yaml"},
                                      "region":{"startLine":12,"startColumn":5}}}],
    "occurrenceCount":1,
    "partialFingerprints":{"counterpartCause/v1":"99b13c734d86ffd08c9c417a1b1bfc20900157deb9ecb9fae252d0fb34e7e18b"}})"));
}

TEST(Sarif, LevelsSuppressionsAndRules) {
  Report report = test_report();
  report.environment_error = "nobody listens";
  report.findings.push_back(report.findings[0]);
  report.findings.back().where = {"/abs/with space#.yaml", 0, 0};
  const Json run = document::parse_json(write_sarif(report))->at("runs").at(0);
  const Json& results = run["results"];
  EXPECT_EQ(results[1]["level"], "warning");
  EXPECT_EQ(results[2]["suppressions"],
            Json::parse(R"([{"kind":"external","justification":"the vendor knows: support ticket 4711"}])"));
  EXPECT_EQ(results[2]["locations"], Json::array());
  EXPECT_EQ(results[3]["ruleIndex"], 0);
  EXPECT_EQ(results[3]["partialFingerprints"], results[0]["partialFingerprints"]);
  EXPECT_EQ(results[3]["locations"][0]["physicalLocation"],
            Json::parse(R"({"artifactLocation":{"uri":"file:///abs/with%20space%23.yaml"}})"));
  EXPECT_EQ(results[4]["ruleId"], "stale-known-failure");
  EXPECT_EQ(run["tool"]["driver"]["rules"].size(), 4u);
  EXPECT_EQ(run["invocations"][0]["executionSuccessful"], false);
}

TEST(Reports, Destinations) {
  const struct {
    std::vector<std::string> texts;
    std::string_view problem;
  } cases[] = {
      {{"json=a", "junit=b", "html=c=d", "har=e", "sarif=f", "github"}, ""},
      {{}, ""},
      {{"junit"}, "the report junit needs a file: junit=FILE"},
      {{"json="}, "the report json needs a file: json=FILE"},
      {{"github=x"}, "the report github goes to standard output and takes no file"},
      {{"jnuit=x"}, "there is no report \"jnuit\"; did you mean \"junit\"?"},
      {{"\x1bpdf=x"}, "there is no report \"\\x1Bpdf\"; expected one of: json, junit, html, har, sarif, github"},
      {{"=x"}, "there is no report \"\"; expected one of: json, junit, html, har, sarif, github"},
      {{"json=a", "html=a"}, "two reports go to a"},
      {{"github", "github"}, "the report github is asked for twice"},
  };
  for (const auto& c : cases) {
    std::string problem;
    const auto destinations = parse_destinations(c.texts, problem);
    EXPECT_EQ(problem, c.problem);
    EXPECT_EQ(destinations.has_value(), c.problem.empty());
    EXPECT_EQ(destinations ? destinations->size() : 0, c.problem.empty() ? c.texts.size() : 0);
  }
  std::string problem;
  const auto html = parse_destinations({"html=c=d"}, problem);
  EXPECT_EQ(html->at(0).file, "c=d");
  EXPECT_EQ(html->at(0).format, Format::html);
}

TEST(Reports, EveryFormatIsWritten) {
  const struct {
    Format format;
    std::string_view name, beginning;
  } cases[] = {{Format::json, "json", "{\n \"counterpart-report\": 1,"},
               {Format::junit, "junit", "<?xml"},
               {Format::html, "html", "<!DOCTYPE html>"},
               {Format::har, "har", "{\n \"log\""},
               {Format::sarif, "sarif", "{\n \"$schema\""},
               {Format::github, "github", "::error "}};
  for (const auto& c : cases) {
    EXPECT_EQ(name_of(c.format), c.name);
    EXPECT_THAT(write(c.format, test_report()), StartsWith(std::string(c.beginning)));
  }
}

}  // namespace
}  // namespace counterpart::conformance::reports

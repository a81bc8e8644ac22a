#include "conformance/reports/terminal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "conformance/reports/finding_text.h"
#include "conformance/reports/test_report.h"
#include "engine/document/utf8.h"

namespace counterpart::conformance::reports {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Terminal, TellsEverything) {
  EXPECT_EQ(terminal_text(small_report(), {}),
            R"(shop: A shop
  against http://127.0.0.1:4010

1 finding

  1  literal-body  getItem/found  documented
     /name is another
     The body is what the contract says

       {
     -   "name": "a"
     +   "name": "b"
       }

     request   GET /items/1?full=yes
     answer    200 OK, 0.8 ms
               content-type: application/json
               {"name":"b"}
     repeat    curl 'http://127.0.0.1:4010/items/1?full=yes'
     contract  shop/contract.yaml:12:5
     case      scenario/one

not judged

  skipped       getItem/late
                no clock

coverage

  documented response  status   count
  getItem/found           200       1
  getItem/gone            410       0  nothing can be removed

parameters

  getItem
    full (query)
        valid ×1 · left out ×0

state-agrees judged 0 of 1 exchange
2 cases: 0 passed, 1 failed, 0 known, 0 inconclusive, 1 skipped · 1 exchange · coverage 50 % · seed 7 · 0.08 s
)");
}

TEST(Terminal, AnEmptyReport) {
  EXPECT_THAT(terminal_text({}, {}), EndsWith("\n\n0 cases: 0 passed, 0 failed, 0 known, 0 inconclusive, 0 skipped · 0 "
                                              "exchanges · coverage 100 % · seed 0 · 0.00 s\n"));
}

TEST(Terminal, BytesFromServersAreShownNotObeyed) {
  for (const bool colour : {false, true}) {
    std::string text = terminal_text(test_report(), {colour, 100});
    // What is left without the escapes that are ours: reset, bold, dim, and colours.
    for (size_t at = text.find("\x1b["); at != std::string::npos; at = text.find("\x1b[", at)) {
      const size_t end = text.find_first_not_of("0123456789;", at + 2);
      ASSERT_EQ(text[end], 'm');
      text.erase(at, end + 1 - at);
    }
    EXPECT_EQ(document::utf8_find_invalid(text), std::string::npos);
    for (const char c : text) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << int(c);
    EXPECT_THAT(text, Not(HasSubstr("\x7f")));
    EXPECT_THAT(text, Not(HasSubstr("\xC2\x9B")));
    EXPECT_THAT(text, Not(HasSubstr("\xE2\x80\xAE")));
    EXPECT_THAT(text, HasSubstr("\\x1B[2J\\x1B]0;owned\\x07\\x9B31m\\r\\x08\\u202Egnp.exe"));
  }
}

TEST(Terminal, IsNarrowButForWhatMustStayWhole) {
  Report report = test_report();
  report.findings[1].exchanges[0].request.target = "/short";
  const std::string text = terminal_text(report, {false, 100});
  for (size_t at = 0; at < text.size();) {
    const std::string line = text.substr(at, text.find('\n', at) - at);
    at += line.size() + 1;
    const bool stays_whole = line.find("repeat ") != std::string::npos || line.find(" cases: ") != std::string::npos;
    EXPECT_TRUE(stays_whole || document::utf8_count(line) <= 100) << line;
  }
}

TEST(Terminal, IsBounded) {
  Report report = test_report();
  const Finding finding = body_finding();
  for (int i = 0; i < 1'000; ++i) {
    const std::string number = std::to_string(i);
    report.findings.push_back(finding);
    report.stale.push_back({"check", "on-" + number, "gone", {}});
    report.cases.push_back({"skipped-" + number, "", Outcome::skipped, "reason " + number, {}, 0, 0, 0, {}});
    report.responses.push_back({"operation-" + number, "never", 200, Level::documented, 0, "", {}});
    report.parameters.push_back({"operation-" + number, "p", "query", "valid", 0});
  }
  const std::string text = terminal_text(report, {});
  EXPECT_THAT(text, HasSubstr("… 953 findings not shown here"));
  EXPECT_THAT(text, HasSubstr("… 801 known failures not shown here"));
  EXPECT_THAT(text, HasSubstr("… 802 reasons not shown here"));
  EXPECT_THAT(text, HasSubstr("… 809 responses not shown here"));
  EXPECT_THAT(text, HasSubstr("… 804 parameters not shown here"));
  EXPECT_LT(text.size(), 300'000u);
}

TEST(Terminal, ColoursOnlyWhereAsked) {
  EXPECT_THAT(terminal_text(test_report(), {false, 100}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(terminal_text(test_report(), {true, 100}), HasSubstr("\x1b[1;31mliteral-body\x1b[0m"));
}

TEST(Terminal, AVoidRunSaysSo) {
  Report report = small_report();
  report.environment_error = "nobody listens";
  EXPECT_THAT(terminal_text(report, {}), HasSubstr("the run is void: nobody listens\n2 cases"));
}

TEST(Wrapped, BreaksAtSpaces) {
  EXPECT_THAT(wrapped("a bb ccc dddd", 6), ElementsAre("a bb", "ccc", "dddd"));
  EXPECT_THAT(wrapped("größe größe", 5), ElementsAre("größe", "größe"));
  EXPECT_THAT(wrapped("toolongforit x", 5), ElementsAre("toolongforit", "x"));
  EXPECT_THAT(wrapped("", 5), ElementsAre());
}

CaseResult ended(const std::string& name, Outcome outcome, const std::string& reason = "") {
  CaseResult result;
  result.name = name;
  result.outcome = outcome;
  result.reason = reason;
  result.microseconds = 1'200;
  return result;
}

class ProgressTest : public ::testing::Test {
 protected:
  Progress& start(bool live, size_t cases, size_t columns = 100) {
    progress_ = std::make_unique<Progress>(ProgressOptions{
        live, {false, columns}, cases, [&](std::string_view text) { out_ += text; }, [&] { return now_ms_; }});
    return *progress_;
  }
  std::unique_ptr<Progress> progress_;
  std::string out_;
  int64_t now_ms_ = 5;
};

TEST_F(ProgressTest, ALineForEachCase) {
  Progress& progress = start(false, 2);
  progress.done(ended("scenario/\x1b[2J", Outcome::passed));
  progress.done(ended("b", Outcome::skipped, "no\nclock"));
  progress.finish();
  EXPECT_EQ(out_, "passed        scenario/\\x1B[2J (1.2 ms)\nskipped       b (1.2 ms): no\\nclock\n");
}

TEST_F(ProgressTest, RedrawsAtMostTenTimesASecond) {
  Progress& progress = start(true, 200);
  for (int i = 0; i < 200; ++i, now_ms_ += 10)
    progress.done(ended("case", i % 2 == 0 ? Outcome::passed : Outcome::failed));
  EXPECT_EQ(std::count(out_.begin(), out_.end(), '\r'), 20);
  EXPECT_THAT(out_, HasSubstr("191/200 · 96 passed · 95 failed  case"));
  out_.clear();
  progress.finish();
  EXPECT_EQ(out_, "\r\x1b[K");
  progress.finish();
  EXPECT_EQ(out_, "\r\x1b[K");
}

TEST_F(ProgressTest, FitsTheTerminal) {
  Progress& progress = start(true, 10, 80);
  progress.done(ended(std::string(300, 'n'), Outcome::passed));
  const std::string line = out_.substr(out_.find("7l") + 2, out_.rfind("\x1b[?7h") - out_.find("7l") - 2);
  EXPECT_LT(document::utf8_count(line), 80u) << line;
  EXPECT_THAT(line, HasSubstr("━━──"));
}

TEST_F(ProgressTest, WithoutAKnownNumberThereIsNoBar) {
  start(true, 0).done(ended("x", Outcome::known));
  EXPECT_THAT(out_, HasSubstr("  1 · 1 known  x"));
  EXPECT_THAT(out_, Not(HasSubstr("─")));
}

TEST_F(ProgressTest, ManyThreadsMayTell) {
  Progress& progress = start(false, 0);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 250; ++i) progress.done(ended("case", Outcome::passed));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(out_.size(), 1'000 * std::string("passed        case (1.2 ms)\n").size());
}

}  // namespace
}  // namespace counterpart::conformance::reports

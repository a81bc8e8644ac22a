#include "conformance/reports/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/reports/sha256.h"
#include "conformance/reports/test_report.h"

namespace counterpart::conformance::reports {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(OneLine, ShowsWhatWouldHarmATerminal) {
  const struct {
    std::string_view text, shown;
  } cases[] = {
      {"", ""},
      {"größer 日本 😀", "größer 日本 😀"},
      {"a\nb\r\tc", "a\\nb\\r\\tc"},
      {std::string_view("\0\x1b[2J\x7f", 6), "\\x00\\x1B[2J\\x7F"},
      {"\xC2\x9B"
       "31m",
       "\\x9B31m"},
      {"\xE2\x80\xAE"
       "exe",
       "\\u202Eexe"},
      {"\xEF\xBB\xBF"
       "x\xEF\xBF\xBF",
       "\\uFEFFx\\uFFFF"},
      {"\xFF\xE2\x82", "\\xFF\\xE2\\x82"},
      {"\xC0\xAF\xED\xA0\x80", "\\xC0\\xAF\\xED\\xA0\\x80"},
  };
  for (const auto& c : cases) EXPECT_EQ(one_line(c.text), c.shown);
}

TEST(OneLine, IsCutBetweenCharacters) {
  EXPECT_EQ(one_line("abcd", 4), "abcd");
  EXPECT_EQ(one_line("abcde", 4), "abc…");
  EXPECT_EQ(one_line("日本語日本語", 4), "日本語…");
  EXPECT_EQ(one_line("ab\x1b"
                     "cd",
                     5),
            "ab…");  // never half an escape
  EXPECT_EQ(one_line("\x1b", 2), "…");
}

TEST(ManyLines, KeepsLinesAndTabs) { EXPECT_EQ(many_lines("a\r\nb\n\tc\rd\x1b\r"), "a\nb\n\tc\\rd\\x1B\\r"); }

TEST(ShownBody, IsBounded) {
  EXPECT_EQ(shown_body("short"), "short");
  EXPECT_EQ(shown_body(std::string(5000, 'z')), std::string(4096, 'z') + "\n(… 904 of 5000 bytes left out)");
  const std::string wide = "x" + [] {
    std::string text;
    for (int i = 0; i < 2000; ++i) text += "日";
    return text;
  }();
  EXPECT_THAT(shown_body(wide), EndsWith("日\n(… 1905 of 6001 bytes left out)"));
}

TEST(ShownBody, TellsOfWhatIsNoText) {
  EXPECT_EQ(shown_body(std::string("\x89PNG\0\x01", 6)), "(6 bytes that are no text)\n89 50 4E 47 00 01");
  const std::string shown = shown_body(std::string(1'000'000, '\0'));
  EXPECT_THAT(shown, StartsWith("(1000000 bytes that are no text)\n00 00"));
  EXPECT_LT(shown.size(), 300u);
}

TEST(Utf8OrLatin1, NeverBreaks) {
  EXPECT_EQ(utf8_or_latin1("caf\xC3\xA9"), "café");
  EXPECT_EQ(utf8_or_latin1("caf\xE9"), "café");
}

TEST(Phrases, Durations) {
  EXPECT_EQ(duration(840), "0.8 ms");
  EXPECT_EQ(duration(12'400), "12 ms");
  EXPECT_EQ(duration(1'500'000), "1.5 s");
  EXPECT_EQ(seconds(84'000), "0.08 s");
  EXPECT_EQ(seconds(12'340'000), "12.3 s");
}

TEST(Phrases, Places) {
  EXPECT_EQ(text_of({"a.yaml", 3, 4}), "a.yaml:3:4");
  EXPECT_EQ(text_of({"a.yaml", 3, 0}), "a.yaml:3");
  EXPECT_EQ(text_of({"a.yaml", 0, 4}), "a.yaml");
  EXPECT_EQ(text_of({}), "");
}

TEST(Phrases, Replies) {
  Reply reply;
  reply.response.status = 404;
  reply.microseconds = 500;
  EXPECT_EQ(reply_line(reply), "404 Not Found, 0.5 ms");
  reply.response.status = 799;
  reply.attempts = 3;
  EXPECT_EQ(reply_line(reply), "799, 0.5 ms, attempt 3");
  reply = {Reply::Kind::broken, {}, "it ended\x1b early", 0, 1};
  EXPECT_EQ(reply_line(reply), "it ended\\x1B early");
}

TEST(Report, ClosingLine) {
  EXPECT_EQ(closing_line(test_report()),
            "7 cases: 2 passed, 1 failed, 1 known, 1 inconclusive, 2 skipped · 8 exchanges (2 retried) · coverage 85 % "
            "· seed 7 · "
            "0.08 s");
  EXPECT_EQ(closing_line({}),
            "0 cases: 0 passed, 0 failed, 0 known, 0 inconclusive, 0 skipped · 0 exchanges · coverage 100 % · seed 0 · "
            "0.00 s");
}

TEST(Report, CoverageCountsWhatIsDocumented) {
  Report report;
  EXPECT_EQ(report.coverage_percent(), 100.0);
  report.responses = {{"a", "x", 200, Level::documented, 1, "", {}}, {"a", "y", 500, Level::assumed, 0, "", {}}};
  EXPECT_EQ(report.coverage_percent(), 100.0);
  for (int i = 0; i < 199; ++i) report.responses.push_back({"a", "z", 200, Level::documented, 2, "", {}});
  report.responses.push_back({"a", "q", 200, Level::documented, 0, "", {}});
  EXPECT_EQ(whole_percent(report), 99);  // 99.5 is not all
}

TEST(Report, FailuresAreFindingsThatCount) {
  Report report = test_report();
  EXPECT_EQ(report.failures(), 1u);
  report.level = Level::assumed;
  EXPECT_EQ(report.failures(), 2u);
}

TEST(Sha256, OfTheStandardsExample) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace counterpart::conformance::reports

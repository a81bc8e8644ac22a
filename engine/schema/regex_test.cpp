#include "engine/schema/regex.h"

#include <gtest/gtest.h>

#include "engine/schema/pattern.h"

namespace counterpart::schema {
namespace {

TEST(Regex, Matches) {
  const struct {
    std::string_view pattern;
    std::vector<std::string_view> in;
    std::vector<std::string_view> not_in;
  } cases[] = {
      {"^\\d+$", {"42"}, {"", "x", "\u09ea", "42\n"}},
      {"^\\s$", {" ", "\t", "\v", "\u00a0", "\u2003", "\ufeff", "\u2029"}, {"a", "\u200b", "\x01"}},
      {"^\\S$", {"a", "\u200b"}, {" ", "\v", "\u00a0"}},
      {"^[\\s,]+$", {" ,\u00a0"}, {"a"}},
      {"^[^\\s]$", {"a"}, {"\u2003"}},
      {"^[\\S]$", {"a", "\u200b"}, {"\u2003"}},
      {"^.$", {"a", "\u20ac", "\t"}, {"\n", "\r", "\u2028", "\u2029", ""}},
      {"^\\cJ$", {"\n"}, {"\\cJ", "J"}},
      {"^[\\b]$", {"\b"}, {"b"}},
      {"\\bfoo\\b", {"a foo b"}, {"afoo"}},
      {"^\\u00e4\\x41\\0$", {std::string_view("\u00e4\x41\0", 4)}, {"a"}},
      {"^\\u{1F600}\\ud83d\\ude00$", {"\U0001F600\U0001F600"}, {"x"}},
      {"^[\\u{1F600}-\\ud83d\\ude0f]$", {"\U0001F605"}, {"\U0001F5FF"}},
      {"^[\\ud800-\\udfff]$", {}, {"a", "\u20ac"}},
      {"^[\\ud7ff-\\ue000]$", {"\uE000"}, {"a"}},
      {"\\ud800", {}, {"a", ""}},
      {"[]", {}, {"a", ""}},
      {"^[^]$", {"a", "\n", "\u20ac"}, {""}},
      {"^[[]$", {"["}, {"a"}},
      {"^[[:alpha:]]$", {"a]", ":]"}, {"b", "a"}},
      {"^[a-]$", {"a", "-"}, {"b"}},
      {"^[\\d-x]$", {"5", "-", "x"}, {"a"}},
      {"^[a\\-c]$", {"a", "-", "c"}, {"b"}},
      {"^\\p{Letter}\\p{Lu}\\P{L}$", {"aB1"}, {"ab1", "aBc"}},
      {"^\\p{Script=Greek}\\p{sc=Greek}[\\p{General_Category=Decimal_Number}]$", {"\u03b1\u03b21"}, {"ab1"}},
      {"^\\p{ASCII}\\P{ASCII}$", {"a\u20ac"}, {"aa"}},
      {"^\\pL$", {"a"}, {"1"}},
      {"(?i)^ABC$", {"abc"}, {"x"}},
      {"^(?i:A)b$", {"ab"}, {"aB"}},
      {"^(?<year>\\d{4})-(?P<month>\\d\\d)$", {"2024-01"}, {"24-01"}},
      {"^(?:ab){2,3}?$", {"abab"}, {"ab"}},
      {"^a{,2}{x}]$", {"a{,2}{x}]"}, {"aa"}},
      {"^\\$\\^\\.\\*\\/\\-\\_\\\"$", {"$^.*/-_\""}, {"x"}},
      {"^\u00e4[\u00f6-\u00fc]$", {"\u00e4\u00f6"}, {"\u00e4\u00ff"}},
  };
  for (const auto& c : cases) {
    const PatternResult result = Pattern::compile(c.pattern);
    ASSERT_NE(result.pattern, nullptr) << c.pattern << ": " << result.problem;
    for (const auto text : c.in) EXPECT_TRUE(result.pattern->is_in(text)) << c.pattern << " " << text;
    for (const auto text : c.not_in) EXPECT_FALSE(result.pattern->is_in(text)) << c.pattern << " " << text;
  }
}

TEST(Regex, Problems) {
  const struct {
    std::string_view pattern;
    std::string_view problem;
  } cases[] = {
      {"(a", "not a regular expression: missing ): (a"},
      {"a)", "not a regular expression: unexpected ): a)"},
      {"[a", "not a regular expression: missing ]: [a"},
      {"[b-a]", "not a regular expression: invalid character class range: b-a"},
      {"*a", "not a regular expression: no argument for repetition operator: *"},
      {"a**", "not a regular expression: no argument for repetition operator: *"},
      {"(|+)", "not a regular expression: no argument for repetition operator: +"},
      {"a\\", "not a regular expression: trailing \\: a\\"},
      {"\\a", "not a regular expression: invalid escape sequence: \\a"},
      {"\\Z", "not a regular expression: invalid escape sequence: \\Z"},
      {"[\\1]", "not a regular expression: invalid escape sequence: \\1"},
      {"\\x4", "not a regular expression: invalid escape sequence: \\x4"},
      {"\\u12", "not a regular expression: invalid escape sequence: \\u12"},
      {"\\u{110000}", "not a regular expression: invalid escape sequence: \\u{110000"},
      {"\\p{L", "not a regular expression: invalid character class: \\p{L"},
      {"(?<1a>x)", "not a regular expression: invalid group name: 1a"},
      {"(?#x)", "not a regular expression: unexpected (?: ?#"},
      {"(?P=n)", "not a regular expression: unexpected (?: ?P"},
      {"a{2,1}", "not a regular expression: invalid repetition size: {2,1}"},
      {"a{2000}", "not a regular expression: invalid repetition size: {2000}"},
      {"a(?=b)", "the pattern uses lookahead, which RE2 does not have"},
      {"a(?!b)", "the pattern uses lookahead, which RE2 does not have"},
      {"(?<=b)a", "the pattern uses lookbehind, which RE2 does not have"},
      {"(a)\\1", "the pattern uses references back to a group, which RE2 does not have"},
      {"(?<n>a)\\k<n>", "the pattern uses references back to a group, which RE2 does not have"},
      {"\\p{Alphabetic}", "the pattern uses \\p{Alphabetic}, which RE2 does not have"},
      {"[\\P{Emoji}]", "the pattern uses \\P{Emoji}, which RE2 does not have"},
  };
  for (const auto& c : cases) {
    const PatternResult result = Pattern::compile(c.pattern);
    EXPECT_EQ(result.pattern, nullptr) << c.pattern;
    EXPECT_EQ(result.problem, c.problem) << c.pattern;
  }
}

TEST(Regex, WhatEcmaScriptKnows) {
  for (const std::string_view pattern :
       {"", "a", "(?=a)b", "(?<!a)\\1", "(?<n>a)\\k<n>", "\\p{Emoji}", "[^]", "a{2000}"})
    EXPECT_TRUE(is_regex(pattern)) << pattern;
  for (const std::string_view pattern : {"(", "(?i)a", "(?P<n>a)", "\\pL", "\\a", "(?#a)", "\\k"})
    EXPECT_FALSE(is_regex(pattern)) << pattern;
}

TEST(Regex, EveryBeginningIsReadSafely) {
  constexpr std::string_view pattern =
      "^(?<n>[^\\u{1F600}-\\ud83d\\ude0f\\b\\-x]{2,3}?|\\p{Letter}|\\x41\\cA(?i:b)\\k<n>(?=c)(?P<m>.)*$";
  for (size_t begin = 0; begin < pattern.size(); ++begin) {
    for (size_t end = begin; end <= pattern.size(); ++end) Pattern::compile(pattern.substr(begin, end - begin));
  }
}

}  // namespace
}  // namespace counterpart::schema

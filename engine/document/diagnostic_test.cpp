#include "engine/document/diagnostic.h"

#include <gtest/gtest.h>

namespace counterpart::document {
namespace {

std::shared_ptr<const Source> source(std::string text, std::string name = "a.yaml") {
  return std::make_shared<const Source>(Source{std::move(name), std::move(text)});
}

std::string rendered(std::string text, Position at, size_t width = 1, std::string hint = {}) {
  return Diagnostic{Severity::error, {source(std::move(text)), at}, width, "wrong", std::move(hint)}.render(false);
}

TEST(Diagnostic, RendersAsItsHeaderShows) {
  std::string text;
  for (int line = 1; line < 12; ++line) text += "line\n";
  text += "    respnd: killed\nnext line\n";
  Diagnostic diagnostic;
  diagnostic.where = {source(text, "scenarios/x/contract.yaml"), {12, 5}};
  diagnostic.width = 6;
  diagnostic.message = "unknown key \"respnd\" in a rule";
  diagnostic.hint = "did you mean \"respond\"?";
  EXPECT_EQ(diagnostic.render(false),
            "scenarios/x/contract.yaml:12:5: error: unknown key \"respnd\" in a rule\n"
            "   12 |     respnd: killed\n"
            "      |     ^~~~~~\n"
            "      = hint: did you mean \"respond\"?\n");
}

TEST(Diagnostic, RendersInColour) {
  Diagnostic diagnostic{Severity::error, {source("abc"), {1, 2}}, 2, "wrong", "right"};
  EXPECT_EQ(diagnostic.render(true),
            "a.yaml:1:2: \x1b[1;31merror:\x1b[0m wrong\n"
            "   1 | abc\n"
            "     |  \x1b[1;31m^~\x1b[0m\n"
            "     = \x1b[1;36mhint:\x1b[0m right\n");
  diagnostic.severity = Severity::warning;
  EXPECT_EQ(diagnostic.render(true),
            "a.yaml:1:2: \x1b[1;35mwarning:\x1b[0m wrong\n"
            "   1 | abc\n"
            "     |  \x1b[1;35m^~\x1b[0m\n"
            "     = \x1b[1;36mhint:\x1b[0m right\n");
}

TEST(Diagnostic, GutterFollowsTheLineNumber) {
  EXPECT_EQ(rendered("\n\n\n\nx", {5, 1}, 1, "h"),
            "a.yaml:5:1: error: wrong\n"
            "   5 | x\n"
            "     | ^\n"
            "     = hint: h\n");
  EXPECT_EQ(rendered(std::string(999, '\n') + "x", {1000, 1}, 1, "h"),
            "a.yaml:1000:1: error: wrong\n"
            "   1000 | x\n"
            "        | ^\n"
            "        = hint: h\n");
}

TEST(Diagnostic, ShowsWhatItKnows) {
  EXPECT_EQ((Diagnostic{Severity::error, {}, 1, "wrong", ""}.render(false)), "error: wrong\n");
  EXPECT_EQ(rendered("abc", {0, 0}, 1, "h"), "a.yaml: error: wrong\n    = hint: h\n");
  EXPECT_EQ(rendered("abc", {1, 0}), "a.yaml:1: error: wrong\n   1 | abc\n");
  EXPECT_EQ(rendered("abc", {2, 1}), "a.yaml:2:1: error: wrong\n") << "the text has no second line";
  EXPECT_EQ(rendered("abc\n", {2, 1}), "a.yaml:2:1: error: wrong\n   2 |\n     | ^\n");
  EXPECT_EQ(rendered("", {1, 1}), "a.yaml:1:1: error: wrong\n   1 |\n     | ^\n");
}

TEST(Diagnostic, CaretStaysOnTheLine) {
  const struct {
    std::string text;
    Position at;
    size_t width;
    std::string lines;
  } cases[] = {
      {"abc", {1, 4}, 1, "   1 | abc\n     |    ^\n"},
      {"abc", {1, 99}, 5, "   1 | abc\n     |    ^\n"},
      {"abc\ndef", {1, 2}, 99, "   1 | abc\n     |  ^~\n"},
      {"abc\r\ndef", {1, 2}, 99, "   1 | abc\n     |  ^~\n"},
      {"abc", {1, 1}, 0, "   1 | abc\n     | ^\n"},
      {"\tab\tc", {1, 2}, 3, "   1 |  ab c\n     |  ^~~\n"},
      {"\xEF\xBB\xBF"
       "abc",
       {1, 4},
       2,
       "   1 | abc\n     | ^~\n"},
      {"\xEF\xBB\xBF"
       "abc",
       {1, 1},
       1,
       "   1 | abc\n     | ^\n"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(rendered(c.text, c.at, c.width), Location({source(c.text), c.at}).text() + ": error: wrong\n" + c.lines);
  }
}

TEST(Diagnostic, CaretCountsCharactersNotBytes) {
  EXPECT_EQ(rendered("\u00E4\u20AC\U0001F600x\u00E4y", {1, 10}, 3),
            "a.yaml:1:10: error: wrong\n"
            "   1 | \u00E4\u20AC\U0001F600x\u00E4y\n"
            "     |    ^~\n");
}

TEST(Diagnostic, MakesHostileTextHarmless) {
  EXPECT_EQ(rendered("a\x1b[31mb\x7F\xFF\xC2\x9B\u202E\u2066\u2028"
                     "c",
                     {1, 1}),
            "a.yaml:1:1: error: wrong\n"
            "   1 | a\uFFFD[31mb\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDc\n"
            "     | ^\n");
  const Diagnostic diagnostic{
      Severity::error, {source("x", "a\x1b.yaml"), {1, 1}}, 1, "key \"\x1b[2J\n\"" + std::string(5000, 'k'), "\x07"};
  EXPECT_EQ(diagnostic.render(false), "a\uFFFD.yaml:1:1: error: key \"\uFFFD[2J \"" + std::string(987, 'k') +
                                          "...\n   1 | x\n     | ^\n     = hint: \uFFFD\n");
}

/// The excerpt of a long line: how many columns it has, and what stands above the caret.
struct Cut {
  size_t columns;
  std::string marked;
  std::string begin, end;
};

Cut cut(const std::string& line, int column, size_t width) {
  const std::string text = rendered(line, {1, column}, width);
  const size_t first = text.find("   1 | ") + 7;
  const size_t second = text.find('\n', first);
  const std::string shown = text.substr(first, second - first);
  const std::string carets = text.substr(second + 8, text.rfind('\n') - second - 8);
  const size_t caret = carets.find('^');
  return {shown.size(), shown.substr(caret, carets.size() - caret), shown.substr(0, 3), shown.substr(shown.size() - 3)};
}

TEST(Diagnostic, CutsLongLinesAroundTheCaret) {
  std::string line(1'000'000, 'x');
  const auto expect = [&](int column, const std::string& begin, const std::string& end) {
    line.replace(static_cast<size_t>(column) - 1, 4, "HERE");
    const Cut c = cut(line, column, 4);
    EXPECT_EQ(c.marked, "HERE") << column;
    EXPECT_EQ(c.begin, begin) << column;
    EXPECT_EQ(c.end, end) << column;
    EXPECT_LE(c.columns, 126u) << column;
    EXPECT_GE(c.columns, 110u) << column;
    line.replace(static_cast<size_t>(column) - 1, 4, "xxxx");
  };
  expect(1, "HER", "...");
  expect(50, "xxx", "...");
  expect(79, "xxx", "...");
  expect(100, "...", "...");
  expect(500'000, "...", "...");
  expect(999'950, "...", "xxx");
  expect(999'997, "...", "ERE");
  EXPECT_EQ(cut(line, 500'000, 1'000'000).marked, std::string(60, 'x'));
  EXPECT_EQ(cut(std::string(120, 'x'), 120, 1).columns, 120u);
  EXPECT_EQ(cut(std::string(121, 'x'), 1, 1).columns, 123u);
}

TEST(Diagnostic, CutsBetweenCharacters) {
  std::string line;
  for (int i = 0; i < 1000; ++i) line += "\u20AC";
  const std::string text = rendered(line, {1, 1501});
  EXPECT_EQ(text.find("\uFFFD"), std::string::npos) << text;
}

TEST(Location, Text) {
  EXPECT_EQ(Location().text(), "");
  EXPECT_EQ((Location{source(""), {}}.text()), "a.yaml");
  EXPECT_EQ((Location{source(""), {7, 0}}.text()), "a.yaml:7");
  EXPECT_EQ((Location{source(""), {7, 3}}.text()), "a.yaml:7:3");
}

TEST(Diagnostics, CountsAndSorts) {
  Diagnostics diagnostics;
  EXPECT_FALSE(diagnostics.has_errors());
  EXPECT_EQ(diagnostics.render(false), "");
  const auto a = source("1\n2\n", "a");
  const auto b = source("1\n2\n", "b");
  diagnostics.warning({b, {1, 0}}, "b1");
  EXPECT_FALSE(diagnostics.has_errors());
  diagnostics.error({a, {2, 0}}, "a2", "hint");
  diagnostics.error({b, {0, 0}}, "b0");
  diagnostics.error({a, {1, 1}}, "a1 first");
  diagnostics.error({a, {1, 1}}, "a1 second");
  EXPECT_EQ(diagnostics.errors(), 4u);
  EXPECT_EQ(diagnostics.warnings(), 1u);
  EXPECT_EQ(diagnostics.all().front().message, "b1") << "kept in the order found";
  EXPECT_EQ(diagnostics.render(false),
            "a:1:1: error: a1 first\n   1 | 1\n     | ^\n"
            "a:1:1: error: a1 second\n   1 | 1\n     | ^\n"
            "a:2: error: a2\n   2 | 2\n     = hint: hint\n"
            "b: error: b0\n"
            "b:1: warning: b1\n   1 | 1\n");
}

TEST(Diagnostics, KeepsSomeAndCountsAll) {
  Diagnostics diagnostics;
  for (size_t i = 0; i < Diagnostics::diagnostics_max; ++i) diagnostics.warning({}, "w");
  EXPECT_EQ(diagnostics.render(false).find("left out"), std::string::npos);
  diagnostics.error({}, "e");
  EXPECT_TRUE(diagnostics.has_errors());
  EXPECT_EQ(diagnostics.all().size(), Diagnostics::diagnostics_max);
  EXPECT_TRUE(diagnostics.render(false).ends_with("warning: w\n1 more was left out\n"));
  diagnostics.error({}, "e");
  EXPECT_TRUE(diagnostics.render(false).ends_with("warning: w\n2 more were left out\n"));
}

TEST(Diagnostics, AddsAllOfOthers) {
  Diagnostics some;
  some.error({}, "first");
  Diagnostics others;
  others.warning({}, "second");
  for (size_t i = 0; i < 150; ++i) others.error({}, "e");
  some.add_all(others);
  EXPECT_EQ(some.errors(), 151u);
  EXPECT_EQ(some.warnings(), 1u);
  ASSERT_EQ(some.all().size(), Diagnostics::diagnostics_max);
  EXPECT_EQ(some.all()[1].message, "second");
  EXPECT_TRUE(some.render(false).ends_with("\n52 more were left out\n"));
}

TEST(Nearest, Table) {
  const std::vector<std::string> keys = {"when", "do", "respond", "status", "description", "body", "body-file"};
  const struct {
    std::string word;
    std::string nearest;
  } cases[] = {
      {"respnd", "respond"},    // a letter missing
      {"resspond", "respond"},  // one too many
      {"resbond", "respond"},   // a wrong one
      {"repsond", "respond"},   // two swapped
      {"Status", "status"},     // letter case
      {"DESCRIPTION", "description"},
      {"descripton", "description"},
      {"dscrptin", ""},              // three of eight is more than a third
      {"dscriptin", "description"},  // two of nine
      {"bdoy", "body"},
      {"bodyfile", "body-file"},
      {"dd", "do"},
      {"xx", ""},
      {"x", ""},
      {"", ""},
      {"zzzzzz", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(nearest(c.word, keys), c.nearest) << c.word;
  EXPECT_EQ(nearest("a", {"b"}), "") << "nothing of the word is left";
  EXPECT_EQ(nearest("ab", {"ax", "ay"}), "ax") << "the first of equals";
  EXPECT_EQ(nearest(std::string(1'000'000, 'x'), {std::string(1'000'000, 'x')}), "");
}

TEST(Suggestion, Table) {
  EXPECT_EQ(suggestion("respnd", {"when", "respond"}), "did you mean \"respond\"?");
  EXPECT_EQ(suggestion("xyz", {"when", "respond"}), "expected one of: when, respond");
  EXPECT_EQ(suggestion("xyz", {"ok", "when", "ok", "ok"}), "expected one of: ok, when") << "each once";
  EXPECT_EQ(suggestion("xyz", {}), "");
  std::vector<std::string> many;
  for (int i = 10; i < 22; ++i) many.push_back(std::to_string(i));
  EXPECT_EQ(suggestion("xyz", many), "expected one of: 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21");
  many.push_back("22");
  EXPECT_EQ(suggestion("xyz", many), "expected one of: 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, ...");
}

}  // namespace
}  // namespace counterpart::document

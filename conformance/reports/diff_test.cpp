#include "conformance/reports/diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/reports/test_report.h"
#include "engine/document/json.h"

namespace counterpart::conformance::reports {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

std::string diff_of(std::string_view expected, std::string_view actual) {
  return terminal_text(diff(*document::parse_json(expected), *document::parse_json(actual)), false);
}

bool differs(const Json& expected, const Json& actual) {
  const auto lines = diff(expected, actual);
  return std::any_of(lines.begin(), lines.end(), [](const DiffLine& line) {
    return line.kind == DiffLine::Kind::removed || line.kind == DiffLine::Kind::added;
  });
}

TEST(Diff, ShowsWhatDiffers) {
  const struct {
    std::string_view expected, actual, lines;
  } cases[] = {
      {"1", "1.0", "  1\n"},
      {"1", "\"1\"", "- 1\n+ \"1\"\n"},
      {R"({"a":1,"b":2})", R"({"b":2,"a":1})", "  {\"a\":1,\"b\":2}\n"},
      {R"({"a":1,"b":2})", R"({"b":3,"c":null})",
       "  {\n-   \"a\": 1\n-   \"b\": 2\n+   \"b\": 3\n+   \"c\": null\n  }\n"},
      {"[1,2,3]", "[1,3]", "  [\n    1\n-   2\n    3\n  ]\n"},
      {"[1,3]", "[0,1,2,3]", "  [\n+   0\n    1\n+   2\n    3\n  ]\n"},
      {R"([{"id":1,"n":"a"}])", R"([{"id":1,"n":"b"}])",
       "  [\n    {\n      \"id\": 1\n-     \"n\": \"a\"\n+     \"n\": \"b\"\n    }\n  ]\n"},
      {R"({"a":{}})", R"({"a":[]})", "  {\n-   \"a\": {}\n+   \"a\": []\n  }\n"},
      {R"({"a":[1,{"b":[true,false,"0123456789012345678901234567890123456789012345678901234567890"]}]})", "{}",
       "  {\n-   \"a\": [\n-     1\n-     {\n-       \"b\": [\n-         true\n-         false\n"
       "-         \"0123456789012345678901234567890123456789012345678901234567890\"\n-       ]\n-     }\n-   ]\n  }\n"},
      {"[2,{\"a\":1,\"b\":1}]", "[{\"b\":1.0,\"a\":1}]", "  [\n-   2\n    {\"a\":1,\"b\":1}\n  ]\n"},
  };
  for (const auto& c : cases) EXPECT_EQ(diff_of(c.expected, c.actual), c.lines) << c.expected << " " << c.actual;
}

TEST(Diff, CutsLongRunsThatAreEqual) {
  Json expected = Json::array(), actual = Json::array();
  for (int i = 0; i < 100; ++i) {
    expected.push_back({{"n", i}, {"long", std::string(70, 'x')}});
    actual.push_back(expected.back());
  }
  actual[50]["n"] = "x";
  const std::string text = terminal_text(diff(expected, actual), false);
  EXPECT_THAT(text, HasSubstr("    { … 2 equal lines }\n    … 184 equal lines\n    { … 2 equal lines }\n"));
  EXPECT_THAT(text, HasSubstr("-     \"n\": 50\n+     \"n\": \"x\"\n"));
  EXPECT_THAT(text, HasSubstr("… 180 equal lines\n"));
}

TEST(Diff, LongTextsAreShownWhereTheyPart) {
  const std::string same(5000, 'a');
  const auto lines = diff(Json(same + "old" + same), Json(same + "new" + same));
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[0].text, HasSubstr("aold"));
  EXPECT_THAT(lines[1].text, HasSubstr("anew"));
  EXPECT_LT(lines[0].text.size(), 200u);
}

TEST(Diff, IsBounded) {
  Json none = Json::array(), many = Json::array();
  for (int i = 0; i < 100'000; ++i) many.push_back(i);
  const auto lines = diff(none, many);
  EXPECT_EQ(lines.size(), diff_lines_max + 1);
  EXPECT_EQ(lines.back().text, "… the rest is left out");

  Json other = many;  // too large to align: place by place
  other.insert(other.begin(), -1);
  other.push_back(-2);
  EXPECT_THAT(terminal_text(diff(many, other), false), HasSubstr("-   0\n+   -1\n-   1\n+   0\n"));

  Json deep = 1, deeper = 2;
  for (int i = 0; i < 200; ++i) {
    deep = Json::array({deep, std::string(100, 'x')});
    deeper = Json::array({deeper, std::string(100, 'x')});
  }
  EXPECT_TRUE(differs(deep, deeper));
}

TEST(Diff, NothingFromAServerMarksOrBreaksALine) {
  const Json actual = {{std::string(hostile_terminal) + "\n+ key", std::string(hostile_html) + "\n- value\x7F"}};
  const std::string text = terminal_text(diff(Json::object(), actual), false);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  EXPECT_EQ(text.find_first_of("\x1b\x07\x7f\r\b\xC2"), std::string::npos) << text;
  const std::string html = html_text(diff(Json::object(), actual));
  EXPECT_THAT(html, HasSubstr("<span class=\"added\">+   &quot;"));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
}

TEST(Diff, Colours) {
  EXPECT_EQ(terminal_text(diff(1, 2), true, "  "), "  \x1b[31m- 1\x1b[0m\n  \x1b[32m+ 2\x1b[0m\n");
}

/// Whatever is compared: equal values show no difference, others do, and both sides can be had back from the lines.
TEST(Diff, LosesNothing) {
  const std::vector<int> alphabet{1, 2, 3};
  for (int a = 0; a < 243; ++a) {
    for (int b = 0; b < 243; b += 7) {
      const auto array_of = [](int number) {
        Json array = Json::array();
        for (; number > 0; number /= 3) array.push_back(number % 3);
        return array;
      };
      Json expected = array_of(a), actual = array_of(b), first = Json::array(), second = Json::array();
      if (expected == actual || expected.empty() || actual.empty()) continue;
      for (const DiffLine& line : diff(expected, actual)) {
        if (line.text == "[" || line.text == "]") continue;
        if (line.kind != DiffLine::Kind::added) first.push_back(std::stoi(line.text));
        if (line.kind != DiffLine::Kind::removed) second.push_back(std::stoi(line.text));
      }
      EXPECT_EQ(first, expected);
      EXPECT_EQ(second, actual);
    }
  }
}

}  // namespace
}  // namespace counterpart::conformance::reports

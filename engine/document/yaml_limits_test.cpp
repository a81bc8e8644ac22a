// Texts that are meant to hurt: each must be refused, or read, in bounded time and memory.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "engine/document/yaml.h"

namespace counterpart::document {
namespace {

std::string repeated(std::string_view text, size_t times) {
  std::string result;
  result.reserve(text.size() * times);
  for (size_t i = 0; i < times; ++i) result += text;
  return result;
}

/// The first error's place and message; "" for a text that is read.
std::string problem(std::string text) {
  Diagnostics diagnostics;
  const auto source = std::make_shared<const Source>(Source{"t", std::move(text)});
  const auto node = parse_yaml(source, diagnostics);
  EXPECT_EQ(node.has_value(), !diagnostics.has_errors());
  if (node) return {};
  return diagnostics.all()[0].where.text() + " " + diagnostics.all()[0].message;
}

constexpr size_t depth_max = yaml_depth_max;

TEST(YamlLimits, Depth) {
  EXPECT_EQ(problem(repeated("[", depth_max) + repeated("]", depth_max)), "");
  EXPECT_EQ(problem(repeated("[", depth_max + 1) + repeated("]", depth_max + 1)),
            "t:1:65 nested deeper than 64 levels");
  EXPECT_EQ(problem(repeated("{a: ", depth_max) + "1" + repeated("}", depth_max)), "");
  EXPECT_EQ(problem(repeated("{a: ", depth_max + 1) + repeated("}", depth_max + 1)),
            "t:1:257 nested deeper than 64 levels");
  EXPECT_EQ(problem(repeated("- ", depth_max) + "a"), "");
  EXPECT_EQ(problem(repeated("- ", 100'000) + "a"), "t:1:129 nested deeper than 64 levels");
  std::string stairs;
  for (size_t i = 0; i < 200; ++i) stairs += std::string(i, ' ') + "a:\n";
  EXPECT_EQ(problem(stairs), "t:65:65 nested deeper than 64 levels");
}

TEST(YamlLimits, DepthThroughAliases) {
  // 60 levels of one value, put 4 and 5 levels deep.
  const std::string deep = "a: &x " + repeated("[", 60) + repeated("]", 60) + "\n";
  EXPECT_EQ(problem(deep + "b: [[[*x]]]\n"), "");
  EXPECT_EQ(problem(deep + "b: [[[[*x]]]]\n"), "t:2:8 nested deeper than 64 levels");
}

TEST(YamlLimits, BillionLaughs) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string alias = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + repeated(alias + ", ", 9) + alias + "]\n";
  }
  EXPECT_EQ(problem(text), "t:6:45 more than 1000000 values, aliases expanded");
  EXPECT_EQ(problem("a: &a \"" + std::string(1'000'000, 'x') + "\"\nb: [" + repeated("*a, ", 200) + "]\n"),
            "t:2:269 more than 67108864 bytes of text, aliases expanded");
}

TEST(YamlLimits, CopiesForAliasesAreCounted) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "&a" + std::to_string(i) + " [";
  text += repeated("x, ", 20'000) + repeated("]", 60);
  EXPECT_NE(problem(text).find("too much is anchored"), std::string::npos);
}

TEST(YamlLimits, Nodes) {
  // A list of 1,000 nodes, 1,000 times over, in a list of one more.
  const std::string text =
      "- &x [" + repeated("1,", 999) + "]\n" + repeated("- *x\n", 998) + "- [" + repeated("1,", 998);
  EXPECT_EQ(problem(text + "]"), "");
  EXPECT_EQ(problem(text + "1]"), "t:1000:2000 more than 1000000 values, aliases expanded");
}

TEST(YamlLimits, Bytes) {
  EXPECT_EQ(problem(std::string(yaml_bytes_max + 1, ' ')), "t the text is larger than 16 MiB");
}

TEST(YamlLimits, Lookahead) {
  // The parser cannot tell a list from a key before its end, and would keep it all.
  const std::string too_large = "t:1:1 the value that begins here is too large to read";
  EXPECT_EQ(problem(repeated("[", yaml_lookahead_max + 1)), too_large);
  EXPECT_EQ(problem("[" + repeated("&a ", yaml_lookahead_max)), too_large);
  const std::string items = repeated("'[[[[[[[[[[[[[[[[[[[[[[[[[[[[',\n", 40'000);
  EXPECT_EQ(problem("[" + items + "]"), too_large);
  EXPECT_EQ(problem("k: [" + items + "]"), "") << "the value of a key is reported as it comes";
  EXPECT_EQ(problem("[" + repeated("a,\n", 50'000) + "]"), "");
}

TEST(YamlLimits, LongTexts) {
  constexpr size_t times = 100'000;
  EXPECT_EQ(problem(repeated("a", times)), "");
  EXPECT_EQ(problem("a: " + repeated("b ", times)), "");
  EXPECT_EQ(problem("a: b\n" + repeated("  c\n\n", times)), "");
  EXPECT_EQ(problem("a: |\n" + repeated("  c\n\n", times)), "");
  EXPECT_EQ(problem("a: >\n" + repeated("\n", times)), "");
  EXPECT_EQ(problem("a: \"" + repeated("\\x41", times) + "\""), "");
  EXPECT_EQ(problem(repeated("# x\n", times)), "");
  EXPECT_EQ(problem("\"" + repeated("a", times)), "t:1:1 this quote is never closed");
  EXPECT_EQ(problem(repeated("a", times) + ": b"), "t:1:100001 unexpected \":\" inside of a value");
}

TEST(YamlLimits, ManyKeys) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "k" + std::to_string(i) + ": 1\n";
  EXPECT_EQ(problem(text), "");
  EXPECT_EQ(problem(text + "k5000: 2\n"), "t:20001:1 duplicate key \"k5000\": it is already on line 5001");
}

/// Every node's place is inside of the text.
void check_places(const Node& node, const Source& source) {
  EXPECT_GE(node.at.line, 1);
  EXPECT_GE(node.at.column, 1);
  EXPECT_LE(static_cast<size_t>(node.at.line),
            1 + static_cast<size_t>(std::count(source.text.begin(), source.text.end(), '\n')));
  for (const Node& item : node.items) check_places(item, source);
  for (const Member& member : node.members) check_places(member.value, source);
}

TEST(YamlLimits, DamagedTextNeverHurts) {
  const std::string seed =
      "counterpart: 1\nlet: &x { a: [1, 2.5, \"x\\n\"], b: 'y' }\nrules:\n  - when: not a   # c\n    respond: b\n"
      "  - *x\nbody: |\n  {\n  \t\"a\": 1\n  }\ntext: >-\n  a\n  b\n? k\n: !!str v\nempty:\nlist:\n- ~\n-\n- - 1\n  - "
      "2\n";
  const std::string_view pieces[] = {
      "\t",    "\n",   " ",  ": ",   "- ",   "? ",           "[",      "]", "{",    "}",   ",",
      "&x ",   "*x ",  "\"", "'",    "|\n",  ">\n",          "!!str ", "!", "#",    "%",   "---\n",
      "...\n", "<<: ", "\\", "\r\n", "\xFF", "\xEF\xBB\xBF", "@",      "~", "null", "0x1", "\x04"};
  std::mt19937 random(7);
  int accepted = 0;
  for (int round = 0; round < 5'000; ++round) {
    std::string text = seed;
    for (unsigned edits = 1 + random() % 4; edits > 0 && !text.empty(); --edits) {
      const size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text.erase(at, 1 + random() % 8);
          break;
        case 1:
          text.insert(at, pieces[random() % std::size(pieces)]);
          break;
        case 2:
          text.insert(at, text.substr(random() % text.size(), random() % 20));
          break;
        default:
          text.resize(at + 1);
          break;
      }
    }
    Diagnostics diagnostics;
    const auto source = std::make_shared<const Source>(Source{"t", text});
    const auto node = parse_yaml(source, diagnostics);
    ASSERT_EQ(node.has_value(), !diagnostics.has_errors()) << text;
    ASSERT_FALSE(!node && diagnostics.render(true).empty());
    if (node) {
      ++accepted;
      check_places(*node, *source);
    }
    if (HasFailure()) FAIL() << text;
  }
  EXPECT_GT(accepted, 100) << "else the damage is too great to test anything";
}

}  // namespace
}  // namespace counterpart::document

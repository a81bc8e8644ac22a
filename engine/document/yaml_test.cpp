#include "engine/document/yaml.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

namespace counterpart::document {
namespace {

std::shared_ptr<const Source> source(std::string text) {
  return std::make_shared<const Source>(Source{"t.yaml", std::move(text)});
}

std::optional<Node> parsed(std::string text) {
  Diagnostics diagnostics;
  auto node = parse_yaml(source(std::move(text)), diagnostics);
  EXPECT_EQ(node.has_value(), !diagnostics.has_errors());
  EXPECT_EQ(diagnostics.render(false), "");
  return node;
}

std::string json(std::string text) {
  const auto node = parsed(std::move(text));
  return node ? node->to_json().dump() : "no document";
}

/// What the reader says about a broken text, without the file's name.
std::string errors(std::string text) {
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_yaml(source(std::move(text)), diagnostics));
  EXPECT_EQ(diagnostics.warnings(), 0u);
  std::string rendered = diagnostics.render(false);
  EXPECT_TRUE(rendered.starts_with("t.yaml:")) << rendered;
  for (size_t at; (at = rendered.find("t.yaml:")) != std::string::npos;) rendered.erase(at, 7);
  return rendered;
}

/// "1:1 map{1:1 a=1:4 1}": every node with its place.
std::string places(const Node& node) {
  std::string result = fmt::format("{}:{} ", node.at.line, node.at.column);
  if (node.is(Kind::list)) {
    result += "[";
    for (const Node& item : node.items) result += (&item == node.items.data() ? "" : ", ") + places(item);
    return result + "]";
  }
  if (node.is(Kind::map)) {
    result += "{";
    for (const Member& member : node.members) {
      result += fmt::format("{}{}:{} {}={}", &member == node.members.data() ? "" : ", ", member.key_at.line,
                            member.key_at.column, member.key, places(member.value));
    }
    return result + "}";
  }
  return result + (node.block ? "block " : "") + Json(node.text).dump();
}

TEST(ParseYaml, Values) {
  const struct {
    std::string_view text;
    std::string_view json;
  } cases[] = {
      {"", "null"},
      {"# only a comment\n", "null"},
      {"---\n", "null"},
      {"---\na: 1\n...\n", R"({"a":1})"},
      {"%YAML 1.2\n---\na: 1\n", R"({"a":1})"},
      {"text", R"("text")"},
      {"- 1\n- -2\n- 1.5\n- true\n- ~\n- x y\n-\n", R"([1,-2,1.5,true,null,"x y",null])"},
      {"z: 1\na: 2\nm: {y: 3, b: [4, 5]}\n", R"({"z":1,"a":2,"m":{"y":3,"b":[4,5]}})"},
      {"a: yes\nb: No\nc: on\nd: off\n", R"({"a":"yes","b":"No","c":"on","d":"off"})"},
      {"a: \"1\"\nb: 'true'\nc: \"null\"\nd: ''\n", R"({"a":"1","b":"true","c":"null","d":""})"},
      {"a: |\n  1\nb: >-\n  x\n  y\n", R"({"a":"1\n","b":"x y"})"},
      {"a: |2+\n    x\n\nb: 1\n", R"({"a":"  x\n\n","b":1})"},
      {"200: a\ntrue: b\nnull: c\n~: d\n\"\": e\n1.5: f\n",
       R"({"200":"a","true":"b","null":"c","~":"d","":"e","1.5":"f"})"},
      {"a: 9223372036854775808\nb: -9223372036854775808\n", R"({"a":9223372036854775808,"b":-9223372036854775808})"},
      {"a: !!str 1\nb: !!int \"2\"\nc: !!float 3\nd: !!bool 'true'\ne: !!null ''\nf: ! 4\n!!str g: 5\n",
       R"({"a":"1","b":2,"c":3.0,"d":true,"e":null,"f":"4","g":5})"},
      {"a: !!map {}\nb: !!seq []\nc: !!str\n", R"({"a":{},"b":[],"c":""})"},
      {"? a\n: 1\n? b\n", R"({"a":1,"b":null})"},
      {"{a, b: , \"c\":1}", R"({"a":null,"b":null,"c":1})"},
      {"[a: 1, {b: 2}, ]", R"([{"a":1},{"b":2}])"},
      {"a: &x [1, {b: &y 2}]\nc: *x\nd: *y\n", R"({"a":[1,{"b":2}],"c":[1,{"b":2}],"d":2})"},
      {"a: &x 1\nb: &x 2\nc: *x\n", R"({"a":1,"b":2,"c":2})"},
      {"&k a: *k\n", R"({"a":"a"})"},
      {"&n null: *n\n", R"({"null":"null"})"},
      {"a: &e\nb: *e\n", R"({"a":null,"b":null})"},
      {"\"<<\": 1\n", R"({"<<":1})"},
      {"a: \"\\Nx\\_\u00E4\\N\\_\\x85\\L\\P\"\n", "{\"a\":\"\u0085x\u00A0\u00E4\u0085\u00A0\u0085\u2028\u2029\"}"},
      {"\"\\_\": 1\n", "{\"\u00A0\":1}"},
      {"a: \"\\u00e4\\x41\\0\\U0001F600\"\n", "{\"a\":\"\u00E4A\\u0000\U0001F600\"}"},
      {"a: \"x \\\n  y\"\n", R"({"a":"x y"})"},
      {"a: it's\nb: say \"x\"\nc: 'it''s'\n", R"({"a":"it's","b":"say \"x\"","c":"it's"})"},
      {"\xEF\xBB\xBF"
       "a: 1\r\nb: x\r\n  y\r\nc: |\r\n  z\r\n",
       "{\"a\":1,\"b\":\"x y\",\"c\":\"z\\n\"}"},
      {"\u00E4: \u20AC\n", "{\"\u00E4\":\"\u20AC\"}"},
      // Tabs that do not indent
      {"a:\t1\nb: |\n  \tx\n  y\tz\n", R"({"a":1,"b":"\tx\ny\tz\n"})"},
      {"{\n\t\"a\": [\n\t\t1\n\t]\n}\n", R"({"a":[1]})"},
      {"a: [\n\t1,\n\t2 ]\n", R"({"a":[1,2]})"},
      {"a: 'x\ty'\t# c\nb:\t\n  - 1\n", R"({"a":"x\ty","b":[1]})"},
      {"-\ta\n- b\t\n", R"(["a","b"])"},
      {"a: [1]\n\t\n\t# comment\nb: 2\n", R"({"a":[1],"b":2})"},
  };
  for (const auto& c : cases) EXPECT_EQ(json(std::string(c.text)), c.json) << c.text;
}

TEST(ParseYaml, PlacesOfNodes) {
  const struct {
    std::string_view text;
    std::string_view places;
  } cases[] = {
      {"", "1:1 \"\""},
      {"\n\n  # c\nx", "4:1 \"x\""},
      {"a: 1\nb:\n  - x\n  - y: z\n", "1:1 {1:1 a=1:4 \"1\", 2:1 b=3:3 [3:5 \"x\", 4:5 {4:5 y=4:8 \"z\"}]}"},
      {"# c\n\nk:\n    - - 1\n      - 2\n", "3:1 {3:1 k=4:5 [4:7 [4:9 \"1\", 5:9 \"2\"]]}"},
      {"a: {b: [1, \"2\"]}", "1:1 {1:1 a=1:4 {1:5 b=1:8 [1:9 \"1\", 1:12 \"2\"]}}"},
      {"\u00E4: \u20AC", "1:1 {1:1 \u00E4=1:5 \"\u20AC\"}"},
      {"\xEF\xBB\xBF"
       "a: 1\r\nb: 2",
       "1:4 {1:4 a=1:7 \"1\", 2:1 b=2:4 \"2\"}"},
      {"a: |\n  x\nb: >\n  y\n", "1:1 {1:1 a=1:4 block \"x\\n\", 3:1 b=3:4 block \"y\\n\"}"},
      // Behind anchors and tags
      {"a: &x !!str |\n  x\n", "1:1 {1:1 a=1:13 block \"x\\n\"}"},
      {"&m # c\nk: &l\n  - 1\n", "2:1 {2:1 k=3:3 [3:5 \"1\"]}"},
      {"a: !<tag:yaml.org,2002:str> 1", "1:1 {1:1 a=1:29 \"1\"}"},
      {"&a k: 1", "1:4 {1:4 k=1:7 \"1\"}"},
      // An alias stands where its anchor does
      {"a: &x [1]\nb: *x", "1:1 {1:1 a=1:7 [1:8 \"1\"], 2:1 b=1:7 [1:8 \"1\"]}"},
      // Nulls as written, and empty values at their key or dash
      {"a: ~\nb: null\nc:\n\n# c\nd:", "1:1 {1:1 a=1:4 \"~\", 2:1 b=2:4 \"null\", 3:1 c=3:1 \"\", 6:1 d=6:1 \"\"}"},
      {"a:\nnull: 1", "1:1 {1:1 a=1:1 \"\", 2:1 null=2:7 \"1\"}"},
      {"- \n- # c\n\n#-\n- a\n-", "1:1 [1:1 \"\", 2:1 \"\", 5:3 \"a\", 6:1 \"\"]"},
      {"k:\n  -\n# - c\n  - b", "1:1 {1:1 k=2:3 [2:3 \"\", 4:5 \"b\"]}"},
      {"k:\n  - - \n    -\n  - b", "1:1 {1:1 k=2:3 [2:5 [2:5 \"\", 3:5 \"\"], 4:5 \"b\"]}"},
      {"a: !!str\nb: 1", "1:1 {1:1 a=1:4 \"\", 2:1 b=2:4 \"1\"}"},
      {"{a: , b}", "1:1 {1:2 a=1:2 \"\", 1:7 b=1:7 \"\"}"},
  };
  for (const auto& c : cases) {
    const auto node = parsed(std::string(c.text));
    ASSERT_TRUE(node) << c.text;
    EXPECT_EQ(places(*node), c.places) << c.text;
  }
}

TEST(ParseYaml, OnlyBlocksAreBlocks) {
  const auto node = parsed("a: |\n  x\nb: \"| x\"\nc: x |\nd: '>'\ne: !!str >-\n  y\n");
  std::string blocks;
  for (const Member& member : node->members) blocks += member.value.block ? member.key : "";
  EXPECT_EQ(blocks, "ae");
}

// One case a mistake; the whole report is asserted.
TEST(ParseYaml, RefusesWhatItsRulesForbid) {
  const struct {
    std::string text;
    std::string report;
  } cases[] = {
      {"a: 1\nbcd: 2\na: 3\nbcd: 4\n",
       "3:1: error: duplicate key \"a\": it is already on line 1\n   3 | a: 3\n     | ^\n"
       "4:1: error: duplicate key \"bcd\": it is already on line 2\n   4 | bcd: 4\n     | ^~~\n"},
      {"x: {a: 1, 'a': 2}\n",
       "1:11: error: duplicate key \"a\": it is already on line 1\n   1 | x: {a: 1, 'a': 2}\n     |           ^\n"},
      {"a: &x {b: 1}\nc:\n  <<: *x\n",
       "3:3: error: merge keys (<<) are not supported\n   3 |   <<: *x\n     |   ^~\n"
       "     = hint: write the members out, or use an alias for the whole value\n"},
      {"a: !secret x\nb: !<tag:yaml.org,2002:binary> eA==\n",
       "1:4: error: unknown tag !secret\n   1 | a: !secret x\n     |    ^~~~~~~\n"
       "     = hint: remove it; a value in quotes is always text\n"
       "2:4: error: unknown tag !!binary\n   2 | b: !<tag:yaml.org,2002:binary> eA==\n     |    ^~~~~~~~\n"
       "     = hint: remove it; a value in quotes is always text\n"},
      {"a: !!int x\nb: !!bool 1\n",
       "1:4: error: !!int says an integer, found text (x)\n   1 | a: !!int x\n     |    ^\n"
       "2:4: error: !!bool says a boolean, found an integer (1)\n   2 | b: !!bool 1\n     |    ^\n"},
      {"a: !!str [1]\nb: !!seq {c: 1}\n",
       "1:4: error: unexpected tag !!str on a list\n   1 | a: !!str [1]\n     |    ^\n     = hint: remove it\n"
       "2:4: error: unexpected tag !!seq on a map\n   2 | b: !!seq {c: 1}\n     |    ^\n     = hint: remove it\n"},
      {"!!int 1: a\n",
       "1:7: error: unexpected tag !!int on a key\n   1 | !!int 1: a\n     |       ^\n     = hint: a key is always "
       "text\n"},
      {"a: .inf\nb: .nan\nc: 1e400\n",
       "1:4: error: .inf is not a number in JSON\n   1 | a: .inf\n     |    ^~~~\n"
       "     = hint: put it in quotes to make it text\n"
       "2:4: error: .nan is not a number in JSON\n   2 | b: .nan\n     |    ^~~~\n"
       "     = hint: put it in quotes to make it text\n"
       "3:4: error: 1e400 is too large for a number\n   3 | c: 1e400\n     |    ^~~~~\n"
       "     = hint: put it in quotes to make it text\n"},
      {"? [a]\n: 1\n",
       "1:3: error: expected a key, found a list\n   1 | ? [a]\n     |   ^\n     = hint: a key is always text\n"},
      {"{{a: 1}: 2}",
       "1:2: error: expected a key, found a map\n   1 | {{a: 1}: 2}\n     |  ^\n     = hint: a key is always text\n"},
      {"a: &x y\n*x : 1\n",
       "2:1: error: expected a key, found an alias\n   2 | *x : 1\n     | ^\n     = hint: write the key out\n"},
      {"? |\n  k\n: v\n",
       "1:3: error: expected a key, found a block of text\n   1 | ? |\n     |   ^\n"
       "     = hint: write the key in double quotes, a line break as \\n\n"},
      {"a: 1\n: w\n",
       "2:1: error: expected a key here\n   2 | : w\n     | ^\n     = hint: an empty key is written \"\"\n"},
      {"{,}", "1:2: error: expected a key here\n   1 | {,}\n     |  ^\n     = hint: an empty key is written \"\"\n"},
      {"{\"a\n b\": 1}",
       "1:2: error: expected a key here\n   1 | {\"a\n     |  ^\n"
       "     = hint: a key is written on one line, in at most 1,024 characters\n"},
      {"[a, , b]",
       "1:5: error: expected an item before this\n   1 | [a, , b]\n     |     ^\n"
       "     = hint: a list has one comma between two items\n"},
      {"a: 1\n--- # c\nb: 2\n",
       "2:1: error: a second document begins here, expected one document a file\n   2 | --- # c\n     | ^~~\n"
       "     = hint: move it to a file of its own\n"},
      {"a: 1\n...\nb: 2\n",
       "3:1: error: unexpected text after the end of the document's value\n   3 | b: 2\n     | ^\n"
       "     = hint: check the indentation and the quotes; a list and a map cannot be mixed on one level\n"},
      {"[1] x\n",
       "1:5: error: unexpected text after the end of the document's value\n   1 | [1] x\n     |     ^\n"
       "     = hint: check the indentation and the quotes; a list and a map cannot be mixed on one level\n"},
      {"a: &x [*x]\n",
       "1:8: error: this alias stands inside of what it refers to\n   1 | a: &x [*x]\n     |        ^\n"
       "     = hint: a value cannot contain itself\n"},
      {"a: *x\n",
       "1:4: error: this alias refers to no anchor (&) before it\n   1 | a: *x\n     |    ^~\n"
       "     = hint: put text that begins with * in quotes\n"},
  };
  for (const auto& c : cases) EXPECT_EQ(errors(c.text), c.report) << c.text;
}

TEST(ParseYaml, RefusesTabsThatIndent) {
  const auto tab = [](int line, int column, const std::string& text, int caret) {
    return fmt::format(
        "{}:{}: error: a tab in the indentation\n   {} | {}\n     | {}^\n     = hint: indent with spaces\n", line,
        column, line, text, std::string(static_cast<size_t>(caret), ' '));
  };
  const struct {
    std::string text;
    std::string report;
  } cases[] = {
      {"\ta: 1\n", tab(1, 1, " a: 1", 0)},
      {"\tx\n", tab(1, 1, " x", 0)},
      {"a:\n\tb: 1\n", tab(2, 1, " b: 1", 0)},
      {"a:\n  \tb: 1\n", tab(2, 3, "   b: 1", 2)},
      {"a:\n\t- 1\n", tab(2, 1, " - 1", 0)},
      {"a:\n- 1\n\t- 2\n", tab(3, 1, " - 2", 0)},
      {"? a\n\t: b\n", tab(2, 1, " : b", 0)},
      {"a: 1\n\tb: 2\n", tab(2, 1, " b: 2", 0)},
      {"a:\n  b: 1\n\tc: 2\n", tab(3, 1, " c: 2", 0)},
      {"a:\n\t\"x\"\n", tab(2, 1, " \"x\"", 0)},
      {"a:\n\t[1]\n", tab(2, 1, " [1]", 0)},
      {"a: &x\n\t1\n", tab(2, 1, " 1", 0)},
      {"a: &x 1\nb:\n\t*x\n", tab(3, 1, " *x", 0)},
      {"a:\n\tnull\n", tab(2, 1, " null", 0)},
      {"a: |\n\tx\n", tab(2, 1, " x", 0)},
      {"- a:\n  -\tb: 1\n", tab(2, 4, "  - b: 1", 3)},
      // The parser takes a blank line for the end of a plain text only if no tab is on it.
      {"a: 1\n\t\nb: 2\n", tab(2, 1, " ", 0)},
  };
  for (const auto& c : cases) EXPECT_EQ(errors(c.text), c.report) << c.text;
}

TEST(ParseYaml, ExplainsSyntaxErrors) {
  const struct {
    std::string text;
    std::string report;
  } cases[] = {
      {"a: Not found: x\n",
       "1:13: error: unexpected \":\" inside of a value\n   1 | a: Not found: x\n     |             ^\n"
       "     = hint: put the whole value in quotes\n"},
      {"a: 1\nb: c: d\n",
       "2:5: error: unexpected \":\" inside of a value\n   2 | b: c: d\n     |     ^\n"
       "     = hint: put the whole value in quotes\n"},
      {"a:\n  b: 1\n   cd: 2\n",
       "3:4: error: unexpected key: the line before already has a value\n   3 |    cd: 2\n     |    ^~\n"
       "     = hint: check this line's indentation\n"},
      {"a: 1\nbc\nd: 2\n", "2:1: error: expected \":\" and a value after this key\n   2 | bc\n     | ^~\n"},
      {"a: 1\nbc\n", "2:1: error: expected \":\" after the key \"bc\"\n   2 | bc\n     | ^~\n"},
      {"a:\n  b: 1\n c: 2\n",
       "3:2: error: this line's indentation fits nothing above it\n   3 |  c: 2\n     |  ^\n"
       "     = hint: align it with the keys it belongs to\n"},
      {"a:\n    - 1\n  - 2\n",
       "3:3: error: unexpected list item: the lines above are a map on this level\n   3 |   - 2\n     |   ^\n"
       "     = hint: check the indentation\n"},
      {"a: 1\n- b\n",
       "2:1: error: unexpected list item: the lines above are a map on this level\n   2 | - b\n     | ^\n"
       "     = hint: check the indentation\n"},
      {"a: \"x\" y\n",
       "1:8: error: unexpected text after a value\n   1 | a: \"x\" y\n     |        ^\n"
       "     = hint: put the whole value in quotes, or close a quote that is open above\n"},
      {"a: \"x\nb: 1\n", "1:4: error: this quote is never closed\n   1 | a: \"x\n     |    ^\n"},
      {"a: \"x\\\"\n", "1:4: error: this quote is never closed\n   1 | a: \"x\\\"\n     |    ^\n"},
      {"a: # it 's\n  \"x", "2:3: error: this quote is never closed\n   2 |   \"x\n     |   ^\n"},
      {"a: 'x\nb: it''s", "1:4: error: this quote is never closed\n   1 | a: 'x\n     |    ^\n"},
      {"a: it's 'fine' # it's\nb: [\"c\", \"d]\ne: f",
       "2:10: error: this quote is never closed\n"
       "   2 | b: [\"c\", \"d]\n     |          ^\n"},
      {"a: [1, 2\nb: 3\n",
       "2:2: error: expected \",\" or \"]\" in the list that begins at line 1, column 4\n   2 | b: 3\n     |  ^\n"
       "     = hint: is it closed?\n"},
      {"a: {x: 1\nb: 3\n",
       "2:2: error: expected \",\" or \"}\" in the map that begins at line 1, column 4\n   2 | b: 3\n     |  ^\n"
       "     = hint: is it closed?\n"},
      {"a: {x: \"1\" y}\n",
       "1:12: error: expected \",\" or \"}\" in the map that begins at line 1, column 4\n   1 | a: {x: \"1\" y}\n"
       "     |            ^\n     = hint: put text with , [ ] { } or ? in quotes\n"},
      {"a: {x: http://y/?z}\n",
       "1:17: error: unexpected \"?\": no plain text begins with it\n   1 | a: {x: http://y/?z}\n"
       "     |                 ^\n     = hint: put the text in quotes\n"},
      {"a: @x\n",
       "1:4: error: unexpected \"@\": no plain text begins with it\n   1 | a: @x\n     |    ^\n"
       "     = hint: put the text in quotes\n"},
      {"a: x]\nb: ]\n",
       "2:4: error: unexpected \"]\": it closes nothing\n   2 | b: ]\n     |    ^\n     = hint: put the text in "
       "quotes\n"},
      {"a: - b\n",
       "1:4: error: unexpected list item\n   1 | a: - b\n     |    ^\n"
       "     = hint: begin the list on a line of its own, or write it as [a, b]\n"},
      {"a: |x\n  y\n",
       "1:5: error: unexpected text behind the mark of a block\n   1 | a: |x\n     |     ^\n"
       "     = hint: the block's text begins on the next line\n"},
      {"a: \"x\\qy\"\n",
       "1:6: error: invalid escape in double quotes\n   1 | a: \"x\\qy\"\n     |      ^~\n"
       "     = hint: write a backslash as \\\\, or use single quotes\n"},
      {"a: \"\\ud83d\\ude00\"\n",
       "1:5: error: invalid escape in double quotes\n   1 | a: \"\\ud83d\\ude00\"\n     |     ^~~~~~\n"
       "     = hint: half a surrogate pair is no character: write the character itself, or \\U and eight digits\n"},
      {"a: \"\\xzz\"\n",
       "1:5: error: invalid escape in double quotes\n   1 | a: \"\\xzz\"\n     |     ^~~~\n"
       "     = hint: \\x takes two, \\u four and \\U eight hexadecimal digits\n"},
      {"%YAML 9.0\n---\na: 1\n", "1:1: error: YAML major version too large\n   1 | %YAML 9.0\n     | ^\n"},
  };
  for (const auto& c : cases) EXPECT_EQ(errors(c.text), c.report) << c.text;
}

TEST(ParseYaml, RefusesBytesThatAreNoText) {
  const auto first_line = [](std::string text) {
    const std::string report = errors(std::move(text));
    return report.substr(0, report.find('\n'));
  };
  EXPECT_EQ(first_line("a: 1\nb: \xFF\n"), "2:4: error: invalid UTF-8 (byte 0xFF)");
  EXPECT_EQ(first_line("a: \xED\xA0\x80\n"), "1:4: error: invalid UTF-8 (byte 0xED)");
  EXPECT_EQ(first_line("a: \xE2\x82"), "1:4: error: invalid UTF-8 (byte 0xE2)");
  EXPECT_EQ(first_line(std::string("a: \0b\n", 6)), "1:4: error: unexpected control character (byte 0x00)");
  EXPECT_EQ(first_line("a: \x04 1\n"), "1:4: error: unexpected control character (byte 0x04)");
  EXPECT_EQ(first_line("# \x1b[2J\n"), "1:3: error: unexpected control character (byte 0x1B)");
  EXPECT_EQ(first_line("a: \x7F\n"), "1:4: error: unexpected control character (byte 0x7F)");
  EXPECT_EQ(first_line("a: 1\rb: 2\n"), "1:5: error: a carriage return without a line feed");
  EXPECT_EQ(first_line("\xFF\xFE"
                       "a"),
            "1:1: error: invalid UTF-8 (byte 0xFF)");
}

TEST(ParseYaml, CountsAllErrorsAndKeepsSome) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "a: 1\n";
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_yaml(source(text), diagnostics));
  EXPECT_EQ(diagnostics.errors(), 9'999u);
  EXPECT_EQ(diagnostics.all().size(), Diagnostics::diagnostics_max);
}

TEST(ParseYaml, ShortensWhatItQuotes) {
  Diagnostics diagnostics;
  const std::string key(1000, 'k');
  EXPECT_FALSE(parse_yaml(source(key + ": 1\n" + key + ": 2\n"), diagnostics));
  ASSERT_EQ(diagnostics.errors(), 1u);
  EXPECT_EQ(diagnostics.all()[0].message, "duplicate key \"" + key.substr(0, 60) + "...\": it is already on line 1");
}

TEST(ReadSource, Reads) {
  const std::string path = testing::TempDir() + "read_source.yaml";
  std::ofstream(path, std::ios::binary) << "a: 1\r\n";
  Diagnostics diagnostics;
  const auto read = read_source(path, diagnostics);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->name, path);
  EXPECT_EQ(read->text, "a: 1\r\n");
  EXPECT_FALSE(diagnostics.has_errors());
}

TEST(ReadSource, SaysWhyItCannot) {
  const auto report = [](const std::string& path) {
    Diagnostics diagnostics;
    EXPECT_FALSE(read_source(path, diagnostics));
    return diagnostics.render(false);
  };
  EXPECT_EQ(report("no/such/file.yaml"), "no/such/file.yaml: error: no such file\n");
  EXPECT_EQ(report("/"), "/: error: expected a regular file, found a folder\n");

  const std::string path = testing::TempDir() + "large.yaml";
  std::ofstream(path) << "";
  std::filesystem::resize_file(path, yaml_bytes_max + 1);
  EXPECT_EQ(report(path), path + ": error: the file is larger than 16 MiB\n");
  std::filesystem::resize_file(path, yaml_bytes_max);
  Diagnostics diagnostics;
  EXPECT_TRUE(read_source(path, diagnostics));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace counterpart::document

#include "engine/expression/template.h"

#include <gmock/gmock.h>

#include "engine/document/yaml.h"
#include "engine/expression/test_bench.h"

namespace counterpart::expression {
namespace {

struct TemplateTest : testing::Test {
  Bench bench;
  document::Diagnostics diagnostics;

  TemplateTest() {
    bench.values["n"] = 7;
    bench.values["name"] = "a\"b";
    bench.values["yes"] = true;
    bench.values["no"] = false;
    bench.values["nothing"] = nullptr;
    bench.values["object"] = Bench::Json::parse(R"({"z":[],"a":{},"m":null})");
    bench.values["rows"] = Bench::Json::parse(
        R"([{"id":1,"tags":["x","y"],"show":true},{"id":2,"tags":[],"show":false},{"id":3,"tags":["z"],"show":true}])");
    bench.collect("items", {}, "", R"([{"id":"a","s":"q\"","none":null},{"id":"b","s":"\u00e4","l":[1]}])");
  }

  Template compile(const std::string& yaml, Template::Form form = Template::Form::json) {
    bench.source = std::make_shared<document::Source>(document::Source{"c.yaml", yaml});
    const auto node = document::parse_yaml(bench.source, diagnostics);
    return node ? Template::compile(*node, form, bench.source, bench.program, diagnostics) : Template();
  }
  /// What the template gives; for an error, its place and reason.
  std::string render(const std::string& yaml, Template::Form form = Template::Form::json) {
    diagnostics = {};
    const Template made = compile(yaml, form);
    if (diagnostics.has_errors()) return diagnostics.render(false);
    try {
      Session session(bench.interpreter(), bench, bench.budget);
      std::string out = "before ";
      made.render(session, out);
      return out.substr(7);
    } catch (const Error& error) {
      return error.where().text() + " " + error.what();
    }
  }
};

struct Row {
  const char* yaml;
  const char* text;
};

TEST_F(TemplateTest, RendersJson) {
  const Row rows[] = {
      {"1", "1"},
      {"1.50", "1.5"},
      {"true", "true"},
      {"null", "null"},
      {"''", "\"\""},
      {"text", "\"text\""},
      {"'1'", "\"1\""},
      {"\"\\u00e4\\t\\\"\"", "\"\u00e4\\t\\\"\""},
      {"[]", "[]"},
      {"{}", "{}"},
      {"{b: [1, {c: x}], a: null}", R"({"b":[1,{"c":"x"}],"a":null})"},
      {"18446744073709551615", "18446744073709551615"},
      // Exactly one hole keeps the type; inside of text it is written as text.
      {"${n}", "7"},
      {"'${n}'", "7"},
      {"\"${name}\"", R"("a\"b")"},
      {"${nothing}", "null"},
      {"${nil}", "null"},
      {"${object}", R"({"z":[],"a":{},"m":null})"},
      {"x${n}", "\"x7\""},
      {"${n} ", "7"},  // YAML drops the space
      {"'${n} '", "\"7 \""},
      {"${n}${n}", "\"77\""},
      {"a ${name} b ${nothing}${nil} c ${yes}", R"("a a\"b b null c true")"},
      {"'${object}!'", R"("{\"z\":[],\"a\":{},\"m\":null}!")"},
      {"$${n}", "\"${n}\""},
      {"$$${n}", "\"$${n}\""},
      {"a $${n} ${n} $$ $", R"("a ${n} 7 $$ $")"},
      {"$", "\"$\""},
      {"'{}'", "\"{}\""},
      {"'${ n }'", "7"},
      // Braces and quotes inside of a hole.
      {"'${#{1, {2}, 3}}'", "3"},
      {"'${ {a = {b = 1}} }'", R"({"a":{"b":1}})"},
      {"'x${ ({a = {b = 1}}).a.b }y'", "\"x1y\""},
      {"\"${'}'}\"", "\"}\""},
      {"'${\"{\" .. \"}\"}'", "\"{}\""},
      {"\"${'\\\\'}' .. n}\"", R"("'}7")"},
      {"\"<${'${'}>\"", "\"<${>\""},
      {"{a: {b: 'x${n}', c: [1, '${n}']}, d: 2}", R"({"a":{"b":"x7","c":[1,7]},"d":2})"},
      {"['${n}', '${n}']", "[7,7]"},
      {"|\n  line ${n}\n  two\n", R"("line 7\ntwo\n")"},
      {">-\n  ${n\n  + 1}\n", "8"},
      {"{'k${n}\"': 1}", R"({"k${n}\"":1})"},  // keys are no templates
      {"${'\\xff\\xfe'}", "\"\ufffd\ufffd\""},
      {"a${'\\xc3'}b", "\"a\ufffdb\""},
      {"${'\\u{e4}'}${'\\0'}", "\"\u00e4\\u0000\""},
  };
  for (const Row& row : rows) EXPECT_EQ(render(row.yaml), row.text) << row.yaml;
}

TEST_F(TemplateTest, RendersText) {
  const Row rows[] = {
      {"plain", "plain"},
      {"1.50", "1.50"},
      {"true", "true"},
      {"''", ""},
      {"null", "null"},
      {"${n}", "7"},
      {"a ${name} b", "a a\"b b"},
      {"${nothing}", "null"},
      {"<${nil}>", "<>"},
      {"$${n}", "${n}"},
      {"${object}", R"({"z":[],"a":{},"m":null})"},
      {"${'\\xff'}", "\xff"},
      {"|\n  <p>${n}</p>\n", "<p>7</p>\n"},
  };
  for (const Row& row : rows) EXPECT_EQ(render(row.yaml, Template::Form::text), row.text) << row.yaml;
}

TEST_F(TemplateTest, WithoutHolesIsRenderedOnce) {
  const struct {
    const char* yaml;
    Template::Form form;
    const char* text;  ///< nullptr: not constant
  } rows[] = {
      {"{a: [1, x, {}], b: 'q\"'}", Template::Form::json, R"({"a":[1,"x",{}],"b":"q\""})"},
      {"$${n}", Template::Form::json, "\"${n}\""},
      {"text", Template::Form::text, "text"},
      {"$${n}", Template::Form::text, "${n}"},
      {"{a: '${n}'}", Template::Form::json, nullptr},
      {"{$map: rows, each(x): 1}", Template::Form::json, nullptr},
      {"{$if: yes, then: 1}", Template::Form::json, nullptr},
      {"${1}", Template::Form::text, nullptr},
  };
  for (const auto& row : rows) {
    const Template made = compile(row.yaml, row.form);
    EXPECT_EQ(made.is_constant(), row.text != nullptr) << row.yaml;
    if (row.text == nullptr) continue;
    EXPECT_EQ(made.text(), row.text);
  }
  EXPECT_TRUE(Template().is_constant());
  EXPECT_EQ(Template().text(), "");
  EXPECT_EQ(Template("${ready}").text(), "${ready}");
  EXPECT_EQ(diagnostics.render(false), "");
}

TEST_F(TemplateTest, Maps) {
  const Row rows[] = {
      {"{$map: rows, each(x): '${x.id}'}", "[1,2,3]"},
      {"{$map: '${rows}', each(x): '${x.id}'}", "[1,2,3]"},
      {"{$map: '{}', each(x): 1}", "[]"},
      {"{$map: range(3), each(x): {a: '${x}'}}", R"([{"a":1},{"a":2},{"a":3}])"},
      {"{$map: range(2), each(x): 'n${x}'}", R"(["n1","n2"])"},
      {"{$map: range(2), each(x): constant}", R"(["constant","constant"])"},
      {"{$map: rows, 'each(x, i)': '${i * 10 + x.id}'}", "[11,22,33]"},
      {"{$map: rows, 'each(x,i)': ['${i}', '${x.id}']}", "[[1,1],[2,2],[3,3]]"},
      {"{$map: rows, 'each( x , i )': '${i}'}", "[1,2,3]"},
      {"{$map: rows, each(x): {id: '${x.id}', t: {$map: x.tags, 'each(t, k)': '${x.id}${t}${k}'}}}",
       R"([{"id":1,"t":["1x1","1y2"]},{"id":2,"t":[]},{"id":3,"t":["3z1"]}])"},
      {"{$map: rows, each(x): {$map: x.tags, each(x): '${x}'}}", R"([["x","y"],[],["z"]])"},
      {"{$map: rows, 'each(x, i)': {$map: rows, 'each(y, j)': '${i * j}'}}", "[[1,2,3],[2,4,6],[3,6,9]]"},
      {"{a: {$map: range(2), each(x): '${x}'}, b: 1}", R"({"a":[1,2],"b":1})"},
      {"[{$map: range(2), each(x): '${x}'}, 3]", "[[1,2],3]"},
      // Fields of an element, read without Lua where they can be: it must make no difference.
      {"{$map: items, each(s): ['${s.id}', '${s.s}', '${s.none}', '${s.missing}', '${s.l}']}",
       "[[\"a\",\"q\\\"\",null,null,null],[\"b\",\"\u00e4\",null,null,[1]]]"},
      {"{$map: '{{id = 5}, {id = 6}}', each(s): '${s.id}'}", "[5,6]"},
      {"{$map: rows, each(s): {$map: s.tags, each(t): '${s.id}'}}", "[[1,1],[],[3]]"},
      {"{$map: items, each(s): '${s.id:upper()}'}", R"(["A","B"])"},
      {"{$map: items, each(s): '${s.id }'}", R"(["a","b"])"},
      {"{$map: items, each(s): '${s.id .. 1}'}", R"(["a1","b1"])"},
      {"{$map: items, each(id): '${id.id}'}", R"(["a","b"])"},
      {"{$map: rows, each(s): '${#s.tags}'}", "[2,0,1]"},
  };
  for (const Row& row : rows) EXPECT_EQ(render(row.yaml), row.text) << row.yaml;
}

TEST_F(TemplateTest, Conditions) {
  const Row rows[] = {
      {"{$if: yes, then: 1, else: 2}", "1"},
      {"{$if: no, then: 1, else: 2}", "2"},
      {"{$if: '${no}', then: 1, else: 2}", "2"},
      {"{$if: nil, then: 1, else: 2}", "2"},
      {"{$if: nothing, then: 1, else: 2}", "1"},  // null is neither nil nor false
      {"{$if: no, then: 1}", "null"},             // nothing to be left out of
      {"{$if: no, then: 1, else: null}", "null"},
      {"{a: {$if: yes, then: 1}, b: 2}", R"({"a":1,"b":2})"},
      {"{a: {$if: no, then: 1}, b: 2}", R"({"b":2})"},
      {"{a: 1, b: {$if: no, then: 2}}", R"({"a":1})"},
      {"{a: {$if: no, then: 1}, b: {$if: no, then: 2}}", "{}"},
      {"{a: {$if: no, then: 1}, b: {$if: yes, then: 2}, c: {$if: no, then: 3}, d: 4}", R"({"b":2,"d":4})"},
      {"[{$if: no, then: 1}, 2]", "[2]"},
      {"[1, {$if: no, then: 2}]", "[1]"},
      {"[{$if: no, then: 1}, {$if: yes, then: 2}, {$if: no, then: 3}]", "[2]"},
      {"[{$if: no, then: 1}]", "[]"},
      {"[1, {$if: no, then: 2, else: 3}, 4]", "[1,3,4]"},
      {"{$map: rows, each(x): {$if: x.show, then: '${x.id}'}}", "[1,3]"},
      {"{$map: rows, each(x): {$if: not x.show, then: '${x.id}'}}", "[2]"},
      {"{$map: rows, each(x): {$if: no, then: '${x.id}'}}", "[]"},
      {"{$map: rows, each(x): {id: {$if: x.show, then: '${x.id}'}, n: 1}}",
       R"([{"id":1,"n":1},{"n":1},{"id":3,"n":1}])"},
      // What is left out inside of a branch is left out of what is around.
      {"{a: {$if: yes, then: {$if: no, then: 1}}, b: 2}", R"({"b":2})"},
      {"{a: {$if: yes, then: {$if: no, then: 1}, else: 3}, b: 2}", R"({"b":2})"},
      {"{a: {$if: no, then: 1, else: {$if: no, then: 3}}, b: 2}", R"({"b":2})"},
      {"{a: {$if: yes, then: {$if: yes, then: 1}, else: 3}, b: 2}", R"({"a":1,"b":2})"},
      {"[{$if: no, then: 1, else: {$if: no, then: 3}}, 2]", "[2]"},
      {"{a: {b: {$if: no, then: 1}}}", R"({"a":{}})"},
      {"{then: 1, else: 2}", R"({"then":1,"else":2})"},
  };
  for (const Row& row : rows) EXPECT_EQ(render(row.yaml), row.text) << row.yaml;
}

TEST_F(TemplateTest, WhatIsWrongIsReportedWhereItStands) {
  const Row rows[] = {
      {"a: x ${n",
       "c.yaml:1:4: error: a ${ that no } closes\n   1 | a: x ${n\n     |    ^~\n     = hint: write $${ for the "
       "characters themselves\n"},
      {"a: \"${'it}\"",
       "c.yaml:1:5: error: a ${ that no } closes\n   1 | a: \"${'it}\"\n     |     ^~\n     = hint: write $${ for the "
       "characters themselves\n"},
      {"a: {each(x): 1}",
       "c.yaml:1:4: error: each(...) without $map\n   1 | a: {each(x): 1}\n     |    ^\n     = hint: write {$map: "
       "LIST, each(x): TEMPLATE}\n"},
      {"a: {$map: rows}",
       "c.yaml:1:4: error: $map without each(...)\n   1 | a: {$map: rows}\n     |    ^\n     = hint: write {$map: "
       "LIST, each(x): TEMPLATE}\n"},
      {"a: {$map: [1], each(x): 1}",
       "c.yaml:1:11: error: $map expects an expression, found a list\n   1 | a: {$map: [1], each(x): 1}\n     |        "
       "   ^\n"},
      {"a: {$map: '', each(x): 1}",
       "c.yaml:1:11: error: $map expects an expression, found text\n   1 | a: {$map: '', each(x): 1}\n     |           "
       "^\n"},
      {"a: {$map: rows, each(x): 1, each(y): 2}",
       "c.yaml:1:29: error: a second each(...) beside $map\n   1 | a: {$map: rows, each(x): 1, each(y): 2}\n     |     "
       "                        ^~~~~~~\n"},
      {"a: {$if: yes}", "c.yaml:1:4: error: $if without then\n   1 | a: {$if: yes}\n     |    ^\n"},
      {"a: {$if: yes, then: 1, otherwise: 2}",
       "c.yaml:1:24: error: unknown key \"otherwise\" beside $if\n   1 | a: {$if: yes, then: 1, otherwise: 2}\n     |  "
       "                      ^~~~~~~~~\n     = hint: expected then and else\n"},
      {"a: {$if: {}, then: 1}",
       "c.yaml:1:10: error: $if expects an expression, found a map\n   1 | a: {$if: {}, then: 1}\n     |          ^\n"},
  };
  for (const Row& row : rows) {
    diagnostics = {};
    compile(row.yaml);
    EXPECT_EQ(diagnostics.render(false), row.text) << row.yaml;
  }
  for (const char* key :
       {"each()", "each(1)", "each(x, y, z)", "each(x y)", "each(x,)", "each(x", "each(a.b)", "item"}) {
    diagnostics = {};
    compile("a: {$map: rows, \"" + std::string(key) + "\": 1, each(x): 1}");
    EXPECT_EQ(diagnostics.render(false),
              "c.yaml:1:17: error: unknown key \"" + std::string(key) + "\" beside $map\n   1 | a: {$map: rows, \"" +
                  key + "\": 1, each(x): 1}\n     |                 ^" + std::string(std::string(key).size() - 1, '~') +
                  "\n     = hint: expected each(x) or each(x, i)\n");
  }
  diagnostics = {};
  compile("[1]", Template::Form::text);
  compile("{$map: rows, each(x): 1}", Template::Form::text);
  EXPECT_EQ(diagnostics.render(false),
            "c.yaml:1:1: error: expected text, found a list\n   1 | [1]\n     | ^\n"
            "c.yaml:1:1: error: expected text, found a map\n   1 | {$map: rows, each(x): 1}\n     | ^\n");
}

TEST_F(TemplateTest, ErrorsNameTheLine) {
  bench.budget.cpu_ms = 60'000;  // sanitizers are slow
  const Row rows[] = {
      {"a: 1\nb: ${nope}", "c.yaml:2:6 nothing is named \"nope\""},
      {"a: 1\nb:\n  c: x ${nil + 1}", "c.yaml:3:10 attempt to perform arithmetic on a nil value"},
      {"a: |\n  one\n  two ${n}\n  three ${nope}\n", "c.yaml:4 nothing is named \"nope\""},
      {"a: |\n  one ${\n  nope\n  }\n  three\n", "c.yaml:3 nothing is named \"nope\""},
      {"a: |\n  ${n +\n  1}\n  three ${nope}\n", "c.yaml:4 nothing is named \"nope\""},
      {"$map: range(2)\neach(x): ${x.y}", "c.yaml:2:12 attempt to index a number value (local 'x')"},
      {"a: 1\nb: {$map: n, each(x): 1}", "c.yaml:2:11 expected a list, got number"},
      {"a: 1\nb:\n  $map: object\n  each(x): 1", "c.yaml:3:9 expected a list, got a map"},
      {"a: 1\nb:\n  $if: nope\n  then: 1", "c.yaml:3:8 nothing is named \"nope\""},
      {"a: ${string.sub}", "c.yaml:1:6 a function is not JSON"},
      {"b:\n  $map: range(1000000000)\n  each(x): 1", "c.yaml:2:9 used more than its 10000000 instructions"},
  };
  for (const Row& row : rows) EXPECT_EQ(render(row.yaml), row.text) << row.yaml;
}

TEST_F(TemplateTest, OutputIsLimited) {
  bench.values["big"] = std::string(1 << 20, 'x');
  bench.budget = {1'000'000'000'000, 64u << 20, 60'000};
  std::string many = "[";
  for (int i = 0; i < 70; ++i) many += "'${big}',";
  EXPECT_THAT(render(many + "1]").substr(0, 60), testing::MatchesRegex("c.yaml:1:57. rendered more than 64 MiB"))
      << "the 64th";
  EXPECT_EQ(render("$map: range(100)\neach(x): '${big}'"), "c.yaml:2:13 rendered more than 64 MiB");
  EXPECT_EQ(render("$map: range(100)\neach(x): 'a${big}'").substr(7), "2:14 rendered more than 64 MiB");
  EXPECT_EQ(render("$map: range(100000000)\neach(x): " + std::string(1000, 'c')),
            "c.yaml:1:7 rendered more than 64 MiB");
}

TEST_F(TemplateTest, ItemsComeOneByOne) {
  const Row rows[] = {
      {"{$map: range(3), each(i): {id: '${i}'}}", R"({"id":1};{"id":2};{"id":3};)"},
      {"{$map: rows, each(x): {$if: x.show, then: '${x.id}'}}", "1;3;"},
      {"{id: '${n}'}", R"({"id":7};)"},
      {"{id: 1}", R"({"id":1};)"},
      // A $map inside of one item is no list of items.
      {"{id: 1, tags: {$map: range(2), each(i): '${i}'}}", R"({"id":1,"tags":[1,2]};)"},
      {"[{$map: range(2), each(i): '${i}'}]", "[[1,2]];"},
  };
  for (const Row& row : rows) {
    const Template made = compile(row.yaml);
    Session session(bench.interpreter(), bench);
    std::string out;
    made.render_items(session, [&](std::string_view item) { (out += item) += ';'; });
    EXPECT_EQ(out, row.text) << row.yaml;
  }
}

TEST_F(TemplateTest, ManyPartsAndDeepOnes) {
  std::string deep = "'${n}'";
  for (int i = 0; i < 60; ++i) deep = (i % 2 == 0 ? "[" : "{a: ") + deep + (i % 2 == 0 ? "]" : "}");
  EXPECT_EQ(render(deep).size(), 60u / 2 * 2 + 60 / 2 * 6 + 1);
  std::string maps = "'${x}'";
  for (int i = 0; i < 30; ++i) maps = "{$map: range(1), each(x): " + maps + "}";
  EXPECT_EQ(render(maps), std::string(30, '[') + "1" + std::string(30, ']'));
  std::string wide = "[";
  for (int i = 0; i < 20'000; ++i) wide += "'${n}',";
  EXPECT_EQ(render(wide + "1]").size(), 40'003u);
}

}  // namespace
}  // namespace counterpart::expression

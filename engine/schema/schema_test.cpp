#include "engine/schema/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/schema/test_schemas.h"

namespace counterpart::schema {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Schema, GeneralKeywords) {
  check({
      {"type: 'null'", {"null"}, "0", {"must be null, is 0"}},
      {"type: null", {"null"}, "false", {"must be null, is false"}},
      {"type: boolean", {"true", "false"}, "\"true\"", {"must be a boolean, is \"true\""}},
      {"type: integer", {"1", "-1", "1.0", "18446744073709551615", "1e3"}, "1.5", {"must be an integer, is 1.5"}},
      {"type: number", {"1", "1.5"}, "\"1\"", {"must be a number, is \"1\""}},
      {"type: string", {"\"\""}, "1", {"must be a string, is 1"}},
      {"type: array", {"[]"}, "{}", {"must be an array, is an empty object"}},
      {"type: object", {"{}"}, "[1]", {"must be an object, is an array"}},
      {"type: [integer, 'null']", {"1", "null"}, "\"x\"", {"must be an integer or null, is \"x\""}},
      {"type: [integer, string, null]",
       {"1", "null", "\"\""},
       "[]",
       {"must be an integer, a string or null, is an empty array"}},
      {"const: 1", {"1", "1.0"}, "2", {"must be 1, is 2"}},
      {"const: null", {"null"}, "0", {"must be null, is 0"}},
      {"const: {a: [1, x]}", {R"({"a":[1.0,"x"]})"}, R"({"a":[1]})", {"must be an object, is an object"}},
      {"enum: [a, 1, null]", {"\"a\"", "1.0", "null"}, "\"b\"", {"must be one of \"a\", 1, null, is \"b\""}},
      {"enum: [a]", {"\"a\""}, "\"b\"", {"must be \"a\", is \"b\""}},
      {"enum: [1,2,3,4,5,6,7,8,9,10,11,12,13]",
       {"13"},
       "0",
       {"must be one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, ..., is 0"}},
      {"{}", {"null", "[1]"}, "1", {}},
      {"true", {"null"}, "1", {}},
      {"false", {}, "1", {"must be absent, is 1"}},
      {"title: t\ndescription: d\ndefault: 1\nexamples: [1]\ndeprecated: true\nreadOnly: true\nwriteOnly: "
       "false\n$comment: c",
       {"null"},
       "\"x\"",
       {}},
  });
}

TEST(Schema, NumberKeywords) {
  check({
      {"minimum: 1", {"1", "1.0", "2", "\"0\"", "null"}, "0.99", {"must be at least 1, is 0.99"}},
      {"maximum: 100", {"100", "-5"}, "101", {"must be at most 100, is 101"}},
      {"maximum: 9007199254740992",
       {"9007199254740992"},
       "9007199254740993",
       {"must be at most 9007199254740992, is 9007199254740993"}},
      {"minimum: 9223372036854775808",
       {"9223372036854775808", "1e30"},
       "9223372036854775807",
       {"must be at least 9223372036854775808, is 9223372036854775807"}},
      {"exclusiveMinimum: 1.5", {"1.6", "2"}, "1.5", {"must be more than 1.5, is 1.5"}},
      {"exclusiveMaximum: 3", {"2"}, "3.0", {"must be less than 3, is 3.0"}},
      {"multipleOf: 0.01", {"19.99", "0", "1", "\"x\""}, "0.005", {"must be a multiple of 0.01, is 0.005"}},
  });
}

TEST(Schema, StringKeywords) {
  check({
      {"minLength: 2",
       {"\"ab\"", "\"\\u00e4\\ud83d\\ude00\"", "1"},
       "\"\\ud83d\\ude00\"",
       {"must be at least 2 characters long, is 1"}},
      {"minLength: 1", {"\"a\""}, "\"\"", {"must be at least 1 character long, is 0"}},
      {"maxLength: 2.0",
       {"\"\"", "\"\\u20ac\\u20ac\"", "[1,2,3]"},
       "\"abc\"",
       {"must be at most 2 characters long, is 3"}},
      {"pattern: b+", {"\"abc\"", "\"b\"", "1"}, "\"ac\"", {"must be text that matches b+, is \"ac\""}},
      {"pattern: ^a.c$", {"\"a\\u20acc\""}, "\"xabc\\n\"", {"must be text that matches ^a.c$, is \"xabc\\n\""}},
      {"pattern: '^[\\u00e0-\\u00ff]\\\\u00e4\\/$'",
       {"\"\\u00e4\\\\u00e4/\""},
       "\"a\"",
       {"must be text that matches ^[\\u00e0-\\u00ff]\\\\u00e4\\/$, is \"a\""}},
      {"format: uuid",
       {"\"2eb8aa08-aa98-11ea-b4aa-73b441d16380\"", "1"},
       "\"2eb8\"",
       {"must be in the format uuid, is \"2eb8\""}},
      {"format: date-time",
       {"\"2024-03-15T14:30:00Z\""},
       "\"2024-03-15\"",
       {"must be in the format date-time, is \"2024-03-15\""}},
  });
}

TEST(Schema, ArrayKeywords) {
  check({
      {"minItems: 1", {"[0]", "{}", "\"\""}, "[]", {"must be at least 1 item long, is 0"}},
      {"maxItems: 2", {"[]", "[1,2]"}, "[1,2,3]", {"must be at most 2 items long, is 3"}},
      {"items: {type: integer}",
       {"[]", "[1,2]", "\"x\""},
       "[1,\"a\",2,null]",
       {"/1 must be an integer, is \"a\"", "/3 must be an integer, is null"}},
      {"items: {items: {maximum: 1}}", {"[[0],[]]"}, "[[0],[1,2]]", {"/1/1 must be at most 1, is 2"}},
      {"items: false", {"[]"}, "[1]", {"/0 must be absent, is 1"}},
  });
}

TEST(Schema, ObjectKeywords) {
  check({
      {"required: [a, b]",
       {R"({"a":null,"b":1,"c":2})", "[]"},
       R"({"b":1,"A":1})",
       {"must be an object with \"a\", is one without"}},
      {"properties: {a: {type: integer}, b: true}",
       {"{}", R"({"a":1,"b":2,"c":3})", "1"},
       R"({"b":1,"a":"x"})",
       {"/a must be an integer, is \"x\""}},
      {"properties: {a: false}", {"{}"}, R"({"a":1})", {"/a must be absent, is 1"}},
      {"properties: {a: {}}\nadditionalProperties: false",
       {"{}", R"({"a":1})", "1"},
       R"({"a":1,"b":2,"c":3})",
       {"/b must be absent, is 2", "/c must be absent, is 3"}},
      {"additionalProperties: {type: string}", {"{}", R"({"a":"1"})"}, R"({"a":1})", {"/a must be a string, is 1"}},
      {"properties: {'a/b~c': {const: 1}}", {R"({"a/b~c":1})"}, R"({"a/b~c":2})", {"/a~1b~0c must be 1, is 2"}},
  });
}

TEST(Schema, ReportsTheOutermostFirst) {
  const Schema schema =
      compiled("items: {properties: {a: {type: integer}}, type: object, required: [b]}\nmaxItems: 1\ntype: array");
  EXPECT_THAT(violations(schema, R"([{"a":"x"},1])"),
              ElementsAre("must be at most 1 item long, is 2", "/0 must be an object with \"b\", is one without",
                          "/0/a must be an integer, is \"x\"", "/1 must be an object, is 1"));
}

TEST(Schema, NamesThePlaceInTheSchema) {
  const Schema schema = compiled("properties: {a/b: {items: {type: integer}}}\nadditionalProperties: {const: 1}");
  const auto found = schema.validate(Json::parse(R"({"a/b":[1,"x"],"c":2})"));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].instance_path, "/a~1b/1");
  EXPECT_EQ(found[0].schema_path, "/properties/a~1b/items/type");
  EXPECT_EQ(found[0].expected, "an integer");
  EXPECT_EQ(found[0].actual, "\"x\"");
  EXPECT_EQ(found[1].instance_path, "/c");
  EXPECT_EQ(found[1].schema_path, "/additionalProperties/const");
}

TEST(Schema, ReportsNoMoreThanItsLimit) {
  const Schema schema = compiled("items: {type: integer, minimum: 5}\nadditionalProperties: false");
  Json list = Json::array();
  for (int i = 0; i < 100'000; ++i) list.push_back("x");
  EXPECT_EQ(schema.validate(list).size(), Schema::violations_max);
  Json object = Json::object();
  for (int i = 0; i < 100; ++i) object[std::to_string(i)] = 1;
  EXPECT_EQ(schema.validate(object).size(), Schema::violations_max);
}

TEST(Schema, TellsItsTypesAndItems) {
  const Schema schema = compiled("type: [array, 'null']\nitems: {type: integer}");
  EXPECT_THAT(schema.types(), ElementsAre("array", "null"));
  ASSERT_NE(schema.items(), nullptr);
  EXPECT_THAT(schema.items()->types(), ElementsAre("integer"));
  EXPECT_EQ(schema.items()->items(), nullptr);
  EXPECT_THAT(Schema().types(), IsEmpty());
  EXPECT_EQ(Schema().items(), nullptr);
  EXPECT_THAT(Schema().validate(1), IsEmpty());

  Schema moved = compiled("items: {type: string}");
  const Schema other = std::move(moved);
  EXPECT_THAT(other.items()->types(), ElementsAre("string"));
}

TEST(Schema, CompileErrors) {
  const struct {
    std::string_view schema;
    std::string_view report;
  } cases[] = {
      {"minimun: 1",
       "s:1:1: error: unknown keyword \"minimun\" in a schema\n   1 | minimun: 1\n     | ^~~~~~~\n"
       "     = hint: did you mean \"minimum\"?\n"},
      {"type: object\nproperties:\n  a: {oneOf: []}",
       "s:3:14: error: \"oneOf\" needs at least one schema\n   3 |   a: {oneOf: []}\n     |              ^\n"},
      {"type: int",
       "s:1:7: error: unknown type \"int\"\n   1 | type: int\n     |       ^~~\n     = hint: expected one of: null, "
       "boolean, integer, number, string, array, object\n"},
      {"type: [integer, strin]",
       "s:1:17: error: unknown type \"strin\"\n   1 | type: [integer, strin]\n     |                 ^~~~~\n"
       "     = hint: did you mean \"string\"?\n"},
      {"type: {}",
       "s:1:7: error: \"type\" must be a type's name or a list of them, found a map\n   1 | type: {}\n     |       "
       "^\n"},
      {"type: []",
       "s:1:7: error: \"type\" must be a type's name or a list of them, found a list\n   1 | type: []\n     |       "
       "^\n"},
      {"enum: a", "s:1:7: error: \"enum\" must be a list, found text\n   1 | enum: a\n     |       ^\n"},
      {"enum: []", "s:1:7: warning: an empty enum accepts nothing\n   1 | enum: []\n     |       ^\n"},
      {"maximum: \"100\"",
       "s:1:10: error: \"maximum\" must be a number, found text\n   1 | maximum: \"100\"\n     |          ^~~\n"},
      {"multipleOf: 0",
       "s:1:13: error: \"multipleOf\" must be above 0, found 0\n   1 | multipleOf: 0\n     |             ^\n"},
      {"minLength: -1",
       "s:1:12: error: \"minLength\" must be an integer of at least 0, found -1\n   1 | minLength: -1\n"
       "     |            ^~\n"},
      {"maxItems: 1.5",
       "s:1:11: error: \"maxItems\" must be an integer of at least 0, found 1.5\n   1 | maxItems: 1.5\n"
       "     |           ^~~\n"},
      {"minItems: many",
       "s:1:11: error: \"minItems\" must be an integer of at least 0, found text\n   1 | minItems: many\n"
       "     |           ^~~~\n"},
      {"pattern: a(?=b)",
       "s:1:10: error: the pattern uses lookahead, which RE2 does not have\n   1 | pattern: a(?=b)\n"
       "     |          ^~~~~~\n     = hint: patterns run in linear time (RE2): split it, or check it in a rule\n"},
      {"pattern: (?<!a)b",
       "s:1:10: error: the pattern uses lookbehind, which RE2 does not have\n   1 | pattern: (?<!a)b\n"
       "     |          ^~~~~~~\n     = hint: patterns run in linear time (RE2): split it, or check it in a rule\n"},
      {"pattern: (a)\\1",
       "s:1:10: error: the pattern uses references back to a group, which RE2 does not have\n   1 | pattern: (a)\\1\n"
       "     |          ^~~~~\n     = hint: patterns run in linear time (RE2): split it, or check it in a rule\n"},
      {"pattern: (a",
       "s:1:10: error: not a regular expression: missing ): (a\n   1 | pattern: (a\n     |          ^~\n"},
      {"pattern: ((a{100}){100}){100}",
       "s:1:10: error: not a regular expression: invalid repetition size: {100}\n"
       "   1 | pattern: ((a{100}){100}){100}\n     |          ^~~~~~~~~~~~~~~~~~~~\n"},
      {"pattern: \\pL{1000}",
       "s:1:10: error: the pattern is too large\n   1 | pattern: \\pL{1000}\n     |          ^~~~~~~~~\n"
       "     = hint: its repetitions multiply\n"},
      {"pattern: 1",
       "s:1:10: error: \"pattern\" must be text, found an integer\n   1 | pattern: 1\n     |          ^\n"},
      {"format: datetime",
       "s:1:9: warning: the format \"datetime\" is not known and not checked\n   1 | format: datetime\n"
       "     |         ^~~~~~~~\n     = hint: did you mean \"date-time\"?\n"},
      {"format: 1", "s:1:9: error: \"format\" must be text, found an integer\n   1 | format: 1\n     |         ^\n"},
      {"required: true",
       "s:1:11: error: \"required\" must be a list of names, found a boolean\n   1 | required: true\n"
       "     |           ^~~~\n"},
      {"required: [a, 1, a]",
       "s:1:15: error: expected a name, found an integer\n   1 | required: [a, 1, a]\n     |               ^\n"
       "     = hint: put it in quotes\n"
       "s:1:18: error: \"a\" is in this list twice\n   1 | required: [a, 1, a]\n     |                  ^\n"},
      {"properties: [a]",
       "s:1:13: error: \"properties\" must be a map of schemas, found a list\n   1 | properties: [a]\n"
       "     |             ^\n"},
      {"properties: {a: integer}",
       "s:1:17: error: expected a schema (a map, true or false), found text\n   1 | properties: {a: integer}\n"
       "     |                 ^\n"},
      {"items: [{}]",
       "s:1:8: error: expected a schema (a map, true or false), found a list\n   1 | items: [{}]\n     |        ^\n"
       "     = hint: a schema for each item is written \"prefixItems\"\n"},
      {"a: 1\ntype: x\nminimum: y",
       "s:1:1: error: unknown keyword \"a\" in a schema\n   1 | a: 1\n     | ^\n     = hint: expected one of: type, "
       "const, "
       "enum, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, minLength, maxLength, pattern, format, "
       "...\n"
       "s:2:7: error: unknown type \"x\"\n   2 | type: x\n     |       ^\n     = hint: expected one of: null, boolean, "
       "integer, number, string, array, object\n"
       "s:3:10: error: \"minimum\" must be a number, found text\n   3 | minimum: y\n     |          ^\n"},
  };
  for (const auto& c : cases) {
    Diagnostics diagnostics;
    compiled(c.schema, diagnostics);
    EXPECT_EQ(diagnostics.render(false), c.report) << c.schema;
  }
}

TEST(Schema, GoodKeywordsCountBesideBadOnes) {
  Diagnostics diagnostics;
  const Schema schema = compiled("minimun: 1\nmaximum: 5\npattern: (", diagnostics);
  EXPECT_EQ(diagnostics.errors(), 2u);
  EXPECT_THAT(violations(schema, "6"), ElementsAre("must be at most 5, is 6"));
  EXPECT_THAT(violations(schema, "0"), IsEmpty());
}

TEST(Schema, HostileInput) {
  // A pattern that kills std::regex, on a text that does.
  const std::string text = "\"" + std::string(200'000, 'a') + "\"";
  EXPECT_THAT(violations(compiled("pattern: ^(a|b)*$"), text), IsEmpty());
  EXPECT_EQ(violations(compiled("pattern: (a*)*(a*)*b$"), text).size(), 1u);

  Json object = Json::object();
  auto& members = object.get_ref<Json::object_t&>();
  for (int i = 0; i < 50'000; ++i) members.emplace_back("k" + std::to_string(i), i);
  const Schema schema =
      compiled("required: [k0, k49999]\nproperties: {k7: {const: 7}}\nadditionalProperties: {type: integer}");
  EXPECT_THAT(schema.validate(object), IsEmpty());
}

TEST(Schema, DepthIsLimited) {
  document::Node node;
  node.kind = document::Kind::map;
  for (int i = 0; i < 100; ++i) {
    document::Node outer;
    outer.kind = document::Kind::map;
    outer.members.push_back({"items", {}, std::move(node)});
    node = std::move(outer);
  }
  Diagnostics diagnostics;
  Schema::compile(node, nullptr, diagnostics);
  ASSERT_EQ(diagnostics.errors(), 1u);
  EXPECT_EQ(diagnostics.all()[0].message, "a schema nested deeper than 64 levels");
}

}  // namespace
}  // namespace counterpart::schema

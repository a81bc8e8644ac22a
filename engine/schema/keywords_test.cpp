// The keywords that apply schemas, and what is said of values that do not fit them; schema_test.cpp has the others.

#include "engine/schema/test_schemas.h"

namespace counterpart::schema {
namespace {

using ::testing::ElementsAre;

constexpr Options lenient{true, false, nullptr};

TEST(Keywords, Arrays) {
  check({
      {"uniqueItems: true",
       {"[]", "[1, 2, \"1\", true, null, [1], {\"a\":1}, [1, 2]]", "[0, false]", "[\"a\", [\"a\"]]", "1"},
       "[1, 2, 3, 2, 1.0]",
       {"must be a list of items that are all different, is one in which the items 1 and 3 are equal"}},
      {"uniqueItems: true",
       {R"([{"a":1,"b":2},{"a":2,"b":1}])", "[[\"ab\"],[\"a\",\"b\"]]", "[{\"a\":[]},{\"a\":{}}]"},
       R"([{"a":1,"b":2},{"b":2.0,"a":1}])",
       {"must be a list of items that are all different, is one in which the items 0 and 1 are equal"}},
      {"uniqueItems: false", {"[1,1]"}, "[]", {}},
      {"prefixItems: [{type: string}, {type: integer}]\nitems: {type: boolean}",
       {"[]", "[\"a\"]", "[\"a\", 1, true]"},
       "[1, \"a\", 1]",
       {"/0 must be a string, is 1", "/1 must be an integer, is \"a\"", "/2 must be a boolean, is 1"}},
      {"contains: {type: integer}",
       {"[\"a\", 1]", "{}"},
       "[\"a\"]",
       {"must be a list with at least 1 item as \"contains\" says, is one with 0"}},
      {"contains: {const: 1}\nminContains: 2\nmaxContains: 3",
       {"[1, 1]", "[1, 1, 1, 2]"},
       "[1, 1, 1, 1]",
       {"must be a list with at most 3 items as \"contains\" says, is one with 4"}},
      {"contains: {const: 1}\nminContains: 0", {"[]", "[2]"}, "[]", {}},
      {"$schema: 'http://json-schema.org/draft-07/schema#'\nitems: [{type: string}]\nadditionalItems: {type: integer}",
       {"[\"a\", 1]"},
       "[\"a\", \"b\"]",
       {"/1 must be an integer, is \"b\""}},
  });
}

TEST(Keywords, Objects) {
  check({
      {"minProperties: 1", {R"({"a":1})", "[]"}, "{}", {"must be an object of at least 1 property, is one of 0"}},
      {"maxProperties: 1", {"{}"}, R"({"a":1,"b":2})", {"must be an object of at most 1 property, is one of 2"}},
      {"propertyNames: {maxLength: 2}",
       {R"({"ab":1})", "{}", "\"abc\""},
       R"({"abc":1,"a":1,"abcd":2})",
       {"must be an object whose names are each at most 2 characters long, is one with the name \"abc\"",
        "must be an object whose names are each at most 2 characters long, is one with the name \"abcd\""}},
      {"dependentRequired: {a: [b, c]}",
       {"{}", R"({"b":1})", R"({"a":1,"b":1,"c":1})"},
       R"({"a":1,"c":1})",
       {"must be an object with \"b\", as it has \"a\", is one without"}},
      {"dependentSchemas: {a: {maxProperties: 1}}",
       {R"({"a":1})", R"({"b":1,"c":1})"},
       R"({"a":1,"b":1})",
       {"must be an object of at most 1 property, is one of 2"}},
      {"dependencies: {a: [b], c: {required: [d]}}",
       {R"({"a":1,"b":1})", R"({"c":1,"d":1})"},
       R"({"a":1,"c":1})",
       {"must be an object with \"b\", as it has \"a\", is one without",
        "must be an object with \"d\", is one without"}},
      {"patternProperties: {^x-: {type: string}}\nproperties: {a: {}}\nadditionalProperties: false",
       {R"({"a":1,"x-b":"c"})"},
       R"({"x-b":1,"c":1})",
       {"/x-b must be a string, is 1", "/c must be absent, is 1"}},
  });
}

TEST(Keywords, Logic) {
  check({
      {"allOf: [{type: integer}, {minimum: 3}]",
       {"3"},
       "2.5",
       {"must be an integer, is 2.5", "must be at least 3, is 2.5"}},
      {"not: {type: integer}", {"1.5"}, "1", {"must be other than \"not\" describes, is 1"}},
      {"if: {type: integer}\nthen: {minimum: 0}\nelse: {type: string}",
       {"0", "\"a\""},
       "-1",
       {"must be at least 0, is -1"}},
      {"if: {type: integer}\nelse: {type: string}", {"-1"}, "true", {"must be a string, is true"}},
      {"oneOf: [{multipleOf: 2}, {multipleOf: 3}]",
       {"2", "3"},
       "6",
       {"must be as exactly one of 2 schemas says, is as numbers 1 and 2 say"}},
      // What each has against the value itself is said at once
      {"anyOf: [{type: string}, {type: integer}]", {"1", "\"\""}, "true", {"must be a string or an integer, is true"}},
      {"oneOf: [{const: 1}, {const: 2}, {const: 1}]", {"2"}, "3", {"must be 1 or 2, is 3"}},
  });
}

TEST(Keywords, TheClosestAlternativeSaysWhatIsWrong) {
  constexpr std::string_view shapes = R"(
anyOf:
- type: object
  required: [radius]
  properties: { kind: { const: circle }, radius: { type: number } }
- type: object
  required: [side]
  properties: { kind: { const: square }, side: { type: number } }
- type: string
)";
  check({
      {shapes,
       {"\"none\"", R"({"kind":"circle","radius":1})"},
       R"({"kind":"square"})",
       {"must be as one of 3 schemas says, is closest to number 2", "must be an object with \"side\", is one without"}},
      // The constant says which is meant, although only it is wrong with the other
      {shapes,
       {R"({"kind":"circle","radius":1,"side":1})"},
       R"({"kind":"square","radius":1})",
       {"must be as one of 3 schemas says, is closest to number 2", "must be an object with \"side\", is one without"}},
      {shapes,
       {R"({"kind":"square","side":1})"},
       R"({"kind":"circle","radius":"x"})",
       {"must be as one of 3 schemas says, is closest to number 1", "/radius must be a number, is \"x\""}},
      {"properties: {a: {oneOf: [{items: {type: string}}, {maxItems: 1, items: {type: integer}}]}}",
       {"{\"a\":[\"x\"]}"},
       "{\"a\":[1,2,3]}",
       {"/a must be as one of 2 schemas says, is closest to number 1", "/a/0 must be a string, is 1",
        "/a/1 must be a string, is 2", "/a/2 must be a string, is 3"}},
  });
  const auto found = compiled(shapes).validate(Json::parse(R"({"kind":"square","side":"x"})"));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].schema_path, "/anyOf");
  EXPECT_EQ(found[1].schema_path, "/anyOf/1/properties/side/type");
}

TEST(Keywords, Unevaluated) {
  check({
      {"properties: {a: true}\nallOf: [{properties: {b: true}}, {anyOf: [{properties: {c: {const: 1}}}, true]}]\n"
       "unevaluatedProperties: false",
       {R"({"a":1,"b":1,"c":1})"},
       R"({"a":1,"b":1,"c":2,"d":1})",
       {"/c must be absent, is 2", "/d must be absent, is 1"}},
      {"prefixItems: [true]\ncontains: {const: 1}\nunevaluatedItems: {type: string}",
       {"[0, 1, \"a\", 1]"},
       "[0, 1, 2]",
       {"/2 must be a string, is 2"}},
      {"$ref: '#/$defs/a'\n$defs: {a: {properties: {x: true}}}\nunevaluatedProperties: false",
       {R"({"x":1})"},
       R"({"y":1})",
       {"/y must be absent, is 1"}},
      {"if: {required: [k]}\nthen: {properties: {k: true}}\nelse: {properties: {l: true}}\nunevaluatedProperties: "
       "false",
       {R"({"k":1})", R"({"l":1})"},
       R"({"k":1,"l":1})",
       {"/l must be absent, is 1"}},
  });
  // More than fit into a word, so that what is marked has to grow
  Json list = Json::array();
  for (int i = 0; i < 200; ++i) list.push_back(i % 2);
  const Schema schema = compiled("anyOf: [{contains: {const: 1}}]\nunevaluatedItems: {const: 0}");
  EXPECT_THAT(schema.validate(list), IsEmpty());
  list[150] = 2;
  ASSERT_EQ(schema.validate(list).size(), 1u);
  EXPECT_EQ(schema.validate(list)[0].instance_path, "/150");
}

TEST(Keywords, PathsGoThroughWhatApplies) {
  const Schema schema = compiled(
      "allOf: [{$ref: '#/$defs/a'}]\n$defs: {a: {patternProperties: {^x: {prefixItems: [{type: string}]}}}}\n"
      "if: true\nthen: {maxProperties: 1}");
  const auto found = schema.validate(Json::parse(R"({"x1":[1],"y":2})"));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].instance_path, "/x1/0");
  EXPECT_EQ(found[0].schema_path, "/allOf/0/$ref/patternProperties/^x/prefixItems/0/type");
  EXPECT_EQ(found[1].schema_path, "/then/maxProperties");
  const auto counted = compiled("contains: true\nmaxContains: 1").validate(Json::parse("[1,2]"));
  ASSERT_EQ(counted.size(), 1u);
  EXPECT_EQ(counted[0].schema_path, "/maxContains");
}

TEST(Keywords, Options) {
  constexpr std::string_view schema = "format: ipv4\nx-note: 1\ntype: string";
  Diagnostics diagnostics;
  compiled(schema, diagnostics);
  EXPECT_EQ(diagnostics.errors(), 1u);
  EXPECT_THAT(violations(compiled(schema, lenient), "\"x\""), ElementsAre("must be in the format ipv4, is \"x\""));
  EXPECT_THAT(violations(compiled(schema, {false, false, nullptr}), "\"x\""), IsEmpty());
}

TEST(Keywords, CompileErrors) {
  const struct {
    std::string_view schema;
    std::string_view report;
  } cases[] = {
      {"additionalItems: true",
       "s:1:1: error: the keyword \"additionalItems\" is not in draft 2020-12\n   1 | additionalItems: true\n"
       "     | ^~~~~~~~~~~~~~~\n     = hint: write \"items\" beside \"prefixItems\"\n"},
      {"$schema: 'http://json-schema.org/draft-07/schema#'\nprefixItems: [true]",
       "s:2:1: error: the keyword \"prefixItems\" is not in draft 7\n   2 | prefixItems: [true]\n     | ^~~~~~~~~~~\n"},
      {"$schema: 'http://json-schema.org/draft-07/schema#'\n$ref: '#/definitions/a'\ntype: string\ntitle: t\n"
       "definitions: {a: true}",
       "s:3:1: warning: \"type\" means nothing beside $ref in draft 7\n   3 | type: string\n     | ^~~~\n"},
      {"$schema: 'http://json-schema.org/draft-04/schema#'",
       "s:1:10: error: \"http://json-schema.org/draft-04/schema#\" is no draft of JSON Schema that is known\n"
       "   1 | $schema: 'http://json-schema.org/draft-04/schema#'\n"
       "     |          ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n"
       "     = hint: https://json-schema.org/draft/2020-12/schema and http://json-schema.org/draft-07/schema# are\n"},
      {"then: {}", "s:1:7: warning: this says nothing without \"if\"\n   1 | then: {}\n     |       ^\n"},
      {"minContains: 2",
       "s:1:14: warning: this says nothing without \"contains\"\n   1 | minContains: 2\n     |              ^\n"},
      {"anyOf: {}",
       "s:1:8: error: \"anyOf\" must be a list of schemas, found a map\n   1 | anyOf: {}\n     |        ^\n"},
      {"not: 1",
       "s:1:6: error: expected a schema (a map, true or false), found an integer\n   1 | not: 1\n     |      ^\n"},
      {"uniqueItems: 1",
       "s:1:14: error: \"uniqueItems\" must be true or false, found an integer\n   1 | uniqueItems: 1\n"
       "     |              ^\n"},
      {"dependentRequired: {a: b}",
       "s:1:24: error: \"dependentRequired\" must be a list of names, found text\n   1 | dependentRequired: {a: b}\n"
       "     |                        ^\n"},
      {"patternProperties: {'(?=a)': true}\nadditionalProperties: false",
       "s:1:21: error: the pattern uses lookahead, which RE2 does not have\n"
       "   1 | patternProperties: {'(?=a)': true}\n     |                     ^~~~~\n"
       "     = hint: patterns run in linear time (RE2): split it, or check it in a rule\n"},
      {"$defs: {a: {typ: string}}",
       "s:1:13: error: unknown keyword \"typ\" in a schema\n   1 | $defs: {a: {typ: string}}\n"
       "     |             ^~~\n     = hint: did you mean \"type\"?\n"},
      {"$anchor: 1a",
       "s:1:10: error: an anchor is a letter or \"_\", then letters, digits, \"-\", \"_\" and \".\"\n"
       "   1 | $anchor: 1a\n     |          ^~\n"},
  };
  for (const auto& c : cases) {
    Diagnostics diagnostics;
    compiled(c.schema, diagnostics);
    EXPECT_EQ(diagnostics.render(false), c.report) << c.schema;
  }
}

}  // namespace
}  // namespace counterpart::schema

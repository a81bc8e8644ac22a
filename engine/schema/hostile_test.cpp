// Values and schemas that are made to take long, or too much: each must end, and soon.

#include <fmt/format.h>

#include "engine/schema/test_schemas.h"

namespace counterpart::schema {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view too_long = "must be checked within 10000000 steps, is not done by then";
constexpr std::string_view too_deep = "must be checked with at most 1000 schemas within each other, is in need of more";

std::vector<std::string> violations_of(const Schema& schema, const Json& value) {
  std::vector<std::string> texts;
  for (const Violation& violation : schema.validate(value)) texts.push_back(violation.text());
  return texts;
}

/// [[[...]]] or {"a":{"a":...}}, without the recursion that copies make.
Json nested(int depth, bool as_object) {
  Json value = as_object ? Json::object() : Json::array();
  for (int i = 1; i < depth; ++i) {
    Json outer = as_object ? Json::object() : Json::array();
    if (as_object) {
      outer["a"] = std::move(value);
    } else {
      outer.push_back(std::move(value));
    }
    value = std::move(outer);
  }
  return value;
}

TEST(Hostile, DeepValues) {
  const Schema list = compiled("items: {$ref: '#'}");
  const Schema object = compiled("additionalProperties: {anyOf: [{$ref: '#'}]}");
  EXPECT_THAT(violations_of(list, nested(document::json_depth_max, false)), IsEmpty());
  EXPECT_THAT(violations_of(object, nested(document::json_depth_max, true)), IsEmpty());
  EXPECT_THAT(violations_of(list, nested(100'000, false)), ElementsAre(too_deep));
  EXPECT_THAT(violations_of(object, nested(100'000, true)), ElementsAre(too_deep));
}

TEST(Hostile, DeepValuesAreComparedNoDeeperThanTheyMayBe) {
  Json twins = Json::array();
  for (int i = 0; i < 2; ++i) twins.push_back(nested(100'000, i == 0));
  EXPECT_EQ(violations_of(compiled("uniqueItems: true"), twins).size(), 1u);
  EXPECT_EQ(violations_of(compiled("enum: [[[[1]]]]"), twins).size(), 1u);
  EXPECT_EQ(violations_of(compiled("enum: [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]"), twins).size(), 1u);
  EXPECT_EQ(violations_of(compiled("const: [[[1]]]"), twins).size(), 1u);
}

TEST(Hostile, TreesOfReferencesThatDouble) {
  for (const std::string_view keyword : {"allOf", "anyOf", "oneOf"}) {
    std::string yaml =
        fmt::format("$ref: '#/$defs/d60'\n$defs:\n  d0: {{type: {}}}\n", keyword == "anyOf" ? "string" : "integer");
    for (int i = 1; i <= 60; ++i) {
      yaml +=
          fmt::format("  d{}: {{{}: [{{$ref: '#/$defs/d{}'}}, {{$ref: '#/$defs/d{}'}}]}}\n", i, keyword, i - 1, i - 1);
    }
    EXPECT_THAT(violations_of(compiled(yaml), 1), ElementsAre(too_long)) << keyword;
  }
}

TEST(Hostile, WorkThatIsOverIsNoFit) {
  std::string yaml = "not: {$ref: '#/$defs/d60'}\n$defs:\n  d0: {type: string}\n";
  for (int i = 1; i <= 60; ++i) {
    yaml += fmt::format("  d{}: {{anyOf: [{{$ref: '#/$defs/d{}'}}, {{$ref: '#/$defs/d{}'}}]}}\n", i, i - 1, i - 1);
  }
  EXPECT_THAT(violations_of(compiled(yaml), 1), ElementsAre(too_long));
}

TEST(Hostile, DynamicReferencesThatLeadBack) {
  Diagnostics diagnostics;
  const Schema schema = compiled("$dynamicAnchor: a\nallOf: [{$dynamicRef: '#a'}]", diagnostics);
  EXPECT_THAT(violations_of(schema, 1), ElementsAre(too_deep));
}

TEST(Hostile, LongTexts) {
  const std::string text(1 << 20, 'a');
  EXPECT_THAT(violations_of(compiled("pattern: '^(a|aa)+$'\nmaxLength: 1048576"), text), IsEmpty());
  EXPECT_EQ(violations_of(compiled("pattern: '^(a|aa)+b$'"), text).size(), 1u);
  for (const std::string_view format :
       {"date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6",
        "uuid", "relative-json-pointer", "uri", "iri", "json-pointer"}) {
    EXPECT_EQ(violations_of(compiled(fmt::format("format: {}", format)), text).size(), 1u) << format;
  }
  const std::string parens(1 << 20, '(');
  EXPECT_EQ(violations_of(compiled("format: regex"), parens).size(), 1u);
  EXPECT_EQ(violations_of(compiled("format: uri-template"), std::string(1 << 20, '{')).size(), 1u);
}

TEST(Hostile, ManyPatternsOverALongText) {
  std::string yaml = "allOf:\n";
  for (int i = 0; i < 1'000; ++i) yaml += fmt::format("- {{pattern: '(a|b){{{}}}c?$'}}\n", 1 + i % 50);
  EXPECT_THAT(violations_of(compiled(yaml), std::string(1 << 20, 'a')), ElementsAre(too_long));
}

TEST(Hostile, ManyItems) {
  constexpr int count = 100'000;
  Json list = Json::array();
  for (int i = 0; i < count; ++i) list.push_back(i % 2 == 0 ? Json(i) : Json{{"id", i}, {"tags", {"a", "b"}}});
  const Schema unique = compiled("uniqueItems: true");
  EXPECT_THAT(violations_of(unique, list), IsEmpty());
  list.push_back(Json{{"tags", {"a", "b"}}, {"id", 5.0}});
  EXPECT_THAT(
      violations_of(unique, list),
      ElementsAre("must be a list of items that are all different, is one in which the items 5 and 100000 are equal"));
}

TEST(Hostile, ManyConstants) {
  std::string yaml = "items:\n  enum:\n";
  constexpr int count = 50'000;
  for (int i = 0; i < count; ++i) yaml += fmt::format("  - name-{}\n", i);
  yaml += "  - {a: [1, 2]}\n";
  const Schema schema = compiled(yaml);
  Json list = Json::array();
  for (int i = 0; i < count; ++i) list.push_back(fmt::format("name-{}", i));
  list.push_back(Json{{"a", {1.0, 2}}});
  EXPECT_THAT(violations_of(schema, list), IsEmpty());
  list.push_back("name-");
  EXPECT_EQ(violations_of(schema, list).size(), 1u);
}

TEST(Hostile, ManyMembers) {
  Json object = Json::object();
  auto& members = object.get_ref<Json::object_t&>();
  for (int i = 0; i < 50'000; ++i) members.emplace_back("k" + std::to_string(i), i);
  const Schema schema = compiled(
      "dependentRequired: {k1: [k49999], k2: [k0]}\nminProperties: 3\npatternProperties: {'^k[0-9]+$': {minimum: 0}}\n"
      "unevaluatedProperties: false\npropertyNames: {maxLength: 6}");
  EXPECT_THAT(violations_of(schema, object), IsEmpty());
}

}  // namespace
}  // namespace counterpart::schema

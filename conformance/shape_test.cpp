#include "conformance/shape.h"

#include <gtest/gtest.h>

#include "engine/document/json.h"
#include "engine/document/yaml.h"

namespace counterpart::conformance {

namespace {

Shape shape_of(const std::string& yaml, const std::set<std::string>& volatiles = {}) {
  document::Diagnostics diagnostics;
  const auto node =
      document::parse_yaml(std::make_shared<const document::Source>(document::Source{"x.yaml", yaml}), diagnostics);
  EXPECT_EQ(diagnostics.render(false), "");
  return Shape::of(*node, volatiles);
}

std::string shown(const std::optional<Difference>& difference) {
  if (!difference) return "";
  return difference->path + (difference->literal ? " literal " : " structure ") + difference->expected;
}

struct Row {
  const char* name;
  const char* shape;
  const char* value;
  const char* difference;  ///< "": it fits
};

class Shaped : public testing::TestWithParam<Row> {};

TEST_P(Shaped, ShowTheFirstDifference) {
  const auto value = document::parse_json(GetParam().value);
  ASSERT_TRUE(value);
  EXPECT_EQ(shown(shape_of(GetParam().shape).difference(*value)), GetParam().difference);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Shaped,
    testing::Values(
        Row{"a_literal", "{ a: 1, b: [x, null] }", R"({"b":["x",null],"a":1.0})", ""},
        Row{"another_literal", "{ a: 1 }", R"({"a":2})", "/a literal 1"},
        Row{"quoted_numbers_are_text", "{ a: \"1\" }", R"({"a":1})", "/a literal \"1\""},
        Row{"a_field_less", "{ a: 1, b: 2 }", R"({"a":1})", "/b structure a field"},
        Row{"a_field_more", "{ a: 1 }", R"({"a":1,"~b/":2})", "/~0b~1 structure no such field"},
        Row{"no_map", "{ a: 1 }", "[]", " structure a map"}, Row{"a_hole", "{ a: \"${x}\" }", R"({"a":{"b":[1]}})", ""},
        Row{"text_with_holes", "\"a ${x} b ${y}\"", R"("a 1 b 2")", ""},
        Row{"text_with_holes_wrong", "\"a ${x} b ${y}\"", R"("a 1 c 2")", " literal \"a ... b ...\""},
        Row{"text_that_overlaps", "\"ab${x}bc\"", R"("abc")", " literal \"ab...bc\""},
        Row{"holes_side_by_side", "\"${x}${y}-\"", R"("12-")", ""},
        Row{"text_that_is_none", "\"a ${x}\"", "1", " structure text"}, Row{"a_list", "[1, \"${x}\"]", "[1, 2]", ""},
        Row{"a_list_too_long", "[1]", "[1, 2]", " structure a list of 1"},
        Row{"each", "{ $map: l, each(x): { id: \"${x}\", k: v } }", R"([{"id":1,"k":"v"},{"id":2,"k":"v"}])", ""},
        Row{"each_wrong", "{ $map: l, each(x): { k: v } }", R"([{"k":"v"},{"k":"w"}])", "/*/k literal \"v\""},
        Row{"each_of_no_list", "{ $map: l, each(x): 1 }", "{}", " structure a list"},
        Row{"a_choice", "{ a: { $if: c, then: 1, else: 2 } }", R"({"a":2})", ""},
        Row{"no_branch", "{ a: { $if: c, then: 1, else: 2 } }", R"({"a":3})", "/a literal 1"},
        Row{"no_else_may_be_left_out", "{ a: { $if: c, then: 1 } }", "{}", ""},
        Row{"an_else_may_not", "{ a: { $if: c, then: 1, else: 2 } }", "{}", "/a structure a field"},
        Row{"a_dollar", "\"$${x}\"", R"("${x}")", ""}),
    [](const auto& row) { return row.param.name; });

TEST(ShapeTest, PredictionsDisagreeButWhereNothingCanBePredicted) {
  const Shape shape = shape_of("{ id: \"${uuid()}\", n: \"${count}\", l: { $map: x, each(y): \"${y}\" } }", {"uuid"});
  const Json predicted = {{"id", "a"}, {"n", 1}, {"l", {1, 2}}};
  EXPECT_EQ(shown(shape.disagreement(predicted, {{"id", "b"}, {"n", 1}, {"l", {1, 2}}})), "");
  EXPECT_EQ(shown(shape.disagreement(predicted, {{"id", "a"}, {"n", 2}, {"l", {1, 2}}})), "/n structure 1");
  EXPECT_EQ(shown(shape.disagreement(predicted, {{"id", "a"}, {"n", 1}, {"l", {1}}})), "/l structure 2 items");
  EXPECT_EQ(shown(shape.disagreement(predicted, {{"id", "a"}, {"n", 1}, {"l", {1, 3}}})), "/l/* structure 2");
}

TEST(ShapeTest, PredictionsDisagreeInsideOfChoices) {
  const Shape shape = shape_of(
      "{ a: { $if: c, then: { id: \"${uuid()}\", n: \"${count}\" }, else: none }, b: { $if: \"uuid() == c\", then: 1 } "
      "}",
      {"uuid"});
  const auto body = [](const char* id, int n) { return Json{{"a", {{"id", id}, {"n", n}}}}; };
  const Json without = {{"a", "none"}};
  Json with_b = body("x", 1);
  with_b["b"] = 1;
  EXPECT_EQ(shown(shape.disagreement(body("x", 1), body("y", 1))), "");
  EXPECT_EQ(shown(shape.disagreement(body("x", 1), body("y", 2))), "/a/n structure 1");
  EXPECT_EQ(shown(shape.disagreement(without, without)), "");
  EXPECT_EQ(shown(shape.disagreement(without, body("x", 1))), "/a structure \"none\"");
  EXPECT_EQ(shown(shape.disagreement(body("x", 1), with_b)), "");
  EXPECT_EQ(shown(shape.disagreement(with_b, body("x", 1))), "");
}

TEST(ShapeTest, WhatIsNotThereIsNoNull) {
  const Shape shape = shape_of("{ a: { b: 1 } }");
  EXPECT_EQ(shape.difference(Json::object())->actual, std::nullopt);
  EXPECT_EQ(shape.disagreement({{"a", {{"b", 1}}}}, {{"a", Json::object()}})->actual, std::nullopt);
  EXPECT_EQ(shape.difference({{"a", nullptr}})->actual, Json());
}

TEST(ShapeTest, LiteralsTellResponsesApart) {
  const Json body = {{"success", false}, {"message", "no"}};
  EXPECT_GT(shape_of("{ success: false, message: no }").likeness(body),
            shape_of("{ success: true, message: \"${m}\" }").likeness(body));
  EXPECT_GT(shape_of("{ success: false, message: other }").likeness(body), shape_of("{ data: 1 }").likeness(body));
}

}  // namespace

}  // namespace counterpart::conformance

#include "engine/document/node.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace counterpart::document {
namespace {

Node scalar(Kind kind) {
  Node node;
  node.kind = kind;
  return node;
}

TEST(Node, ToJson) {
  Node map = scalar(Kind::map);
  const auto add = [&map](std::string key, Node value) {
    map.members.push_back({std::move(key), {}, std::move(value)});
  };
  add("null", scalar(Kind::null));
  add("boolean", scalar(Kind::boolean));
  map.members.back().value.boolean = true;
  add("integer", scalar(Kind::integer));
  map.members.back().value.integer = std::numeric_limits<uint64_t>::max();
  add("negative", scalar(Kind::integer));
  map.members.back().value.integer = static_cast<uint64_t>(-5);
  map.members.back().value.negative = true;
  add("real", scalar(Kind::real));
  map.members.back().value.real = 0.5;
  add("text", scalar(Kind::text));
  map.members.back().value.text = "t";
  add("list", scalar(Kind::list));
  map.members.back().value.items = {scalar(Kind::null), scalar(Kind::list)};
  add("a", scalar(Kind::map));
  EXPECT_EQ(map.to_json().dump(),
            R"({"null":null,"boolean":true,"integer":18446744073709551615,"negative":-5,"real":0.5,"text":"t",)"
            R"("list":[null,[]],"a":{}})");
}

TEST(Node, Find) {
  Node map = scalar(Kind::map);
  map.members.push_back({"a", {}, scalar(Kind::null)});
  map.members.push_back({"b", {}, scalar(Kind::list)});
  EXPECT_EQ(map.find("b"), &map.members[1].value);
  EXPECT_EQ(map.find("c"), nullptr);
  EXPECT_EQ(scalar(Kind::text).find("a"), nullptr);
}

TEST(Node, NamesOfKinds) {
  EXPECT_EQ(name_of(Kind::null), "null");
  EXPECT_EQ(name_of(Kind::boolean), "a boolean");
  EXPECT_EQ(name_of(Kind::integer), "an integer");
  EXPECT_EQ(name_of(Kind::real), "a number");
  EXPECT_EQ(name_of(Kind::text), "text");
  EXPECT_EQ(name_of(Kind::list), "a list");
  EXPECT_EQ(name_of(Kind::map), "a map");
}

}  // namespace
}  // namespace counterpart::document

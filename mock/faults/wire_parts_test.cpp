#include "mock/faults/wire_parts.h"

#include <gtest/gtest.h>

#include "mock/faults/test_fault.h"

namespace counterpart::mock::faults {
namespace {

TEST(Offset, PercentIsExact) {
  const struct {
    const char* percent;
    size_t body_bytes;
    size_t place;
  } cases[] = {
      {"8.2%", 500, 41}, {"33.3%", 1000, 333},          {"33.3%", 1001, 333}, {"100%", 50'000'000, 50'000'000},
      {"0.1%", 999, 0},  {"0.000001%", 100'000'000, 1},
  };
  for (const auto& c : cases) {
    document::Diagnostics diagnostics;
    document::Node node;
    node.kind = document::Kind::text;
    node.text = c.percent;
    const Offset offset = load_offset(&node, {nullptr, diagnostics});
    EXPECT_EQ(offset.in({"1234567", std::string(c.body_bytes, 'b')}, From::body), 7 + c.place) << c.percent;
    EXPECT_FALSE(diagnostics.has_errors()) << c.percent;
  }
}

TEST(HeadEdits, KeepEverythingElse) {
  std::string head = on_many_lines("HTTP/1.1 200 a: b|A:1|b:|B: \t|c: 3 |a: 4||");
  set_field(head, "B", "2");
  EXPECT_EQ(on_one_line(head), "HTTP/1.1 200 a: b|A:1|b:2|c: 3 |a: 4||");
  set_field(head, "C", "");
  EXPECT_EQ(on_one_line(head), "HTTP/1.1 200 a: b|A:1|b:2|c:  |a: 4||");
  set_field(head, "c", "x y");
  EXPECT_EQ(on_one_line(head), "HTTP/1.1 200 a: b|A:1|b:2|c:  x y|a: 4||");
  remove_fields(head, "a");
  EXPECT_EQ(on_one_line(head), "HTTP/1.1 200 a: b|b:2|c:  x y||");
  add_field(head, "d", "4");
  EXPECT_EQ(on_one_line(head), "HTTP/1.1 200 a: b|b:2|c:  x y|d: 4||");
  remove_fields(head, "HTTP/1.1 200 a");
  EXPECT_EQ(on_one_line(head), "HTTP/1.1 200 a: b|b:2|c:  x y|d: 4||");
  EXPECT_EQ(find_field(head, "e"), std::nullopt);
}

}  // namespace
}  // namespace counterpart::mock::faults

#include "engine/document/edit_distance.h"

#include <gtest/gtest.h>

#include <string>

namespace counterpart::document {
namespace {

TEST(EditDistance, CountsEditsUpToItsLimit) {
  const struct {
    const char* a;
    const char* b;
    size_t distance;
  } rows[] = {
      {"", "", 0},           {"a", "", 1},         {"same", "SAME", 0},           {"itms", "items", 1},
      {"items", "itmes", 1}, {"abcd", "badc", 2},  {"kitten", "sitting", 3},      {"abc", "xyz", 3},
      {"ca", "abc", 3},      {"banana", "nab", 4}, {"resuorce7", "resource0", 2},
  };
  for (const auto& row : rows) {
    for (size_t limit = 0; limit < 8; ++limit) {
      const size_t wanted = std::min(row.distance, limit + 1);
      EXPECT_EQ(edit_distance(row.a, row.b, limit), wanted) << row.a << " " << row.b << " " << limit;
      EXPECT_EQ(edit_distance(row.b, row.a, limit), wanted) << row.b << " " << row.a << " " << limit;
    }
  }
}

}  // namespace
}  // namespace counterpart::document

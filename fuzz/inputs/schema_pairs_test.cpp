#include "fuzz/inputs/schema_pairs.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "engine/state/random.h"

namespace counterpart::fuzz {
namespace {

TEST(SchemaPairs, AreOfBothKindsWithEveryKeyword) {
  state::SeededRandom random(7);
  std::set<std::string> keywords;
  size_t fitting = 0;
  constexpr size_t pairs = 2000;
  for (size_t i = 0; i < pairs; ++i) {
    std::string bytes;
    while (bytes.size() < 80) bytes += static_cast<char>(random.below(256));
    ByteReader once(bytes), twice(bytes);
    const SchemaPair pair = make_schema_pair(once);
    const SchemaPair again = make_schema_pair(twice);
    ASSERT_EQ(pair.schema, again.schema);
    ASSERT_EQ(pair.value, again.value);
    fitting += pair.fits ? 1 : 0;
    if (!pair.schema.is_object()) continue;
    for (const auto& member : pair.schema.items()) keywords.insert(member.key());
  }
  EXPECT_GT(fitting, pairs / 3);
  EXPECT_LT(fitting, pairs * 2 / 3);
  for (const char* keyword : {"type",
                              "const",
                              "enum",
                              "minimum",
                              "maximum",
                              "exclusiveMinimum",
                              "exclusiveMaximum",
                              "minLength",
                              "maxLength",
                              "pattern",
                              "minItems",
                              "maxItems",
                              "items",
                              "prefixItems",
                              "contains",
                              "required",
                              "maxProperties",
                              "propertyNames",
                              "dependentRequired",
                              "properties",
                              "allOf",
                              "anyOf",
                              "oneOf",
                              "not",
                              "if",
                              "then",
                              "else",
                              "minProperties"}) {
    EXPECT_TRUE(keywords.contains(keyword)) << keyword;
  }
}

}  // namespace
}  // namespace counterpart::fuzz

#include "engine/schema/value.h"

#include <gtest/gtest.h>

#include <limits>

namespace counterpart::schema {
namespace {

TEST(CompareNumbers, Table) {
  const char* ascending[] = {"-1e300",
                             "-9223372036854775809",
                             "-9223372036854775808",
                             "-9223372036854775807",
                             "-1.5",
                             "-1",
                             "-0.5",
                             "0",
                             "0.5",
                             "1",
                             "1.5",
                             "2",
                             "9007199254740992",
                             "9007199254740993",
                             "9223372036854775807",
                             "9223372036854775808",
                             "9223372036854775809",
                             "18446744073709551615",
                             "18446744073709551616",
                             "1e300"};
  for (size_t i = 0; i < std::size(ascending); ++i) {
    for (size_t j = 0; j < std::size(ascending); ++j) {
      const Json a = Json::parse(ascending[i]);
      const Json b = Json::parse(ascending[j]);
      // Two texts that a double cannot tell apart from their neighbour are left out.
      if (i != j && a.is_number_float() && b.is_number_float() && a == b) continue;
      if (std::min(i, j) == 1 && std::max(i, j) == 2) continue;
      EXPECT_EQ(compare_numbers(a, b), i <=> j) << ascending[i] << " against " << ascending[j];
    }
  }
}

TEST(CompareNumbers, AcrossRepresentations) {
  EXPECT_EQ(compare_numbers(1, 1.0), std::partial_ordering::equivalent);
  EXPECT_EQ(compare_numbers(1u, 1), std::partial_ordering::equivalent);
  EXPECT_EQ(compare_numbers(-1, 1u), std::partial_ordering::less);
  EXPECT_EQ(compare_numbers(std::numeric_limits<uint64_t>::max(), -1), std::partial_ordering::greater);
  EXPECT_EQ(compare_numbers(-0.0, 0), std::partial_ordering::equivalent);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(compare_numbers(nan, 1), std::partial_ordering::unordered);
  EXPECT_EQ(compare_numbers(1u, nan), std::partial_ordering::unordered);
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(compare_numbers(std::numeric_limits<uint64_t>::max(), infinity), std::partial_ordering::less);
  EXPECT_EQ(compare_numbers(std::numeric_limits<int64_t>::min(), -infinity), std::partial_ordering::greater);
}

TEST(Equal, Table) {
  const struct {
    std::string_view a, b;
    bool equal;
  } cases[] = {
      {"null", "null", true},
      {"null", "false", false},
      {"false", "0", false},
      {"true", "1", false},
      {"\"1\"", "1", false},
      {"1", "1.0", true},
      {"1", "1.5", false},
      {"9007199254740993", "9007199254740992.0", false},
      {"\"a\"", "\"a\"", true},
      {"\"a\"", "\"A\"", false},
      {"[]", "{}", false},
      {"[1,2]", "[1.0,2]", true},
      {"[1,2]", "[2,1]", false},
      {"[1]", "[1,1]", false},
      {R"({"a":1,"b":[{"c":2}]})", R"({"b":[{"c":2.0}],"a":1})", true},
      {R"({"a":1})", R"({"a":1,"b":2})", false},
      {R"({"a":1,"b":2})", R"({"a":1,"c":2})", false},
      {R"({"a":1})", R"({"a":2})", false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(equal(Json::parse(c.a), Json::parse(c.b)), c.equal) << c.a << " and " << c.b;
    EXPECT_EQ(equal(Json::parse(c.b), Json::parse(c.a)), c.equal) << c.b << " and " << c.a;
  }
}

TEST(Equal, LargeObjectsInAnyOrder) {
  Json a = Json::object();
  Json b = Json::object();
  for (int i = 0; i < 50; ++i) a["k" + std::to_string(i)] = i;
  for (int i = 49; i >= 0; --i) b["k" + std::to_string(i)] = i;
  EXPECT_TRUE(equal(a, b));
  b["k7"] = 8;
  EXPECT_FALSE(equal(a, b));
  b.erase("k7");
  b["x"] = 7;
  EXPECT_FALSE(equal(a, b));
}

TEST(IsInteger, Table) {
  for (const auto* text : {"0", "-1", "18446744073709551615", "1.0", "-0.0", "1e300"}) {
    EXPECT_TRUE(is_integer(Json::parse(text))) << text;
  }
  for (const auto* text : {"1.5", "1e-3", "null", "\"1\"", "true", "[]"}) {
    EXPECT_FALSE(is_integer(Json::parse(text))) << text;
  }
  EXPECT_FALSE(is_integer(std::numeric_limits<double>::infinity()));
}

TEST(IsMultipleOf, Table) {
  const struct {
    std::string_view value, divisor;
    bool is_multiple;
  } cases[] = {
      {"0", "7", true},
      {"14", "7", true},
      {"-14", "7", true},
      {"15", "7", false},
      {"18446744073709551615", "5", true},
      {"18446744073709551614", "5", false},
      {"-9223372036854775808", "2", true},
      {"-9223372036854775808", "3", false},
      {"14.0", "7", true},
      {"4.5", "1.5", true},
      {"35", "1.5", false},
      {"0.3", "0.1", true},
      {"0.7", "0.1", true},
      {"1.1", "0.1", true},
      {"4.35", "0.01", true},
      {"19.99", "0.01", true},
      {"19.995", "0.01", false},
      {"0.0075", "0.0001", true},
      {"0.00751", "0.0001", false},
      {"0.30000000000000004", "0.1", false},
      {"12391239123", "1e-8", true},
      {"1e308", "0.5", true},
      {"1e308", "0.123456789", false},
      {"1e308", "3", false},
      {"1e-308", "1", false},
      {"5", "1e308", false},
      {"0.5", "1", false},
      {"9007199254740993", "2", false},
  };
  for (const auto& c : cases) {
    const Json value = Json::parse(c.value);
    EXPECT_EQ(is_multiple_of(value, Json::parse(c.divisor)), c.is_multiple) << c.value << " of " << c.divisor;
  }
  EXPECT_FALSE(is_multiple_of(std::numeric_limits<double>::infinity(), 1));
}

TEST(Summary, Table) {
  EXPECT_EQ(summary(nullptr), "null");
  EXPECT_EQ(summary(true), "true");
  EXPECT_EQ(summary(1.5), "1.5");
  EXPECT_EQ(summary("a\"b"), R"("a\"b")");
  EXPECT_EQ(summary(Json::array()), "an empty array");
  EXPECT_EQ(summary({1, 2}), "an array");
  EXPECT_EQ(summary(Json::object()), "an empty object");
  EXPECT_EQ(summary({{"a", 1}}), "an object");
  EXPECT_EQ(summary(std::string(60, 'x')), "\"" + std::string(60, 'x') + "\"");
  EXPECT_EQ(summary(std::string(61, 'x')), "\"" + std::string(60, 'x') + "\"...");
  EXPECT_EQ(summary(std::string(59, 'x') + "\u20AC" + "yy"), "\"" + std::string(59, 'x') + "\u20AC\"...");
  EXPECT_EQ(summary("\xFF"), "\"\uFFFD\"");
}

}  // namespace
}  // namespace counterpart::schema

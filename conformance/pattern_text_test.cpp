#include "conformance/pattern_text.h"

#include <gtest/gtest.h>

#include "engine/schema/pattern.h"

namespace counterpart::conformance {
namespace {

TEST(PatternText, Fits) {
  for (const char* pattern :
       {"^[A-Z]{3}-\\d{2,4}$", "^(bug|wish|task)$", "^a+b*c?$", "^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$", "^[^a-z]{4}$",
        "^\\w+@\\w+\\.(com|org)$", "^(?<year>\\d{4})-\\d\\d$", "^[\\w.-]{2,}?$", "^\\x41\\u0042[\\]\\-]$",
        "^((x|y){2}(z)){1,3}$", "^$", "^\xc3\xa9t\xc3\xa9$"}) {
    state::SeededRandom random(7);
    const auto compiled = schema::Pattern::compile(pattern);
    ASSERT_TRUE(compiled.pattern) << pattern << compiled.problem;
    for (int i = 0; i < 50; ++i) {
      const auto text = text_of_pattern(pattern, random);
      ASSERT_TRUE(text) << pattern;
      EXPECT_TRUE(compiled.pattern->is_in(*text)) << pattern << " and " << *text;
    }
  }
}

TEST(PatternText, GivesUpWhereItMust) {
  std::string deep(2000, '(');
  for (const std::string& pattern :
       {std::string("\\p{Lu}"), std::string("[\xc3\xa9]"), std::string("a{5000}"), std::string("(a"), std::string("[a"),
        std::string("a)"), std::string("(?=a)"), std::string("\\1"), deep, std::string("((((a{90}){90}){90}){90}){90}"),
        std::string("\\"), std::string("a{3,1}"), std::string("(?"), std::string("(?<a")}) {
    state::SeededRandom random(7);
    EXPECT_FALSE(text_of_pattern(pattern, random)) << pattern.substr(0, 40);
  }
}

}  // namespace
}  // namespace counterpart::conformance

#include "conformance/prove/expressions.h"

#include <gmock/gmock.h>

namespace counterpart::conformance {

namespace {

using testing::ElementsAre;

std::vector<std::string> texts(const std::vector<MutatedText>& mutants) {
  std::vector<std::string> texts;
  for (const MutatedText& mutant : mutants) texts.push_back(mutant.text);
  return texts;
}

constexpr const char* mine = "(variables.key)";

TEST(MutatedExpression, CredentialsAreIgnoredButNotFieldsOrKeysOfThatName) {
  EXPECT_THAT(texts(mutated_expression("users[credential]", mine)), ElementsAre("users[(variables.key)]"));
  EXPECT_THAT(texts(mutated_expression("s.credential", mine)), ElementsAre());
  EXPECT_THAT(texts(mutated_expression("f{ credential = 1 }", mine)), ElementsAre());
  EXPECT_THAT(texts(mutated_expression("'credential'", mine)), ElementsAre());
}

TEST(MutatedExpression, FiltersLoseEachOfTheirFields) {
  EXPECT_THAT(texts(mutated_expression("c:where{ a = 1, b = f(2, 3) }", mine)),
              ElementsAre("c:where{   b = f(2, 3) }", "c:where{ a = 1 }"));
  EXPECT_THAT(texts(mutated_expression("c:where{ a = 1 }", mine)), ElementsAre("c:where{  }"));
}

TEST(MutatedExpression, PagesAreOffByOne) {
  EXPECT_THAT(texts(mutated_expression("page(f(a, b), n, s)", mine)),
              ElementsAre("page(f(a, b), n + 1, s)", "page(f(a, b), n, s + 1)", "page(f(a, b), n - 1, s)",
                          "page(f(a, b), n, s - 1)"));
}

TEST(MutatedExpression, OrderRoundingCountsAndComparisonsTurn) {
  EXPECT_THAT(texts(mutated_expression("c:order_by('x', \"desc\")", mine)), ElementsAre("c:order_by('x', \"asc\")"));
  EXPECT_THAT(texts(mutated_expression("ceil(#x / 2)", mine)), ElementsAre("floor(#x / 2)", "ceil((#x + 1) / 2)"));
  EXPECT_THAT(texts(mutated_expression("a == b", mine)), ElementsAre("a ~= b"));
}

TEST(MutatedCondition, EachHalfStandsAlone) {
  EXPECT_THAT(texts(mutated_condition("not a or (b and c)", mine)), ElementsAre("not a ", " (b and c)"));
}

TEST(MutatedStatements, EachLineIsLeftOutAndRemoversRemoveAll) {
  EXPECT_THAT(texts(mutated_statements("x = 1\nc:remove(x)", mine)),
              ElementsAre("\nc:remove(x)", "x = 1\n", "x = 1\nc:remove_if(function() return true end)"));
}

TEST(MutatedExpression, TextThatIsNoLuaIsNoHarm) {
  for (const char* code : {"", "(((", "}}}", "'", "page(", "c:where{", "page(,,,)", "#", "\"desc", "or", "c:remove("}) {
    mutated_expression(code, mine);
    mutated_condition(code, mine);
    mutated_statements(code, mine);
  }
}

}  // namespace

}  // namespace counterpart::conformance

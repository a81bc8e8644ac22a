#include "conformance/keyword_probes.h"

#include <gtest/gtest.h>

namespace counterpart::conformance {
namespace {

/// "bound value, bound value, ..." of integers.
std::string probes_of(const char* keywords) {
  std::vector<Probe> probes;
  add_keyword_probes(Json::parse(keywords), true, probes);
  std::string text;
  for (const Probe& probe : probes) text += (text.empty() ? "" : ", ") + probe.bound + " " + probe.value.dump();
  return text;
}

TEST(KeywordProbes, LieAtAndOnePastEachBound) {
  const struct {
    const char* keywords;
    const char* probes;
  } cases[] = {
      {R"({"minimum": 1})", "at minimum 1, below minimum 0"},
      {R"({"maximum": 2.5})", "at maximum 2.5, above maximum 3.0"},
      {R"({"exclusiveMaximum": 7})", "at exclusive maximum 7, below exclusive maximum 6"},
      {R"({"multipleOf": 3})", "a multiple 6, no multiple 7"},
      // Nothing is past what an integer can hold.
      {R"({"maximum": 9223372036854775807})", "at maximum 9223372036854775807"},
      {R"({"maximum": 18446744073709551615})", "at maximum 18446744073709551615"},
      {R"({"minimum": -9223372036854775808})", "at minimum -9223372036854775808"},
      {R"({"multipleOf": 9223372036854775808})", ""},
  };
  for (const auto& row : cases) EXPECT_EQ(probes_of(row.keywords), row.probes) << row.keywords;
}

}  // namespace
}  // namespace counterpart::conformance

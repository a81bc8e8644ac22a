#include "conformance/values.h"

#include <gtest/gtest.h>

#include "conformance/test_suite.h"

namespace counterpart::conformance {
namespace {

/// "bound value, bound value, ..." of a parameter.
std::string probes_of_one(const std::string& place, const std::string& parameter,
                          std::vector<Probe> (*of)(const contract::Parameter&) = probes_of) {
  const std::string path = place == "path-parameters" ? "/{p}" : "/";
  const ContractFolder folder("counterpart: 1\nname: one\noperations:\n  list:\n    request: { method: GET, path: \"" +
                              path + "\", " + place + ": { p: " + parameter +
                              " } }\n    rules: [{ respond: listed }]\n    responses: { listed: { status: 204 } }\n");
  const auto suite = suite_of(folder);
  if (suite == nullptr) return "";
  std::string text;
  for (const Probe& probe : of(suite->contract().operations[0].parameters[0])) {
    text += (text.empty() ? "" : ", ") + probe.bound + " " + probe.value.dump();
  }
  return text;
}

TEST(Values, ProbesOfParameters) {
  const struct {
    const char* place;
    const char* parameter;
    const char* probes;
  } cases[] = {
      {"query", "{ type: integer, minimum: 1 }",
       R"(at minimum 1, below minimum 0, wrong type "counterpart", not an integer 1.5, empty "", repeated ["1","1"])"},
      // Bounds of items, in lists of a legal length.
      {"query", "{ type: array, items: { type: integer, maximum: 50 } }",
       R"(wrong type "counterpart", item at maximum [50], item above maximum [51], item wrong type ["counterpart"], )"
       R"(item not an integer [1.5], empty "")"},
      {"headers", "{ type: array, minItems: 2, uniqueItems: true, items: { enum: [a, b] } }",
       R"(wrong type "counterpart", at minimum items ["b","a"], below minimum items ["b"], an item twice ["b","b"], )"
       R"(item enum "a" ["a","b"], item enum "b" ["b","a"], item not in enum ["counterpart-other","b"], empty "")"},
      // What reads as something else than it is called is not there: a text is a list of one text,
      {"query", "{ type: array, items: { type: string } }", R"(empty "")"},
      // a list without items is no parameter at all,
      {"query", "{ type: array, minItems: 1, items: { type: boolean } }",
       R"(wrong type "counterpart", at minimum items [false], item true [true], item false [false], )"
       R"(item wrong type ["counterpart"], empty "")"},
      {"query", "{ type: array, minItems: 0, items: { type: string } }", R"(empty "")"},
      // a comma parts items,
      {"query", "{ type: array, explode: false, items: { type: string, pattern: '^(a,b|c,d)$' } }",
       R"(wrong type "counterpart", item wrong format ["counterpart other"], empty "")"},
      // and one of several types is no wrong one.
      {"query", "{ type: [integer, number] }", R"(wrong type "counterpart", empty "", repeated ["1","1"])"},
      {"path-parameters", "{ pattern: '.' }", R"(right format "N")"},
  };
  for (const auto& row : cases) EXPECT_EQ(probes_of_one(row.place, row.parameter), row.probes) << row.parameter;
}

/// Nothing that a schema bounds is lost: what is not among the probes is among these.
TEST(Values, ProbesThatCannotBeSent) {
  const struct {
    const char* parameter;
    const char* probes;
  } cases[] = {
      {"{ type: integer, minimum: 1 }", ""},
      {"{ type: array, items: { type: string } }", R"(wrong type "counterpart")"},
      {"{ type: array, minItems: 1, items: { type: boolean } }", "below minimum items []"},
      {"{ type: array, minItems: 0, items: { type: string } }", R"(wrong type "counterpart", at minimum items [])"},
      {"{ type: array, explode: false, items: { type: string, pattern: '^(a,b|c,d)$' } }",
       R"(item right format ["a,b"])"},
  };
  for (const auto& row : cases) {
    EXPECT_EQ(probes_of_one("query", row.parameter, unsendable_probes_of), row.probes) << row.parameter;
  }
}

}  // namespace
}  // namespace counterpart::conformance

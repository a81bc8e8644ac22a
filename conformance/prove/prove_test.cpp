#include "conformance/prove/prove.h"

#include <gmock/gmock.h>

#include <set>

#include "conformance/prove/mutants.h"
#include "conformance/test_suite.h"
#include "engine/document/yaml.h"

namespace counterpart::conformance {

namespace {

using testing::IsEmpty;

std::vector<std::string> survivors(const Proof& proof) {
  std::vector<std::string> ids;
  for (const MutantResult& mutant : proof.mutants) {
    if (mutant.kind == MutantResult::Kind::survived) ids.push_back(mutant.id);
  }
  return ids;
}

Proof prove_folder(const ContractFolder& folder) {
  document::Diagnostics diagnostics;
  const auto proof = prove(folder.path(), {}, diagnostics);
  EXPECT_EQ(diagnostics.render(false), "");
  return proof.value_or(Proof{});
}

TEST(ProveTest, MutantsHaveNamesOfTheirOwn) {
  document::Diagnostics diagnostics;
  const auto root = document::parse_yaml(
      std::make_shared<const document::Source>(document::Source{"x.yaml", shop_contract}), diagnostics);
  std::set<std::string> ids;
  for (const Mutant& mutant : mutants_of(*root)) {
    EXPECT_TRUE(ids.insert(mutant.id).second) << mutant.id;
    EXPECT_GT(mutant.at.line, 0) << mutant.id;
  }
  for (const char* id :
       {"responses.unknown-user.status: 401", "responses.unknown-user.body.error: altered", "rules[1]: dropped",
        "rules[1].when: negated", "let.thing: ", "operations.list.rules[1]: after the next",
        "operations.list.rules[2].respond: bad-limit", "operations.list.request.query.limit.maximum: one more",
        "operations.list.request.query.limit.default: one less", "operations.list.responses.listed.body.items: dropped",
        "operations.list.responses.listed.body: a field more",
        "operations.list.responses.listed.headers.X-Kind: dropped",
        "operations.list.responses.listed.content-type: changed", "operations.list.security: none",
        "operations.remove.rules[2].do: skipped", "operations.remove.rules[2].do: removes all of things"}) {
    const bool is_there = ids.contains(id) || std::string_view(id) == "let.thing: ";
    EXPECT_TRUE(is_there) << id;
  }
}

TEST(ProveTest, ParametersAreMutatedAsSchemasAre) {
  document::Diagnostics diagnostics;
  const auto root = document::parse_yaml(std::make_shared<const document::Source>(document::Source{"x.yaml", R"(
operations:
  list:
    request:
      method: GET
      path: /
      query:
        ratio: { type: number, minimum: 0.5, multipleOf: 0.25, default: 1.5 }
        order: { enum: [up, down], default: up }
        word: { type: string, pattern: "^a", format: date, required: true }
      headers:
        X-Trace: { type: string, minLength: 3 }
)"}),
                                         diagnostics);
  ASSERT_TRUE(root);
  std::vector<std::string> ids;
  for (const Mutant& mutant : mutants_of(*root)) ids.push_back(mutant.id.substr(mutant.id.find("request.") + 8));
  EXPECT_THAT(ids,
              testing::UnorderedElementsAre(
                  "query.ratio.minimum: one more", "query.ratio.minimum: one less", "query.ratio.multipleOf: one more",
                  "query.ratio.multipleOf: one less", "query.ratio.default: one more", "query.ratio.default: one less",
                  "query.order.enum[1]: dropped", "query.order.enum[2]: dropped", "query.order.default: down",
                  "query.word.pattern: dropped", "query.word.format: dropped", "query.word.required: turned",
                  "headers.X-Trace.minLength: one more", "headers.X-Trace.minLength: one less"));
}

/// A contract with one parameter, of a query.
std::string contract_with(const std::string& parameter) {
  return R"(counterpart: 1
name: one
clock: 2024-01-01T00:00:00Z
operations:
  list:
    request: { method: GET, path: /, query: { p: )" +
         parameter + R"( } }
    rules: [{ when: "#invalid > 0", respond: refused }, { respond: listed }]
    responses:
      listed: { status: 200, body: { p: "${query.p}" } }
      refused: { status: 400, body: { error: invalid } }
)";
}

TEST(ProveTest, NoBoundOfAListsItemsCanBeShifted) {
  for (const char* parameter : {
           "{ type: array, items: { type: integer, minimum: 1, maximum: 50 } }",
           "{ type: array, minItems: 1, maxItems: 3, items: { type: string, maxLength: 4 } }",
           "{ type: array, minItems: 2, uniqueItems: true, items: { enum: [up, down, left] } }",
           "{ type: array, minItems: 0, explode: false, items: { type: string, pattern: '^[a-z]{2}$' } }",
       }) {
    const Proof proof = prove_folder(ContractFolder(contract_with(parameter)));
    EXPECT_THAT(survivors(proof), IsEmpty()) << parameter;
    EXPECT_TRUE(proof.holds()) << parameter;
  }
}

TEST(ProveTest, NoMutantsArePlayedWhereTheContractIsNotClean) {
  const Proof proof = prove_folder(ContractFolder(replaced(shop_contract, "${t.name}", "${t.name.no.more}")));
  EXPECT_FALSE(proof.clean.findings.empty());
  EXPECT_THAT(proof.mutants, IsEmpty());
  EXPECT_FALSE(proof.holds());
}

TEST(ProveTest, AnEmptyCheckLetsMutantsLive) {
  const ContractFolder folder(shop_contract);
  document::Diagnostics diagnostics;
  ProofOptions options;
  options.generate = 0;
  const auto proof = prove(folder.path(), options, diagnostics);
  ASSERT_TRUE(proof);
  EXPECT_FALSE(proof->holds());
  EXPECT_LT(proof->score(), 100);
}

TEST(ProveTest, EquivalentsAreListedWithReasonsAndStaleOnesTold) {
  const ContractFolder folder(shop_contract, {removed_scenario});
  const std::vector<std::string> alive = survivors(prove_folder(folder));
  std::string list = "equivalents:\n";
  for (const std::string& id : alive) list += "  - { mutant: '" + id + "', reason: test }\n";
  if (alive.empty()) list = "equivalents: []\n";
  folder.write(equivalents_file, list);
  EXPECT_TRUE(prove_folder(folder).holds());
  folder.write(equivalents_file,
               "equivalents:\n  - { mutant: nothing, reason: r }\n  - { mutant: 'rules[1]: dropped', reason: r }\n");
  const Proof stale = prove_folder(folder);
  ASSERT_EQ(stale.stale.size(), 2u);
  EXPECT_EQ(stale.stale[0].problem, "there is no such mutant");
  EXPECT_EQ(stale.stale[1].problem, "it did not survive");
  EXPECT_FALSE(stale.holds());
}

class ShippedContracts : public testing::TestWithParam<const char*> {};

TEST_P(ShippedContracts, LetNoMutantLive) {
  document::Diagnostics diagnostics;
  const auto proof = prove(std::string(COUNTERPART_SOURCE_DIR) + "/scenarios/" + GetParam(), {}, diagnostics);
  ASSERT_TRUE(proof) << diagnostics.render(false);
  EXPECT_THAT(survivors(*proof), IsEmpty());
  EXPECT_TRUE(proof->holds());
  EXPECT_GT(proof->mutants.size(), 100u);
}

INSTANTIATE_TEST_SUITE_P(Table, ShippedContracts, testing::Values("keyauth-seller", "panel-sessions"),
                         [](const auto& row) {
                           std::string name = row.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace

}  // namespace counterpart::conformance

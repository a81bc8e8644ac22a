#include "conformance/suite.h"

#include <gmock/gmock.h>

#include "conformance/test_suite.h"

namespace counterpart::conformance {

namespace {

std::vector<std::pair<std::string, bool>> credentials_of(const Suite& suite) {
  std::vector<std::pair<std::string, bool>> credentials;
  for (const Credential& credential : suite.credentials)
    credentials.emplace_back(credential.value, credential.is_default);
  return credentials;
}

TEST(Suite, KnowsTheCredentialsOfSchemesAndScenarios) {
  using testing::ElementsAre;
  using testing::Pair;
  EXPECT_THAT(credentials_of(*suite_of(ContractFolder(shop_contract))), ElementsAre(Pair("owner", true)));
  EXPECT_THAT(credentials_of(*suite_of(ContractFolder(shop_contract, {removed_scenario}))),
              ElementsAre(Pair("owner", true), Pair("guest", false), Pair("stranger", false)));
}

TEST(Suite, SendsValidRequestsWithoutAnyScenario) {
  const ContractFolder folder(shop_contract);
  const auto suite = suite_of(folder);
  const auto cases = plan(*suite, {0, 1});
  const Report report = run(*suite, cases, *target_of(shop_contract), {});
  EXPECT_EQ(report.findings.size(), 0u);
  for (const CaseResult& one : report.cases) EXPECT_EQ(one.outcome, Outcome::passed) << one.name << ": " << one.reason;
}

TEST(Suite, SaysThatNoCredentialIsKnown) {
  const ContractFolder folder(shop_contract);
  const Json none = Json::object();
  const auto suite = suite_of(folder, true, &none);
  const auto* list = suite->contract().find_operation("list");
  ASSERT_NE(list, nullptr);
  EXPECT_EQ(doubt_of(*suite, suite->base_call(*list)),
            "no credential of the scheme user is known, so no request that list accepts: a refusal shows nothing");
}

}  // namespace

}  // namespace counterpart::conformance

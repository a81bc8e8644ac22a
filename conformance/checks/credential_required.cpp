#include <fmt/format.h>

#include "conformance/checks/all.h"
#include "conformance/plan.h"
#include "conformance/suite.h"

namespace counterpart::conformance::checks {

namespace {

constexpr const char* wrong_credential = "counterpart-wrong-credential";

Case case_of(const Suite& suite, const contract::Operation& operation, const std::string& kind, Call call) {
  Case one;
  one.name = fmt::format("{}/credential-required/{}", operation.id, kind);
  one.summary = fmt::format("{} with {}", operation.id,
                            kind == "none"    ? "no credential"
                            : kind == "wrong" ? "a credential that nobody has"
                                              : "the credential of another account");
  one.destructive = operation.destructive;
  one.where = place_of(operation.where);
  one.calls.push_back(std::move(call));
  if (!is_read(operation)) add_looks(suite, std::nullopt, one.calls);
  return one;
}

void plan(const Suite& suite, std::vector<Case>& cases) {
  for (const contract::Operation& operation : suite.contract().operations) {
    if (operation.security.empty()) continue;
    const Call base = suite.base_call(operation);
    Call none = base;
    none.parts.credential.reset();
    cases.push_back(case_of(suite, operation, "none", std::move(none)));
    Call wrong = base;
    wrong.parts.credential = wrong_credential;
    cases.push_back(case_of(suite, operation, "wrong", std::move(wrong)));
    if (operation.destructive) continue;  // it would do what it says, to an account that the case is not about
    int number = 0;
    for (const Credential& other : suite.credentials) {
      if (other.is_default || other.scheme != operation.security[0]) continue;
      Call call = base;
      call.parts.credential = other.value;
      cases.push_back(case_of(suite, operation, fmt::format("other-{}", ++number), std::move(call)));
    }
  }
}

}  // namespace

const Check credential_required{
    "credential-required",
    "Nobody without a credential, with a wrong one or with another account's gets what only "
    "its owner may have",
    nullptr, false, plan};

}  // namespace counterpart::conformance::checks

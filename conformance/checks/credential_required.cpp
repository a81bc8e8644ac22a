#include <fmt/format.h>

#include "conformance/checks/all.h"
#include "conformance/plan.h"
#include "conformance/suite.h"

namespace counterpart::conformance::checks {

namespace {

constexpr const char* wrong_credential = "counterpart-wrong-credential";

void plan(const Suite& suite, std::vector<Case>& cases) {
  for (const contract::Operation& operation : suite.contract().operations) {
    if (operation.security.empty()) continue;
    const auto add = [&](std::string_view what, std::string_view says, std::optional<std::string> credential) {
      Call call = suite.base_call(operation);
      call.parts.credential = std::move(credential);
      cases.push_back(case_of(suite, operation, credential_required.id, what,
                              fmt::format("{} with {}", operation.id, says), std::move(call), operation.where));
    };
    add("none", "no credential", std::nullopt);
    add("wrong", "a credential that nobody has", wrong_credential);
    if (operation.destructive) continue;  // it would do what it says, to an account that the case is not about
    int number = 0;
    for (const Credential& other : suite.credentials) {
      if (other.is_default || other.scheme != operation.security[0]) continue;
      add(fmt::format("other-{}", ++number), "the credential of another account", other.value);
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

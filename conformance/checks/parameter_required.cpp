#include <fmt/format.h>

#include <algorithm>

#include "conformance/checks/all.h"
#include "conformance/plan.h"
#include "conformance/suite.h"

namespace counterpart::conformance::checks {

namespace {

void plan(const Suite& suite, std::vector<Case>& cases) {
  for (const contract::Operation& operation : suite.contract().operations) {
    for (const contract::Parameter& parameter : operation.parameters) {
      if (!parameter.required || parameter.in == contract::Place::path) continue;
      if (carries_credential(suite, operation, parameter)) continue;  // credential-required sends none
      Call call = suite.base_call(operation);
      call.parameter = &parameter;
      call.bound = "left out";
      call.parts.omitted.push_back(parameter.name);
      std::erase_if(call.parts.parameters, [&](const auto& entry) { return entry.first == parameter.name; });
      cases.push_back(case_of(suite, operation, parameter_required.id, parameter.name,
                              fmt::format("{} without {}", operation.id, parameter.name), std::move(call),
                              parameter.where));
    }
  }
}

}  // namespace

const Check parameter_required{
    "parameter-required", "A request without a required parameter is not answered as with it", nullptr, false, plan};

}  // namespace counterpart::conformance::checks

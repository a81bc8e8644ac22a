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
      Case one;
      one.name = fmt::format("{}/parameter-required/{}", operation.id, parameter.name);
      one.summary = fmt::format("{} without {}", operation.id, parameter.name);
      one.destructive = operation.destructive;
      one.where = place_of(parameter.where);
      one.calls.push_back(std::move(call));
      if (!is_read(operation)) add_looks(suite, std::nullopt, one.calls);
      cases.push_back(std::move(one));
    }
  }
}

}  // namespace

const Check parameter_required{
    "parameter-required", "A request without a required parameter is not answered as with it", nullptr, false, plan};

}  // namespace counterpart::conformance::checks

#include <fmt/format.h>

#include <algorithm>

#include "conformance/checks/all.h"
#include "conformance/plan.h"
#include "conformance/suite.h"
#include "conformance/values.h"

namespace counterpart::conformance::checks {

namespace {

std::string dashed(std::string text) {
  for (char& c : text) {
    if (c == ' ') c = '-';
  }
  std::erase(text, '"');
  return text;
}

void plan(const Suite& suite, std::vector<Case>& cases) {
  for (const contract::Operation& operation : suite.contract().operations) {
    for (const contract::Parameter& parameter : operation.parameters) {
      if (carries_credential(suite, operation, parameter)) continue;
      for (const Probe& probe : probes_of(parameter)) {
        Call call = suite.base_call(operation);
        call.parameter = &parameter;
        call.bound = probe.bound;
        if (Json* value = find_value(call, parameter.name)) {
          *value = probe.value;
        } else {
          call.parts.parameters.emplace_back(parameter.name, probe.value);
        }
        cases.push_back(case_of(suite, operation, parameter_bounds.id, parameter.name + "/" + dashed(probe.bound),
                                fmt::format("{} with {} {}", operation.id, parameter.name, probe.bound),
                                std::move(call), parameter.where));
      }
    }
  }
}

}  // namespace

const Check parameter_bounds{"parameter-bounds", "A value at a parameter's bound is taken, one past it is refused",
                             nullptr, false, plan};

}  // namespace counterpart::conformance::checks

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
        Case one;
        one.name = fmt::format("{}/parameter-bounds/{}/{}", operation.id, parameter.name, dashed(probe.bound));
        one.summary = fmt::format("{} with {} {}", operation.id, parameter.name, probe.bound);
        one.destructive = operation.destructive;
        one.where = place_of(parameter.where);
        one.calls.push_back(std::move(call));
        if (!is_read(operation)) add_looks(suite, std::nullopt, one.calls);
        cases.push_back(std::move(one));
      }
    }
  }
}

}  // namespace

const Check parameter_bounds{"parameter-bounds", "A value at a parameter's bound is taken, one past it is refused",
                             nullptr, false, plan};

}  // namespace counterpart::conformance::checks

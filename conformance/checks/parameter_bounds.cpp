#include <fmt/format.h>

#include <algorithm>

#include "conformance/bodies.h"
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

void add_case(const Suite& suite, const std::string& what, Call call, const document::Location& where,
              std::vector<Case>& cases) {
  const contract::Operation& operation = *call.operation;
  const std::string doubt = doubt_of(suite, call);
  const std::string name = what + "/" + dashed(call.bound);
  std::string summary = fmt::format("{} with {} {}", operation.id, call.about->name, call.bound);
  cases.push_back(case_of(suite, operation, parameter_bounds.id, name, std::move(summary), std::move(call), where));
  cases.back().doubt = doubt;
}

/// The members of the body, named by their JSON Pointers.
void plan_body(const Suite& suite, const contract::Operation& operation, std::vector<Case>& cases) {
  const Call& base = suite.base_call(operation);
  if (!body_kind(operation)) return;
  if (!base.parts.body) {
    Call call = with_body(base, {"", "as the schema has it", {}, {}, ""});
    add_case(suite, "body", std::move(call), operation.where, cases);
    cases.back().doubt = "no body could be made that fits the schema";
    return;
  }
  for (const BodyProbe& probe : body_probes(operation, *base.parts.body)) {
    add_case(suite, "body" + probe.member, with_body(base, probe), operation.where, cases);
  }
}

void plan(const Suite& suite, std::vector<Case>& cases) {
  for (const contract::Operation& operation : suite.contract().operations) {
    for (const contract::Parameter& parameter : operation.parameters) {
      if (carries_credential(suite, operation, parameter)) continue;
      for (const Probe& probe : probes_of(parameter)) {
        Call call = suite.base_call(operation);
        call.about = About{parameter.in, parameter.name};
        call.bound = probe.bound;
        if (Json* value = find_value(call, parameter.name)) {
          *value = probe.value;
        } else {
          call.parts.parameters.emplace_back(parameter.name, probe.value);
        }
        add_case(suite, parameter.name, std::move(call), parameter.where, cases);
      }
    }
    plan_body(suite, operation, cases);
  }
}

}  // namespace

const Check parameter_bounds{"parameter-bounds", "A value at a parameter's bound is taken, one past it is refused",
                             nullptr, false, plan};

}  // namespace counterpart::conformance::checks

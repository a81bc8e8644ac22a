#include <fmt/format.h>

#include <algorithm>

#include "conformance/bodies.h"
#include "conformance/checks/all.h"
#include "conformance/plan.h"
#include "conformance/suite.h"

namespace counterpart::conformance::checks {

namespace {

void add_case(const Suite& suite, const std::string& what, Call call, const document::Location& where,
              std::vector<Case>& cases) {
  const contract::Operation& operation = *call.operation;
  const std::string doubt = doubt_of(suite, call);
  std::string summary = fmt::format("{} without {}", operation.id, call.about->name);
  cases.push_back(case_of(suite, operation, parameter_required.id, what, std::move(summary), std::move(call), where));
  cases.back().doubt = doubt;
}

void plan(const Suite& suite, std::vector<Case>& cases) {
  for (const contract::Operation& operation : suite.contract().operations) {
    for (const contract::Parameter& parameter : operation.parameters) {
      if (!parameter.required || parameter.in == contract::Place::path) continue;
      if (carries_credential(suite, operation, parameter)) continue;  // credential-required sends none
      Call call = suite.base_call(operation);
      call.about = About{parameter.in, parameter.name};
      call.bound = "left out";
      call.parts.omitted.push_back(parameter.name);
      std::erase_if(call.parts.parameters, [&](const auto& entry) { return entry.first == parameter.name; });
      add_case(suite, parameter.name, std::move(call), parameter.where, cases);
    }
    const Call& base = suite.base_call(operation);
    if (!base.parts.body) continue;
    for (const BodyProbe& probe : bodies_left_out(operation, *base.parts.body)) {
      add_case(suite, "body" + probe.member, with_body(base, probe), operation.where, cases);
    }
  }
}

}  // namespace

const Check parameter_required{
    "parameter-required", "A request without a required parameter is not answered as with it", nullptr, false, plan};

}  // namespace counterpart::conformance::checks

#include "conformance/coverage.h"

#include <algorithm>

#include "conformance/check.h"
#include "conformance/values.h"

namespace counterpart::conformance {

Coverage::Coverage(const Suite& suite, const std::vector<Case>& cases) : suite_(suite) {
  for (const Case& one : cases) {
    for (const Call& call : one.calls) {
      if (!call.about) continue;
      const auto [row, is_new] = parameter_rows_.try_emplace(
          ParameterKey{call.operation, call.about->in, call.about->name, call.bound}, parameters_.size());
      if (!is_new) continue;
      parameters_.push_back(
          {call.operation->id, call.about->name, std::string(contract::name_of(call.about->in)), call.bound, 0, ""});
    }
  }
}

void Coverage::write_unsendable(Report& report) const {
  for (const contract::Operation& operation : suite_.contract().operations) {
    for (const contract::Parameter& parameter : operation.parameters) {
      const auto first = parameter_rows_.lower_bound(ParameterKey{&operation, parameter.in, parameter.name, ""});
      const bool is_probed = first != parameter_rows_.end() && std::get<0>(first->first) == &operation &&
                             std::get<1>(first->first) == parameter.in && std::get<2>(first->first) == parameter.name;
      if (!is_probed) continue;
      for (const Probe& probe : unsendable_probes_of(parameter)) {
        report.parameters.push_back({operation.id, parameter.name, std::string(contract::name_of(parameter.in)),
                                     probe.bound, 0, "as text it is read as something else"});
      }
    }
  }
}

ParameterCoverage* Coverage::parameter_row(const Call& call) {
  if (!call.about) return nullptr;
  const auto row = parameter_rows_.find(ParameterKey{call.operation, call.about->in, call.about->name, call.bound});
  return row == parameter_rows_.end() ? nullptr : &parameters_[row->second];
}

void Coverage::add(const Played& played) {
  for (const Row& row : played.met) ++responses_[row];
  if (played.outcome == Outcome::inconclusive) return;  // what was sent showed nothing of its parameter
  for (const Sent& sent : played.sent) {
    if (ParameterCoverage* row = parameter_row(sent.call)) ++row->count;
  }
}

void Coverage::add_obstacle(const Case& one, const std::string& reason) {
  for (const Call& call : one.calls) {
    if (ParameterCoverage* row = parameter_row(call); row != nullptr && row->why_not.empty()) row->why_not = reason;
  }
  if (one.scenario == nullptr) return;
  for (const scenario::Step& step : one.scenario->steps) {
    for (const std::string& name : step.responses) {
      obstacles_.try_emplace({step.operation, step.operation->find_response(name)}, one.name + ": " + reason);
    }
  }
}

bool Coverage::has_succeeded(const contract::Operation& operation) const {
  constexpr int first_error = 400;
  return std::any_of(responses_.begin(), responses_.end(), [&](const auto& entry) {
    return entry.first.first == &operation && entry.first.second->status < first_error && entry.second > 0;
  });
}

void Coverage::write(Report& report) const {
  for (const contract::Operation& operation : suite_.contract().operations) {
    for (const auto& response : operation.responses) {
      const Row row{&operation, response.get()};
      const auto count = responses_.find(row);
      const auto obstacle = obstacles_.find(row);
      ResponseCoverage coverage;
      coverage.operation = operation.id;
      coverage.response = response->name;
      coverage.status = response->status;
      coverage.level = operation.documents(*response) ? Level::documented : Level::assumed;
      coverage.count = count == responses_.end() ? 0 : count->second;
      if (coverage.count == 0) {
        coverage.why_not = obstacle == obstacles_.end() ? "no case met it" : obstacle->second;
      }
      coverage.where = place_of(response->where);
      report.responses.push_back(std::move(coverage));
    }
  }
  report.parameters = parameters_;
  for (ParameterCoverage& row : report.parameters) {
    if (row.count > 0) row.why_not.clear();
  }
}

}  // namespace counterpart::conformance

#include "conformance/coverage.h"

#include "conformance/check.h"

namespace counterpart::conformance {

Coverage::Coverage(const Suite& suite, const std::vector<Case>& cases) : suite_(suite) {
  for (const Case& one : cases) {
    for (const Call& call : one.calls) {
      if (call.parameter == nullptr) continue;
      const auto [row, is_new] = parameter_rows_.try_emplace({call.parameter, call.bound}, parameters_.size());
      if (!is_new) continue;
      parameters_.push_back({call.operation->id, call.parameter->name,
                             std::string(contract::name_of(call.parameter->in)), call.bound, 0});
    }
  }
}

void Coverage::add(const Played& played) {
  for (const Row& row : played.met) ++responses_[row];
  for (const Sent& sent : played.sent) {
    if (sent.call.parameter == nullptr) continue;
    const auto row = parameter_rows_.find({sent.call.parameter, sent.call.bound});
    if (row != parameter_rows_.end()) ++parameters_[row->second].count;
  }
}

void Coverage::add_obstacle(const Case& one, const std::string& reason) {
  if (one.scenario == nullptr) return;
  for (const scenario::Step& step : one.scenario->steps) {
    for (const std::string& name : step.responses) {
      obstacles_.try_emplace({step.operation, step.operation->find_response(name)}, one.name + ": " + reason);
    }
  }
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
}

}  // namespace counterpart::conformance

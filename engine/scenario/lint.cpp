#include "engine/scenario/lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/scenario/player.h"

namespace counterpart::scenario {

using contract::Operation;
using contract::Response;
using contract::Rule;

namespace {

constexpr uint64_t lint_seed = 1;

/// Marks what the rules reach; warns once of each rule that is never tried, and of lists without an end.
void look_at_rules(const Operation& operation, std::vector<ResponseReport>& reports, std::set<int>& warned_lines,
                   document::Diagnostics& diagnostics) {
  const Rule* always = nullptr;
  for (const Rule& rule : operation.rules) {
    if (always != nullptr) {
      if (warned_lines.insert(rule.where.at.line).second) {
        diagnostics.warning(rule.where, fmt::format("this rule is never tried: the one of line {} always applies",
                                                    always->where.at.line));
      }
      continue;
    }
    const Response* response = operation.responses[rule.response].get();
    for (ResponseReport& report : reports) {
      if (report.operation == &operation && report.response == response) report.reachable = true;
    }
    if (!rule.when) always = &rule;
  }
  if (always == nullptr) {
    const std::string said =
        operation.rules.empty()
            ? fmt::format("\"{}\" has no rules: every request gets a 500", operation.id)
            : fmt::format("the rules of \"{}\" can all fail to apply: such a request gets a 500", operation.id);
    diagnostics.warning(operation.where, said, "end with a rule without `when`", operation.id.size());
  }
}

void play_all(const engine::Engine& engine, const std::vector<std::unique_ptr<Scenario>>& scenarios,
              std::vector<ResponseReport>& reports, document::Diagnostics& diagnostics) {
  for (const auto& scenario : scenarios) {
    const Result result = play(*scenario, engine, lint_seed, diagnostics);
    for (const auto& [operation, response] : result.met) {
      for (ResponseReport& report : reports) {
        if (report.operation == operation && report.response == response) report.reproduced = true;
      }
    }
    if (result.outcome == Outcome::failed) {
      diagnostics.error(result.where, fmt::format("scenario \"{}\" fails: {}", scenario->name, result.message));
    } else if (result.outcome == Outcome::inconclusive) {
      diagnostics.warning(result.where,
                          fmt::format("scenario \"{}\" shows nothing: {}", scenario->name, result.message));
    }
  }
}

}  // namespace

Report lint(const engine::Engine& engine, const std::vector<std::unique_ptr<Scenario>>& scenarios,
            document::Diagnostics& diagnostics) {
  Report report;
  report.scenarios = scenarios.size();
  for (const Operation& operation : engine.contract().operations) {
    for (const auto& response : operation.responses) {
      report.responses.push_back({&operation, response.get(), operation.documents(*response), false, false});
    }
  }
  std::set<int> warned_lines;
  for (const Operation& operation : engine.contract().operations) {
    look_at_rules(operation, report.responses, warned_lines, diagnostics);
  }
  for (const ResponseReport& response : report.responses) {
    if (!response.documented || response.reachable) continue;
    diagnostics.warning(response.operation->where,
                        fmt::format("no rule of \"{}\" responds \"{}\": only a Prefer header gets it",
                                    response.operation->id, response.response->name),
                        {}, response.operation->id.size());
  }
  play_all(engine, scenarios, report.responses, diagnostics);
  return report;
}

}  // namespace counterpart::scenario

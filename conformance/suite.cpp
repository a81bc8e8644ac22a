#include "conformance/suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "conformance/aliases.h"
#include "conformance/plan.h"
#include "engine/expression/interpreter.h"
#include "engine/expression/names.h"
#include "engine/initial_state.h"
#include "engine/scenario/story.h"

namespace counterpart::conformance {

namespace {

/// What an undefined variable is worth: found again in any request it got into, for it needs no escapes.
std::string placeholder(const std::string& variable) { return "counterpart.undefined." + variable + ".variable"; }

/// The contract's variables as the target defines them.
Json defined_variables(const Json& own, const Json& targets, std::set<std::string>& undefined) {
  Json variables = targets;
  for (const auto& [name, value] : own.items()) {
    if (variables.contains(name)) continue;
    undefined.insert(name);
    variables[name] = placeholder(name);
  }
  return variables;
}

/// Whether an answer may depend on more than the requests before it.
bool asks_time_or_chance(const contract::Contract& contract) {
  static const std::set<std::string> names{"uuid", "random_int", "random_text", "now"};
  for (size_t i = 0; i < contract.program.size(); ++i) {
    const auto used = expression::names_of(contract.program.at(static_cast<expression::SnippetId>(i)));
    if (used.says_env) return true;
    for (const auto& use : used.uses) {
      if (names.contains(use.name)) return true;
    }
  }
  return false;
}

using AddCredential = std::function<void(size_t scheme, const std::string& value, bool is_default)>;

/// What the contract's security schemes say themselves.
void add_own_credentials(const Suite& suite, state::Space& space, const AddCredential& add) {
  const contract::Contract& contract = suite.contract();
  engine::SpaceScope scope(contract, space);
  expression::Interpreter interpreter(contract.program);
  for (size_t i = 0; i < contract.security.size(); ++i) {
    try {
      expression::Session session(interpreter, scope);
      std::string value;
      contract.security[i].credential.render(session, value);
      add(i, value, true);
    } catch (const expression::Error&) {
      // Then a scenario that is played without another one says so.
    }
  }
}

/// Every credential that a scheme has, or that a request of a scenario's first steps presents: those that need no
/// earlier answer.
void collect_credentials(Suite& suite) {
  const AddCredential add = [&](size_t scheme, const std::string& value, bool is_default) {
    const bool known = std::any_of(suite.credentials.begin(), suite.credentials.end(), [&](const Credential& other) {
      return other.scheme == scheme && other.value == value;
    });
    const bool undefined = std::any_of(suite.undefined.begin(), suite.undefined.end(), [&](const std::string& name) {
      return value.find(placeholder(name)) != std::string::npos;
    });
    if (!known && !undefined && !value.empty()) suite.credentials.push_back({scheme, value, is_default});
  };
  const auto space = suite.initial->fork(std::make_unique<state::VirtualClock>(suite.initial->clock->now_ms()), 0);
  for (const bool defaults : {true, false}) {
    if (!defaults) add_own_credentials(suite, *space, add);  // those that no scenario presents
    for (const auto& scenario : suite.scenarios) {
      scenario::Story story(*scenario, *suite.engine, *space);
      for (const scenario::Step& step : scenario->steps) {
        if (step.operation->security.empty() || step.credential.has_value() == defaults) continue;
        try {
          const contract::RequestParts parts = story.parts(step);
          if (parts.credential) add(step.operation->security[0], *parts.credential, defaults);
        } catch (const expression::Error&) {
          // It needs what an earlier step captures.
        }
      }
    }
  }
}

}  // namespace

Place place_of(const document::Location& location) {
  return {location.source == nullptr ? "" : location.source->name, location.at.line, location.at.column};
}

namespace {

void load_all_scenarios(Suite& suite, const std::vector<std::string>& files, document::Diagnostics& diagnostics) {
  suite.scenarios = scenario::load_scenarios(suite.contract(), diagnostics);
  for (const std::string& file : files) {
    auto scenario = scenario::load_scenario_file(file, suite.contract(), diagnostics);
    if (scenario == nullptr) continue;
    std::erase_if(suite.scenarios, [&](const auto& other) { return other->name == scenario->name; });
    suite.scenarios.push_back(std::move(scenario));
  }
}

}  // namespace

std::string Suite::missing_variable(const http::Request& request) const {
  for (const std::string& name : undefined) {
    const std::string sought = placeholder(name);
    if (request.target.find(sought) != std::string::npos || request.body.find(sought) != std::string::npos) return name;
    for (const http::Header& field : request.headers) {
      if (field.value.find(sought) != std::string::npos) return name;
    }
  }
  return "";
}

std::string Suite::missing_variable(const scenario::Condition& condition) const {
  const auto used = expression::names_of({condition.text, {}, false, {}});
  for (const auto& use : used.uses) {
    if (use.name == "variables" && undefined.contains(use.member)) return use.member;
  }
  return "";
}

std::unique_ptr<Suite> load_suite(const std::string& folder, const SuiteOptions& options,
                                  document::Diagnostics& diagnostics) {
  const size_t errors_before = diagnostics.errors();
  auto loaded = contract::load(folder, diagnostics);
  if (!loaded) return nullptr;
  auto suite = std::make_unique<Suite>();
  if (options.variables != nullptr) {
    contract::LoadOptions with;
    with.variables = defined_variables(loaded.contract->variables, *options.variables, suite->undefined);
    loaded = contract::load(folder, diagnostics, with);
    if (!loaded) return nullptr;
  }
  auto engine = std::make_shared<const engine::Engine>(std::move(loaded));
  suite->engine = engine;
  load_all_scenarios(*suite, options.scenario_files, diagnostics);
  suite->initial = engine->make_space({options.seed, 0, nullptr}, diagnostics);
  if (diagnostics.errors() > errors_before || suite->initial == nullptr) return nullptr;
  suite->shapes = std::make_unique<Shapes>(engine->contract(), options.exact);
  if (!options.exact && asks_time_or_chance(engine->contract())) {
    engine::SpaceOptions other{options.seed + 1, 0, nullptr};
    const int64_t now = suite->initial->clock->now_ms() + Aliases::clock_ahead_ms;
    other.clock = std::make_unique<state::VirtualClock>(now);
    suite->initial_other = engine->make_space(std::move(other), diagnostics);
  }
  collect_credentials(*suite);
  make_base_calls(*suite);
  return suite;
}

}  // namespace counterpart::conformance

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "engine/contract/load_parts.h"
#include "engine/document/yaml.h"
#include "engine/scenario/duration.h"
#include "engine/scenario/scenario.h"
#include "engine/state/time_text.h"

namespace counterpart::scenario {

using contract::Fields;
using contract::Reading;
using document::Kind;
using document::Member;
using document::Node;
using expression::Template;

namespace {

class Loader {
 public:
  Loader(const Reading& reading, const contract::Contract& contract, Scenario& scenario)
      : reading_(reading), contract_(contract), scenario_(scenario) {}

  void load(const Node& root) {
    Fields fields(root, "a scenario", reading_);
    if (!fields.good()) return;
    scenario_.where = reading_.at(root.at);
    scenario_.name = fields.required_text("scenario");
    scenario_.summary = fields.text("summary");
    scenario_.tags = fields.texts("tags");
    scenario_.parallel = fields.boolean("parallel", false);
    if (const Node* given = fields.find("given")) load_given(*given);
    for (const Node& node : fields.list("steps")) load_step(node);
    if (const Node* play = fields.find("play")) {
      scenario_.play = load_play(*play, reading_.source, contract_, reading_.diagnostics);
    }
    if (scenario_.steps.empty() && scenario_.play == nullptr) {
      reading_.error(root.at, "the scenario has neither steps nor play");
    }
    fields.finish();
  }

 private:
  void load_given(const Node& node) {
    Fields fields(node, "`given`", reading_);
    if (const Node* clock = fields.find("clock")) {
      scenario_.clock_ms = state::from_iso(clock->text);
      if (!scenario_.clock_ms) {
        reading_.error(clock->at, "the clock must be an RFC 3339 date-time", "for example 2024-03-15T14:30:00Z",
                       std::max<size_t>(clock->text.size(), 1));
      }
    }
    for (const Member& member : fields.map("state")) load_given_collection(member);
    fields.finish();
  }

  void load_given_collection(const Member& member) {
    std::vector<std::string> known;
    for (size_t i = 0; i < contract_.state.size(); ++i) {
      known.push_back(contract_.state[i].spec->name);
      if (known.back() != member.key) continue;
      Fields fields(member.value, "a collection of `given`", reading_);
      if (const Node* items = fields.require("items")) {
        scenario_.given_items.emplace_back(i, contract::load_items(*items, reading_, scenario_.program));
      }
      fields.finish();
      return;
    }
    reading_.error(member.key_at, fmt::format("the contract has no collection \"{}\"", member.key),
                   document::suggestion(member.key, known), member.key.size());
  }

  void load_step(const Node& node) {
    Fields fields(node, "a step", reading_);
    if (!fields.good()) return;
    Step step;
    step.where = reading_.at(node.at);
    step.operation = find_operation(fields.require("call"));
    if (step.operation != nullptr) load_call(step, fields);
    if (const Node* after = fields.find("after")) {
      const auto ms = duration_ms(after->text);
      if (!ms) reading_.error(after->at, "expected a duration", duration_hint, std::max<size_t>(after->text.size(), 1));
      step.after_ms = ms.value_or(0);
    }
    step.assume = conditions(fields.find("assume"));
    step.assertions = conditions(fields.find("assert"));
    for (const Member& member : fields.map("capture")) {
      if (!contract::is_free_name(reading_, member, "capture")) continue;
      step.capture.emplace_back(member.key, contract::add_snippet(member.value, false, reading_, scenario_.program));
    }
    if (step.operation != nullptr) fields.finish();
    scenario_.steps.push_back(std::move(step));
  }

  const contract::Operation* find_operation(const Node* call) {
    if (call == nullptr) return nullptr;
    if (const auto* operation = contract_.find_operation(call->text)) return operation;
    std::vector<std::string> known;
    for (const auto& operation : contract_.operations) known.push_back(operation.id);
    reading_.error(call->at, fmt::format("the contract has no operation \"{}\"", call->text),
                   document::suggestion(call->text, known), std::max<size_t>(call->text.size(), 1));
    return nullptr;
  }

  Template value_template(const Node& node, Template::Form form) {
    return Template::compile(node, form, reading_.source, scenario_.program, reading_.diagnostics);
  }

  /// Whether the operation has a parameter of that name; reports it if not.
  bool is_parameter(const contract::Operation& operation, const std::string& name, document::Position at) {
    std::vector<std::string> names;
    for (const auto& parameter : operation.parameters) names.push_back(parameter.name);
    if (std::find(names.begin(), names.end(), name) != names.end()) return true;
    reading_.error(at, fmt::format("operation \"{}\" has no parameter \"{}\"", operation.id, name),
                   document::suggestion(name, names), std::max<size_t>(name.size(), 1));
    return false;
  }

  void load_call(Step& step, Fields& fields) {
    for (const Member& member : fields.map("with")) {
      if (!is_parameter(*step.operation, member.key, member.key_at)) continue;
      step.parameters.emplace_back(member.key, value_template(member.value, Template::Form::json));
    }
    step.omitted = fields.texts("without");
    for (const std::string& name : step.omitted) is_parameter(*step.operation, name, fields.find("without")->at);
    if (const Node* body = fields.find("body")) step.body = value_template(*body, Template::Form::json);
    if (const Node* as = fields.find("as")) {
      step.without_credential = as->text == "none";
      if (!step.without_credential) step.credential = value_template(*as, Template::Form::text);
    }
    if (const Node* expect = fields.require("expect")) load_expect(step, *expect);
  }

  void load_expect(Step& step, const Node& node) {
    const std::vector<Node> one{node};
    for (const Node& wanted : node.is(Kind::list) ? node.items : one) {
      if (wanted.is(Kind::integer)) {
        step.statuses.push_back(static_cast<int>(wanted.integer));
        continue;
      }
      if (step.operation->find_response(wanted.text) != nullptr) {
        step.responses.push_back(wanted.text);
        continue;
      }
      std::vector<std::string> known;
      for (const auto& response : step.operation->responses) known.push_back(response->name);
      reading_.error(wanted.at, fmt::format("operation \"{}\" has no response \"{}\"", step.operation->id, wanted.text),
                     document::suggestion(wanted.text, known), std::max<size_t>(wanted.text.size(), 1));
    }
  }

  /// An expression or a list of them.
  std::vector<Condition> conditions(const Node* node) {
    std::vector<Condition> conditions;
    if (node == nullptr) return conditions;
    const std::vector<Node> one{*node};
    for (const Node& condition : node->is(Kind::list) ? node->items : one) {
      conditions.push_back({contract::add_snippet(condition, false, reading_, scenario_.program), condition.text});
    }
    return conditions;
  }

  const Reading& reading_;
  const contract::Contract& contract_;
  Scenario& scenario_;
};

}  // namespace

std::unique_ptr<Scenario> load_scenario(const std::shared_ptr<const document::Source>& source,
                                        const contract::Contract& contract, document::Diagnostics& diagnostics) {
  const size_t errors_before = diagnostics.errors();
  const auto root = document::parse_yaml(source, diagnostics);
  if (!root) return nullptr;
  auto scenario = std::make_unique<Scenario>();
  const Reading reading{source, diagnostics};
  Loader(reading, contract, *scenario).load(*root);
  contract::KnownNames known;
  known.all = {"variables", "now", "response"};
  for (const Step& step : scenario->steps) {
    for (const auto& [name, value] : step.capture) known.all.push_back(name);
  }
  contract::check_expressions(scenario->program, known, reading);
  return diagnostics.errors() > errors_before ? nullptr : std::move(scenario);
}

std::unique_ptr<Scenario> load_scenario_file(const std::string& file, const contract::Contract& contract,
                                             document::Diagnostics& diagnostics) {
  const auto source = document::read_source(file, diagnostics);
  return source == nullptr ? nullptr : load_scenario(source, contract, diagnostics);
}

std::vector<std::unique_ptr<Scenario>> load_scenarios(const contract::Contract& contract,
                                                      document::Diagnostics& diagnostics) {
  namespace fs = std::filesystem;
  std::vector<std::string> files;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(contract.folder.empty() ? "." : contract.folder, failed)) {
    if (entry.path().filename().string().ends_with(scenario_suffix)) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::unique_ptr<Scenario>> scenarios;
  for (const std::string& file : files) {
    auto scenario = load_scenario_file(file, contract, diagnostics);
    if (scenario == nullptr) continue;
    const auto twin = std::find_if(scenarios.begin(), scenarios.end(),
                                   [&](const auto& other) { return other->name == scenario->name; });
    if (twin != scenarios.end()) {
      diagnostics.error(scenario->where,
                        fmt::format("the scenario \"{}\" is also in {}", scenario->name, (*twin)->where.source->name));
    } else {
      scenarios.push_back(std::move(scenario));
    }
  }
  return scenarios;
}

}  // namespace counterpart::scenario

#include "engine/scenario/story.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "engine/document/json.h"
#include "engine/expression/interpreter.h"
#include "engine/initial_state.h"
#include "engine/response_value.h"

namespace counterpart::scenario {

using contract::Json;

namespace {

/// What a step's expressions see: variables, the clock, what was captured, the latest response.
class StoryScope final : public engine::SpaceScope {
 public:
  using SpaceScope::SpaceScope;

  std::optional<expression::Value> find(std::string_view name) override {
    if (name == "response") return &response;
    const auto captured = captures.find(std::string(name));
    if (captured != captures.end()) return &*captured;
    return SpaceScope::find(name);
  }

  std::vector<std::string> names() const override {
    std::vector<std::string> names = SpaceScope::names();
    names.push_back("response");
    for (const auto& [name, value] : captures.items()) names.push_back(name);
    return names;
  }

  Json response;
  Json captures = Json::object();
};

}  // namespace

class Story::Impl {
 public:
  Impl(const Scenario& scenario, const engine::Engine& engine, state::Space& space)
      : engine_(engine),
        scope_(engine.contract(), space),
        of_contract_(engine.contract().program),
        of_scenario_(scenario.program) {}

  contract::RequestParts parts(const Step& step) {
    contract::RequestParts values;
    values.omitted = step.omitted;
    for (const auto& [name, value] : step.parameters) values.parameters.emplace_back(name, rendered_json(value));
    if (step.body) values.body = rendered_json(*step.body);
    if (step.credential) {
      values.credential = rendered(*step.credential, of_scenario_);
    } else if (!step.without_credential && !step.operation->security.empty()) {
      const auto& scheme = engine_.contract().security[step.operation->security[0]];
      values.credential = rendered(scheme.credential, of_contract_);
    }
    return values;
  }

  http::Request request(const Step& step) {
    return contract::build_request(engine_.contract(), *step.operation, parts(step));
  }

  void observe(const http::Response& response) { scope_.response = engine::response_value(response); }

  bool holds(const Condition& condition) { return of_scenario_.session(scope_).test(condition.expression); }

  void capture(const Step& step) {
    for (const auto& [name, expression] : step.capture) {
      Json value = of_scenario_.session(scope_).value(expression);
      scope_.captures[name] = std::move(value);
    }
  }

 private:
  /// Evaluates a program's expressions; its interpreter is made when one needs it, as most of a story's do not.
  struct Evaluator {
    explicit Evaluator(const expression::Program& of) : program(of) {}

    expression::Session session(expression::Scope& scope) {
      return {program, scope, [this]() -> expression::Interpreter& {
                return interpreter ? *interpreter : interpreter.emplace(program);
              }};
    }

    const expression::Program& program;
    std::optional<expression::Interpreter> interpreter;
  };

  std::string rendered(const expression::Template& value, Evaluator& evaluator) {
    if (value.is_constant()) return value.text();
    std::string text;
    expression::Session session = evaluator.session(scope_);
    value.render(session, text);
    return text;
  }

  Json rendered_json(const expression::Template& value) {
    return document::parse_json(rendered(value, of_scenario_)).value_or(Json());
  }

  const engine::Engine& engine_;
  StoryScope scope_;
  Evaluator of_contract_, of_scenario_;
};

Story::Story(const Scenario& scenario, const engine::Engine& engine, state::Space& space)
    : impl_(std::make_unique<Impl>(scenario, engine, space)) {}
Story::~Story() = default;

contract::RequestParts Story::parts(const Step& step) { return impl_->parts(step); }
http::Request Story::request(const Step& step) { return impl_->request(step); }
void Story::observe(const http::Response& response) { impl_->observe(response); }
bool Story::holds(const Condition& condition) { return impl_->holds(condition); }
void Story::capture(const Step& step) { impl_->capture(step); }

namespace {

template <typename Value>
bool is_among(const std::vector<Value>& all, const Value& sought) {
  return std::find(all.begin(), all.end(), sought) != all.end();
}

}  // namespace

bool Story::expects(const Step& step, const engine::Answer& answer) {
  const bool is_its_own = answer.operation == step.operation && answer.documented != nullptr;
  return is_among(step.statuses, answer.response.status) ||
         (is_its_own && is_among(step.responses, answer.documented->name));
}

bool Story::expects(const Step& step, const contract::Response& response) {
  return is_among(step.statuses, response.status) || is_among(step.responses, response.name);
}

std::string Story::expectation(const Step& step) {
  if (step.responses.empty()) return fmt::format("status {}", fmt::join(step.statuses, " or "));
  return fmt::format("{}", fmt::join(step.responses, " or "));
}

}  // namespace counterpart::scenario

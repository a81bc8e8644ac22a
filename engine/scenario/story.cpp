#include "engine/scenario/story.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "engine/document/json.h"
#include "engine/initial_state.h"
#include "engine/interpreters.h"
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

  bool holds(const Condition& condition) { return Evaluation(of_scenario_, scope_).session.test(condition.expression); }

  void capture(const Step& step) {
    for (const auto& [name, expression] : step.capture) {
      std::string text;
      Evaluation(of_scenario_, scope_).session.append_json(expression, text);
      scope_.captures[name] = value_of(text);
    }
  }

 private:
  /// A session that borrows an interpreter once it needs one: most of a story's expressions are plain.
  struct Evaluation {
    Evaluation(engine::Interpreters& interpreters, expression::Scope& scope)
        : session(interpreters.program(), scope,
                  [this, &interpreters]() -> expression::Interpreter& { return *lease.emplace(interpreters); }) {}

    std::optional<engine::Interpreters::Lease> lease;
    expression::Session session;
  };

  static Json value_of(const std::string& json) { return document::parse_json(json).value_or(Json()); }

  std::string rendered(const expression::Template& value, engine::Interpreters& interpreters) {
    if (value.is_constant()) return value.text();
    std::string text;
    Evaluation evaluation(interpreters, scope_);
    value.render(evaluation.session, text);
    return text;
  }

  Json rendered_json(const expression::Template& value) { return value_of(rendered(value, of_scenario_)); }

  const engine::Engine& engine_;
  StoryScope scope_;
  engine::Interpreters of_contract_, of_scenario_;
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

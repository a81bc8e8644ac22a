#include "engine/scenario/player.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/contract/request_builder.h"
#include "engine/document/json.h"
#include "engine/expression/interpreter.h"
#include "engine/http/media_type.h"
#include "engine/initial_state.h"

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

Json to_json(const http::Response& response) {
  Json headers = Json::object();
  for (const http::Header& field : response.headers) headers[http::lower_case(field.name)] = field.value;
  const std::string* type = response.headers.find("content-type");
  std::optional<Json> body;
  if (type != nullptr && http::is_json(*type)) body = document::parse_json(response.body);
  return {{"status", response.status},
          {"headers", std::move(headers)},
          {"body", body ? *std::move(body) : Json(response.body)}};
}

class Play {
 public:
  Play(const Scenario& scenario, const engine::Engine& engine, state::Space& space)
      : scenario_(scenario),
        engine_(engine),
        space_(space),
        scope_(engine.contract(), space),
        contract_interpreter_(engine.contract().program),
        interpreter_(scenario.program) {}

  Result run() {
    for (const Step& step : scenario_.steps) {
      try {
        play(step);
      } catch (const expression::Error& error) {
        stop(Outcome::failed, error.where(), error.what());
      }
      if (result_.outcome != Outcome::passed) break;
    }
    return std::move(result_);
  }

 private:
  void stop(Outcome outcome, const document::Location& where, std::string message) {
    result_.outcome = outcome;
    result_.where = where;
    result_.message = std::move(message);
  }

  std::string rendered(const expression::Template& value, expression::Interpreter& interpreter) {
    if (value.is_constant()) return value.text();
    std::string text;
    expression::Session session(interpreter, scope_);
    value.render(session, text);
    return text;
  }

  Json rendered_json(const expression::Template& value) {
    return document::parse_json(rendered(value, interpreter_)).value_or(Json());
  }

  http::Request request_of(const Step& step) {
    contract::RequestParts values;
    for (const auto& [name, value] : step.parameters) values.parameters.emplace_back(name, rendered_json(value));
    if (step.body) values.body = rendered_json(*step.body);
    if (step.credential) {
      values.credential = rendered(*step.credential, interpreter_);
    } else if (!step.without_credential && !step.operation->security.empty()) {
      const auto& scheme = engine_.contract().security[step.operation->security[0]];
      values.credential = rendered(scheme.credential, contract_interpreter_);
    }
    return contract::build_request(engine_.contract(), *step.operation, values);
  }

  const document::Location& where(const Condition& condition) const {
    return scenario_.program.at(condition.expression).where;
  }

  bool holds(const Condition& condition) {
    expression::Session session(interpreter_, scope_);
    return session.test(condition.expression);
  }

  static bool is_expected(const Step& step, const engine::Answer& answer) {
    const int status = answer.response.status;
    const bool by_status = std::find(step.statuses.begin(), step.statuses.end(), status) != step.statuses.end();
    const bool by_name =
        answer.operation == step.operation && answer.documented != nullptr &&
        std::find(step.responses.begin(), step.responses.end(), answer.documented->name) != step.responses.end();
    return by_status || by_name;
  }

  static std::string expectation(const Step& step) {
    if (step.responses.empty()) return fmt::format("status {}", fmt::join(step.statuses, " or "));
    return fmt::format("{}", fmt::join(step.responses, " or "));
  }

  void play(const Step& step) {
    if (step.after_ms > 0) {
      // The clock of a scenario is always virtual: the space was made for it.
      static_cast<state::VirtualClock&>(*space_.clock).advance(step.after_ms);
    }
    const engine::Answer answer = engine_.answer(request_of(step), space_);
    scope_.response = to_json(answer.response);
    if (answer.documented != nullptr) result_.met.emplace_back(answer.operation, answer.documented);
    if (!is_expected(step, answer)) {
      const std::string got = answer.documented == nullptr ? "no response of the contract" : answer.documented->name;
      constexpr size_t shown_bytes_max = 300;
      return stop(
          Outcome::failed, step.where,
          fmt::format("{} is expected to get {}, but got {}: status {}, {}", step.operation->id, expectation(step), got,
                      answer.response.status, answer.response.body.substr(0, shown_bytes_max)));
    }
    for (const Condition& condition : step.assume) {
      if (!holds(condition))
        return stop(Outcome::inconclusive, where(condition), "the assumption does not hold: " + condition.text);
    }
    for (const auto& [name, expression] : step.capture) {
      expression::Session session(interpreter_, scope_);
      Json value = session.value(expression);
      scope_.captures[name] = std::move(value);
    }
    for (const Condition& condition : step.assertions) {
      if (!holds(condition)) return stop(Outcome::failed, where(condition), "this does not hold: " + condition.text);
    }
  }

  const Scenario& scenario_;
  const engine::Engine& engine_;
  state::Space& space_;
  StoryScope scope_;
  expression::Interpreter contract_interpreter_;
  expression::Interpreter interpreter_;
  Result result_;
};

}  // namespace

Result play(const Scenario& scenario, const engine::Engine& engine, uint64_t seed, document::Diagnostics& diagnostics) {
  constexpr int64_t epoch_ms = 0;
  const int64_t start = scenario.clock_ms.value_or(engine.contract().clock_ms.value_or(epoch_ms));
  auto space = engine.make_space({seed, start, std::make_unique<state::VirtualClock>(start)}, diagnostics);
  if (space == nullptr) return {Outcome::failed, scenario.where, "the contract's state cannot be made", {}};
  expression::Interpreter interpreter(scenario.program);
  engine::SpaceScope scope(engine.contract(), *space);
  const size_t errors_before = diagnostics.errors();
  for (const auto& [index, items] : scenario.given_items) {
    space->collections[index] = state::Collection(engine.contract().state[index].spec);
    engine::fill(space->collections[index], items, interpreter, scope, diagnostics);
  }
  if (diagnostics.errors() > errors_before)
    return {Outcome::failed, scenario.where, "the given state cannot be made", {}};
  space->expire(start);
  return Play(scenario, engine, *space).run();
}

}  // namespace counterpart::scenario

#include "mock/play/strict.h"

#include <fmt/format.h>

#include "engine/document/json.h"
#include "engine/http/problem.h"
#include "mock/play/request_differences.h"

namespace counterpart::mock {

using contract::Json;

namespace {

constexpr size_t shown_bytes_max = 200;

std::string shown(const http::Request& request) {
  return fmt::format("{} {}", request.method, request.target.substr(0, shown_bytes_max));
}

std::string shown(const Json& value) {
  if (value.is_null()) return "nothing";
  std::string text = document::write_json(value);
  if (text.size() > shown_bytes_max) text = text.substr(0, shown_bytes_max) + "...";
  return text;
}

engine::Answer problem(const contract::Operation* operation, int status, const std::string& detail,
                       std::vector<std::pair<std::string, std::string>> members = {}) {
  engine::Answer answer;
  answer.operation = operation;
  answer.response = http::problem(status, detail, std::move(members));
  return answer;
}

}  // namespace

Strict::Strict(std::shared_ptr<const scenario::Scenario> of, std::shared_ptr<const engine::Engine> engine,
               state::Space& space)
    : scenario_(std::move(of)), engine_(std::move(engine)), space_(space), story_(*scenario_, *engine_, space) {}

std::optional<engine::Answer> Strict::refusal(const http::Request& request, const contract::Operation* operation) {
  const std::string got = operation == nullptr ? shown(request) : operation->id;
  if (finished()) {
    return problem(operation, 409,
                   fmt::format("the scenario \"{}\" is over: all its {} steps were met, but {} came", scenario_->name,
                               scenario_->steps.size(), got));
  }
  const scenario::Step& step = scenario_->steps[next_];
  Json differences = Json::array();
  try {
    const http::Request awaited = story_.request(step);
    if (operation != step.operation) {
      differences.push_back(
          difference("operation", step.operation->id, operation == nullptr ? Json() : Json(operation->id)));
    }
    if (awaited.method != request.method) differences.push_back(difference("method", awaited.method, request.method));
    add_differences(engine_->contract(), *step.operation, awaited, request, differences);
  } catch (const expression::Error& error) {
    return problem(operation, 500, fmt::format("{}: {}", error.where().text(), error.what()));
  }
  if (differences.empty()) {
    if (step.after_ms > 0) space_.clock->advance(step.after_ms);
    return std::nullopt;
  }
  std::string fields;
  for (const Json& one : differences) {
    fields += (fields.empty() ? "" : ", ") + one.at("field").get<std::string>();
  }
  engine::Answer answer =
      problem(operation, 409,
              fmt::format("the scenario \"{}\" awaits step {} of {}: {} (line {}); {} came, which differs in: {}",
                          scenario_->name, next_ + 1, scenario_->steps.size(), step.operation->id, step.where.at.line,
                          got, fields),
              {{"scenario", document::write_json(scenario_->name)},
               {"step", std::to_string(next_ + 1)},
               {"awaited", document::write_json(step.operation->id)},
               {"differences", document::write_json(differences)}});
  answer.nearest = step.operation;
  for (const Json& one : differences) {
    answer.differences.push_back(fmt::format("{}: awaited {}, got {}", one.at("field").get<std::string>(),
                                             shown(one.at("awaited")), shown(one.at("got"))));
  }
  return answer;
}

void Strict::answered(engine::Asked& asked, engine::Answer& answer) {
  const scenario::Step& step = scenario_->steps[next_];
  if (!scenario::Story::expects(step, answer)) {
    const auto& responses = step.operation->responses;
    for (size_t i = 0; i < responses.size(); ++i) {
      engine::Answer candidate;
      candidate.operation = step.operation;
      candidate.documented = responses[i].get();
      candidate.response.status = responses[i]->status;
      if (!scenario::Story::expects(step, candidate)) continue;
      answer = asked.respond(i);
      break;
    }
  }
  ++next_;
  story_.observe(answer.response);
  story_.capture(step);
}

}  // namespace counterpart::mock

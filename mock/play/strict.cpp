#include "mock/play/strict.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/document/json.h"
#include "engine/http/media_type.h"
#include "engine/http/problem.h"
#include "engine/http/url.h"
#include "engine/schema/value.h"

namespace counterpart::mock {

using contract::Json;

namespace {

/// One field of a request that is not as awaited.
Json difference(const std::string& field, Json awaited, Json got) {
  return {{"field", field}, {"awaited", std::move(awaited)}, {"got", std::move(got)}};
}

/// Every value of a name, so that repeated ones are compared as well.
Json values_of(const std::vector<http::QueryParameter>& query, const std::string& name) {
  Json values = Json::array();
  for (const auto& parameter : query) {
    if (parameter.name == name) values.push_back(parameter.value);
  }
  if (values.empty()) return nullptr;
  return values.size() == 1 ? values[0] : values;
}

void compare_targets(const http::Request& awaited, const http::Request& got, Json& differences) {
  const auto wanted = http::parse_target(awaited.target);
  const auto came = http::parse_target(got.target);
  if (!wanted || !came) return;
  const auto without_slash = [](const std::string& path) {
    return path.size() > 1 && path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
  };
  if (without_slash(wanted->path) != without_slash(came->path)) {
    differences.push_back(difference("path", wanted->path, came->path));
  }
  std::vector<std::string> names;
  for (const auto* query : {&wanted->query, &came->query}) {
    for (const auto& parameter : *query) {
      if (std::find(names.begin(), names.end(), parameter.name) == names.end()) names.push_back(parameter.name);
    }
  }
  for (const std::string& name : names) {
    const Json expected = values_of(wanted->query, name);
    const Json sent = values_of(came->query, name);
    if (expected != sent) differences.push_back(difference("query." + name, expected, sent));
  }
}

void compare_headers(const http::Request& awaited, const http::Request& got, Json& differences) {
  for (const http::Header& field : awaited.headers) {
    const std::string name = http::lower_case(field.name);
    if (name == "host" || name == "content-type" || name == "accept") continue;
    const std::string* sent = got.headers.find(field.name);
    if (sent != nullptr && *sent == field.value) continue;
    differences.push_back(difference("headers." + name, field.value, sent == nullptr ? Json() : Json(*sent)));
  }
}

Json body_of(const http::Request& request) {
  if (request.body.empty()) return nullptr;
  if (auto parsed = document::parse_json(request.body)) return *std::move(parsed);
  return request.body;
}

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
    } else {
      compare_targets(awaited, request, differences);
    }
    if (awaited.method != request.method) differences.push_back(difference("method", awaited.method, request.method));
    if (operation == step.operation) {
      compare_headers(awaited, request, differences);
      const Json wanted = body_of(awaited);
      const Json came = body_of(request);
      if (!schema::equal(wanted, came)) differences.push_back(difference("body", wanted, came));
    }
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

/// What the space is scripted to do: scenario, play.
#include <fmt/format.h>

#include <algorithm>

#include "engine/document/json.h"
#include "mock/admin/endpoint.h"

namespace counterpart::mock::admin {

namespace {

std::string diagnostics_json(const std::string& text) { return document::write_json(text); }

http::Response get_scenario(Call& call) {
  Space& space = call.space();
  const Casting casting = space.casting();
  Json progress = Json::array();
  for (const Space::StrictStatus& status : space.strict_status()) {
    progress.push_back(
        {{"contract", status.contract}, {"scenario", status.scenario}, {"steps", status.steps}, {"done", status.done}});
  }
  return answer({{"scenario", casting.scenarios}, {"strict", casting.strict}, {"progress", std::move(progress)}});
}

http::Response put_scenario(Call& call) {
  Space& space = call.space();
  const auto stage = space.stage();
  const Json& named = call.body["scenario"];
  Casting casting;
  casting.strict = call.body.value("strict", false);
  casting.scenarios = named.is_string() ? std::vector{named.get<std::string>()} : named.get<std::vector<std::string>>();
  if (const auto refusal = stage->refusal(casting)) refuse(422, *refusal);
  document::Diagnostics diagnostics;
  for (const Seat& seat : stage->seats()) seat.begin(casting, diagnostics);
  if (diagnostics.has_errors()) {
    refuse(422, "the scenario cannot begin", {{"diagnostics", diagnostics_json(diagnostics.render(false))}});
  }
  space.cast(casting);
  return get_scenario(call);
}

/// What one contract makes of the entries.
struct Reading {
  size_t seat = 0;
  std::shared_ptr<Cues> cues;  ///< nullptr: they do not fit
  document::Diagnostics diagnostics;
};

/// JSON is YAML, but for surrogates written as escapes, which are written out here. All else stays as it was sent, so
/// that diagnostics show where it stands.
std::string as_yaml(const Call& call) {
  const std::string& text = call.request.body;
  return text.find("\\u") == std::string::npos ? text : document::write_json(call.body);
}

[[noreturn]] void refuse_entries(const std::vector<Reading>& readings, const Stage& stage) {
  size_t fewest = SIZE_MAX;
  for (const Reading& reading : readings) fewest = std::min(fewest, reading.diagnostics.errors());
  std::string text;
  std::string names;
  for (const Reading& reading : readings) {
    names += (names.empty() ? "" : ", ") + stage.seats()[reading.seat].name();
    if (reading.diagnostics.errors() > fewest) continue;  // they were surely meant for another
    if (readings.size() > 1) text += fmt::format("as entries of {}:\n", stage.seats()[reading.seat].name());
    text += reading.diagnostics.render(false);
  }
  refuse(422, fmt::format("these are no entries of `play` for {}", names), {{"diagnostics", diagnostics_json(text)}});
}

http::Response add_play(Call& call) {
  Space& space = call.space();
  const auto stage = space.stage();
  const std::string text = as_yaml(call);
  std::vector<Reading> readings;
  std::vector<const Reading*> fitting;
  for (const size_t seat : call.seats(*stage)) {
    Reading& reading = readings.emplace_back();
    reading.seat = seat;
    reading.cues = Cues::parse("play", text, stage->seats()[seat].engine->contract(), reading.diagnostics);
  }
  std::string names;
  for (const Reading& reading : readings) {
    if (reading.cues == nullptr) continue;
    names += (names.empty() ? "" : ", ") + stage->seats()[reading.seat].name();
    fitting.push_back(&reading);
  }
  if (fitting.empty()) refuse_entries(readings, *stage);
  if (fitting.size() > 1) {
    refuse(409, fmt::format("several contracts can play this; say which with ?contract=NAME, one of: {}", names));
  }
  space.add_cues(fitting[0]->seat, fitting[0]->cues);
  return answer({{"contract", names}, {"added", fitting[0]->cues->entries().size()}});
}

constexpr std::string_view casting_schema = R"({
  "type": "object",
  "properties": {
    "scenario": { "type": ["string", "array"], "items": { "type": "string" },
                  "description": "A name, or several; [] for none" },
    "strict": { "type": "boolean", "description": "The steps are what the client must send, in order" }
  },
  "required": ["scenario"],
  "additionalProperties": false
})";

/// What an entry may hold is said by the diagnostics of its loader, which show where it stands.
constexpr std::string_view entries_schema = R"({
  "type": "array",
  "items": {
    "properties": {
      "on": { "description": "An operation, or \"*\"" },
      "when": { "description": "An expression; without it: always" },
      "times": { "description": "How often it holds; without it: for ever" },
      "chance": { "description": "From 0 to 1, drawn from the space's seed" },
      "respond": { "description": "A response of the operation, by name" },
      "override": { "description": "status, headers, body or body-base64, content-type instead of the answer's" },
      "delay": { "description": "A duration, {uniform: [from, to]} or {lognormal: {median, sigma}}" },
      "fault": { "description": "A fault by name, or {name: options}" }
    }
  }
})";

}  // namespace

std::vector<Endpoint> script_endpoints() {
  const Reply full = problem(503, "There are as many spaces as may be");
  const Reply scenario{200, "What is played, and how far each strict scenario is", "Scenario"};
  return {
      {.method = "GET",
       .path = "scenario",
       .id = "getScenario",
       .summary = "Which scenarios the space plays",
       .replies = {scenario, full},
       .handle = get_scenario},
      {.method = "PUT",
       .path = "scenario",
       .id = "putScenario",
       .summary = "Plays other scenarios: state and clock begin as they say",
       .body = casting_schema,
       .replies = {scenario, problem(422, "This cannot be played"), full},
       .handle = put_scenario},
      {.method = "POST",
       .path = "play",
       .id = "addPlay",
       .summary = "More entries of `play`, tried after those that are there and before the rules",
       .query_parameters = {contract_parameter},
       .body = entries_schema,
       .replies = {{200, "They are played from now on", "Added"},
                   problem(409, "Several contracts can play them"),
                   problem(422, "They are no entries; with the loader's diagnostics"),
                   full},
       .handle = add_play},
  };
}

}  // namespace counterpart::mock::admin

/// Worlds and their time: reset, clock, spaces.
#include <fmt/format.h>

#include "engine/scenario/duration.h"
#include "engine/state/time_text.h"
#include "mock/admin/endpoint.h"

namespace counterpart::mock::admin {

namespace {

http::Response reset(Call& call) {
  call.spaces.reset(call.space());
  return nothing();
}

Json clock_json(const std::string& contract, int64_t now_ms) {
  return {{"contract", contract}, {"now", state::to_iso(now_ms)}, {"ms", now_ms}};
}

http::Response get_clock(Call& call) {
  Space& space = call.space();
  const auto stage = space.stage();
  Json clocks = Json::array();
  for (const size_t seat : call.seats(*stage)) {
    space.with_state(seat, [&](const state::Space& state) {
      clocks.push_back(clock_json(stage->seats()[seat].name(), state.clock->now_ms()));
    });
  }
  return answer({{"clocks", std::move(clocks)}});
}

/// How a clock is to be moved: one of the two.
struct Movement {
  std::optional<int64_t> set_ms, advance_ms;
};

Movement read_movement(const Json& body) {
  if (body.contains("set") == body.contains("advance")) refuse(400, "a clock is either set or advanced: give one");
  Movement movement;
  if (body.contains("set")) {
    const auto& text = body["set"].get_ref<const std::string&>();
    movement.set_ms = state::from_iso(text);
    if (!movement.set_ms) {
      refuse(400, fmt::format("\"{}\" is no RFC 3339 date-time; for example 2022-04-04T09:00:00Z", text));
    }
  } else {
    const auto& text = body["advance"].get_ref<const std::string&>();
    movement.advance_ms = scenario::duration_ms(text);
    if (!movement.advance_ms) {
      refuse(400, fmt::format("\"{}\" is no duration; {}", text, scenario::duration_hint));
    }
  }
  return movement;
}

void move(state::Clock& clock, const Movement& movement) {
  if (movement.set_ms) return clock.set(*movement.set_ms);
  if (state::to_iso(clock.now_ms() + *movement.advance_ms).empty()) {
    refuse(422, "a clock goes no further than the year 9999");
  }
  clock.advance(*movement.advance_ms);
}

http::Response put_clock(Call& call) {
  Space& space = call.space();
  const auto stage = space.stage();
  const Movement movement = read_movement(call.body);
  for (const size_t seat : call.seats(*stage)) {
    space.with_state(seat, [&](const state::Space& state) { move(*state.clock, movement); });
  }
  return get_clock(call);
}

http::Response list_spaces(Call& call) {
  return answer({{"spaces", call.spaces.names()}, {"spaces-max", call.spaces.options().spaces_max}});
}

http::Response remove_spaces(Call& call) {
  call.spaces.remove_all();
  return nothing();
}

http::Response remove_space(Call& call) {
  if (call.spaces.remove(call.arguments[0])) return nothing();
  refuse(404, fmt::format("there is no space \"{}\"", call.arguments[0]));
}

constexpr std::string_view movement_schema = R"({
  "type": "object",
  "properties": {
    "set": { "type": "string", "description": "An RFC 3339 date-time" },
    "advance": { "type": "string", "description": "A duration: 250ms, 5s, 2m, 1h, 30d" }
  },
  "additionalProperties": false
})";

}  // namespace

std::vector<Endpoint> space_endpoints() {
  const Reply full = problem(503, "There are as many spaces as may be");
  const Reply clocks{200, "The clock of each contract", "Clocks"};
  return {
      {.method = "POST",
       .path = "reset",
       .id = "reset",
       .summary = "State, clock, play and randomness begin anew; the journal and the counts are empty",
       .replies = {{204, "The space is as it began"}, full},
       .handle = reset},
      {.method = "GET",
       .path = "clock",
       .id = "getClock",
       .summary = "What time it is in the space",
       .query_parameters = {contract_parameter},
       .replies = {clocks, full},
       .handle = get_clock},
      {.method = "PUT",
       .path = "clock",
       .id = "putClock",
       .summary = "Moves the clocks of the space: set or advance",
       .query_parameters = {contract_parameter},
       .body = movement_schema,
       .replies = {clocks, problem(422, "No clock goes so far"), full},
       .handle = put_clock},
      {.method = "GET",
       .path = "spaces",
       .id = "listSpaces",
       .summary = "The names of the spaces, and how many there may be",
       .replies = {{200, "Without the unnamed one, which is always there", "Spaces"}},
       .handle = list_spaces},
      {.method = "DELETE",
       .path = "spaces",
       .id = "deleteSpaces",
       .summary = "Forgets every space but the unnamed one",
       .replies = {{204, "They are gone; a request makes each anew"}},
       .handle = remove_spaces},
      {.method = "DELETE",
       .path = "spaces/{name}",
       .id = "deleteSpace",
       .summary = "Forgets a space",
       .path_parameters = {{"name", R"({"type":"string"})", "The space's name"}},
       .replies = {{204, "It is gone; a request makes it anew"}, problem(404, "There is no such space")},
       .handle = remove_space},
  };
}

}  // namespace counterpart::mock::admin

#include "engine/initial_state.h"

#include <fmt/format.h>

#include "engine/document/json.h"

namespace counterpart::engine {

namespace {

using Json = nlohmann::ordered_json;

/// Puts the rendered items of one template into a collection; what cannot be stored is reported.
void insert_items(state::Collection& collection, std::string_view text, const document::Location& where,
                  document::Diagnostics& diagnostics) {
  std::string error;
  auto rendered = document::parse_json(text, &error);
  if (!rendered) return diagnostics.error(where, "the item is not JSON: " + error);
  Json items = rendered->is_array() ? *std::move(rendered) : Json::array({*std::move(rendered)});
  for (Json& item : items) {
    if (const auto refusal = collection.refusal(item)) {
      diagnostics.error(where, *refusal);
      continue;
    }
    const Json key = item.at(collection.spec().key);
    if (collection.insert(std::move(item))) continue;
    diagnostics.error(
        where, fmt::format("two items of {} have the key {}", collection.spec().name, document::write_json(key)));
  }
}

}  // namespace

std::optional<expression::Value> SpaceScope::find(std::string_view name) {
  if (name == "variables") return &contract_.variables;
  if (name == "now") return space_.clock->now_ms();
  return std::nullopt;
}

InitialState::InitialState(expression::Interpreter& interpreter, SpaceScope& scope, expression::Budget budget)
    : session_(interpreter, scope, budget) {}

void InitialState::fill(state::Collection& collection, const contract::Items& items,
                        document::Diagnostics& diagnostics) {
  for (const contract::ItemTemplate& item : items) {
    const auto insert = [&](std::string_view text) { insert_items(collection, text, item.where, diagnostics); };
    if (item.value.is_constant()) {
      insert(item.value.text());
      continue;
    }
    try {
      item.value.render_items(session_, insert);
    } catch (const expression::Error& error) {
      diagnostics.error(error.where(), error.what());
    }
  }
  collection.settle();
}

void check_items(const contract::Contract& contract, document::Diagnostics& diagnostics) {
  state::Space space(std::make_unique<state::VirtualClock>(contract.clock_ms.value_or(0)), 0);
  SpaceScope scope(contract, space);
  expression::Interpreter interpreter(contract.program);
  InitialState initial(interpreter, scope);
  for (const contract::Collection& collection : contract.state) {
    state::Collection checked(collection.spec);
    initial.fill(checked, collection.items, diagnostics);
  }
}

}  // namespace counterpart::engine

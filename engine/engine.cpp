#include "engine/engine.h"

#include <fmt/format.h>

#include "engine/answering.h"
#include "engine/document/json.h"
#include "engine/http/problem.h"

namespace counterpart::engine {

namespace {

/// A clock that always shows the time it is told; `real` clocks are given by the player.
std::unique_ptr<state::Clock> clock_for(const contract::Contract& contract, int64_t now_ms, std::unique_ptr<state::Clock> real) {
  if (contract.clock_is_real && real != nullptr) return real;
  return std::make_unique<state::VirtualClock>(contract.clock_ms.value_or(now_ms));
}

std::string undocumented_text(const contract::Operation& operation, const contract::Response& response) {
  std::string text = operation.undocumented;
  for (const contract::Undocumented& part : response.undocumented) {
    if (!text.empty()) text += "; ";
    text += part.part == "response" ? part.reason : fmt::format("{}: {}", part.part, part.reason);
  }
  return text;
}

ReadyResponse prepare(const contract::Operation& operation, const contract::Response& response) {
  ReadyResponse ready;
  ready.source = &response;
  ready.response.status = response.status;
  if (!response.content_type.empty()) ready.response.headers.add("Content-Type", response.content_type);
  for (const auto& [name, value] : response.headers) {
    if (value.is_constant()) {
      ready.response.headers.add(name, value.text());
    } else {
      ready.headers_are_constant = false;
    }
  }
  ready.response.headers.add(operation_header, operation.id);
  ready.response.headers.add(response_header, response.name);
  if (std::string why = undocumented_text(operation, response); !why.empty()) {
    ready.response.headers.add(undocumented_header, std::move(why));
  }
  ready.body_is_constant = response.body.is_constant();
  if (ready.body_is_constant) ready.response.body = response.body.text();
  return ready;
}

/// Puts the rendered items of one template into a collection; what cannot be stored is reported.
void insert_items(state::Collection& collection, std::string_view text, const document::Location& where,
                  document::Diagnostics& diagnostics) {
  std::string error;
  const auto rendered = document::parse_json(text, &error);
  if (!rendered) return diagnostics.error(where, "the item is not JSON: " + error);
  const Json items = rendered->is_array() ? *rendered : Json::array({*rendered});
  for (const Json& item : items) {
    if (const auto refusal = collection.refusal(item)) {
      diagnostics.error(where, *refusal);
    } else if (!collection.insert(item)) {
      diagnostics.error(where, fmt::format("two items of {} have the key {}", collection.spec().name,
                                           document::write_json(item.at(collection.spec().key))));
    }
  }
}

/// Making a state may take a hundred times what one answer may: it happens once.
constexpr expression::Budget state_budget{10'000'000'000, 256u << 20, 120'000};

}  // namespace

Prepared::Prepared(const contract::Contract& contract) : interpreters(contract.program) {
  static constexpr std::pair<std::string_view, Word> words[] = {
      {"path", Word::path},       {"query", Word::query},           {"headers", Word::headers}, {"cookies", Word::cookies},
      {"body", Word::body},       {"credential", Word::credential}, {"invalid", Word::invalid}, {"variables", Word::variables},
      {"now", Word::now},         {"request", Word::request},
  };
  for (const auto& [name, word] : words) names.emplace(name, word);
  for (size_t i = 0; i < contract.state.size(); ++i) names.emplace(contract.state[i].spec->name, CollectionName{i});
  for (const contract::Let& let : contract.lets) names.emplace(let.name, expression::Let{let.expression});
  for (const contract::Operation& operation : contract.operations) {
    responses.emplace_back();
    for (const auto& response : operation.responses) responses.back().push_back(prepare(operation, *response));
  }
}

Engine::Engine(contract::Loaded loaded) : loaded_(std::move(loaded)), prepared_(std::make_unique<Prepared>(*loaded_.contract)) {}

Engine::~Engine() = default;

std::unique_ptr<state::Space> Engine::make_space(uint64_t seed, int64_t now_ms, document::Diagnostics& diagnostics,
                                                 std::unique_ptr<state::Clock> clock) const {
  const contract::Contract& contract = *loaded_.contract;
  const size_t errors_before = diagnostics.errors();
  auto space = std::make_unique<state::Space>(clock_for(contract, now_ms, std::move(clock)), seed);
  SpaceScope scope(contract, *space);
  for (const contract::Collection& collection : contract.state) {
    space->collections.emplace_back(collection.spec);
    for (size_t i = 0; i < collection.items.size(); ++i) {
      const auto insert = [&](std::string_view text) {
        insert_items(space->collections.back(), text, collection.items_where[i], diagnostics);
      };
      if (collection.items[i].is_constant()) {
        insert(collection.items[i].text());
        continue;
      }
      const Interpreters::Lease lease(prepared_->interpreters);
      try {
        expression::Session session(*lease, scope, state_budget);
        collection.items[i].render_items(session, insert);
      } catch (const expression::Error& error) {
        diagnostics.error(error.where(), error.what());
      }
    }
  }
  space->expire(space->clock->now_ms());
  return diagnostics.errors() > errors_before ? nullptr : std::move(space);
}

Answer Engine::answer(const http::Request& request, state::Space& space) const {
  try {
    return Answering(loaded_, *prepared_, request, space).run();
  } catch (const std::exception& error) {
    // Memory, in the end: everything else is caught where it can be explained.
    Answer answer;
    answer.response = http::problem(500, fmt::format("the engine failed: {}", error.what()));
    return answer;
  }
}

bool Engine::knows_path(const http::Request& request) const {
  const auto target = http::parse_target(request.target);
  if (!target) return false;
  RequestValues values(request, *target);
  return loaded_.router->find(request.method, target->segments, values).path_known;
}

}  // namespace counterpart::engine

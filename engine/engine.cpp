#include "engine/engine.h"

#include <fmt/format.h>

#include "engine/answering.h"
#include "engine/http/problem.h"

namespace counterpart::engine {

namespace {

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
      ready.response.headers.add(name, http::field_value(value.text()));
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

}  // namespace

Prepared::Prepared(const contract::Contract& contract) : interpreters(contract.program) {
  static constexpr std::pair<std::string_view, Word> words[] = {
      {"path", Word::path},       {"query", Word::query},         {"headers", Word::headers},
      {"cookies", Word::cookies}, {"body", Word::body},           {"credential", Word::credential},
      {"invalid", Word::invalid}, {"variables", Word::variables}, {"now", Word::now},
      {"request", Word::request},
  };
  for (const auto& [name, word] : words) names.emplace(name, word);
  for (size_t i = 0; i < contract.state.size(); ++i) names.emplace(contract.state[i].spec->name, CollectionName{i});
  for (const contract::Let& let : contract.lets) names.emplace(let.name, expression::Let{let.expression});
  for (const contract::Operation& operation : contract.operations) {
    responses.emplace_back();
    for (const auto& response : operation.responses) responses.back().push_back(prepare(operation, *response));
  }
}

Engine::Engine(contract::Loaded loaded)
    : loaded_(std::move(loaded)), prepared_(std::make_unique<Prepared>(*loaded_.contract)) {}

Engine::~Engine() = default;

std::unique_ptr<state::Space> Engine::make_space(SpaceOptions options, document::Diagnostics& diagnostics) const {
  const contract::Contract& contract = *loaded_.contract;
  const size_t errors_before = diagnostics.errors();
  if (options.clock == nullptr) {
    options.clock = std::make_unique<state::VirtualClock>(contract.clock_ms.value_or(options.now_ms));
  }
  auto space = std::make_unique<state::Space>(std::move(options.clock), options.seed);
  SpaceScope scope(contract, *space);
  const Interpreters::Lease lease(prepared_->interpreters);
  for (const contract::Collection& collection : contract.state) {
    space->collections.emplace_back(collection.spec);
    fill(space->collections.back(), collection.items, *lease, scope, diagnostics);
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

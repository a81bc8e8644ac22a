#include "engine/engine.h"

#include "engine/answering.h"
#include "engine/http/problem.h"

namespace counterpart::engine {

Prepared::Prepared(const contract::Contract& contract) : interpreters(contract.program), responses(contract) {
  static constexpr std::pair<std::string_view, Word> words[] = {
      {"path", Word::path},       {"query", Word::query},         {"headers", Word::headers},
      {"cookies", Word::cookies}, {"body", Word::body},           {"credential", Word::credential},
      {"invalid", Word::invalid}, {"variables", Word::variables}, {"now", Word::now},
      {"request", Word::request},
  };
  for (const auto& [name, word] : words) names.emplace(name, word);
  for (size_t i = 0; i < contract.state.size(); ++i) names.emplace(contract.state[i].spec->name, CollectionName{i});
  for (const contract::Let& let : contract.lets) names.emplace(let.name, expression::Let{let.expression});
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
  InitialState initial(*lease, scope);
  for (const contract::Collection& collection : contract.state) {
    space->add(state::Collection(collection.spec));
    initial.fill(space->own(space->collections() - 1), collection.items, diagnostics);
  }
  space->expire(space->clock->now_ms());
  return diagnostics.errors() > errors_before ? nullptr : std::move(space);
}

Answer Engine::answer(const http::Request& request, state::Space& space, Director* director) const {
  try {
    return Answering(loaded_, *prepared_, request, space, director).run();
  } catch (const std::exception& error) {
    // Memory, in the end: everything else is caught where it can be explained.
    Answer answer;
    answer.response = http::problem(500, fmt::format("the engine failed: {}", error.what()));
    return answer;
  }
}

bool Engine::observe(const http::Request& request, document::Json response, state::Space& space) const {
  return Answering(loaded_, *prepared_, request, space, nullptr).observe(std::move(response));
}

bool Engine::knows_path(const http::Request& request) const {
  const auto target = http::parse_target(request.target);
  if (!target) return false;
  RequestValues values(request, *target);
  return loaded_.router->find(request.method, target->segments, values).path_known;
}

}  // namespace counterpart::engine

#pragma once
/// Internal to the engine: one request being answered.

#include <fmt/format.h>

#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <variant>

#include "engine/director.h"
#include "engine/engine.h"
#include "engine/expression/interpreter.h"
#include "engine/expression/scope.h"
#include "engine/initial_state.h"
#include "engine/ready_responses.h"
#include "engine/request_values.h"

namespace counterpart::engine {

/// What a name of an expression stands for, whatever the request.
enum class Word { path, query, headers, cookies, body, credential, invalid, variables, now, request };
struct CollectionName {
  size_t index;
};
using Name = std::variant<Word, CollectionName, expression::Let>;

/// What an Engine knows beyond its contract; made once.
struct Prepared {
  explicit Prepared(const contract::Contract& contract);

  Interpreters interpreters;
  std::unordered_map<std::string_view, Name> names;
  ReadyResponses responses;
};

class Answering final : public SpaceScope, private Asked {
 public:
  /// `director` may be nullptr.
  Answering(const contract::Loaded& loaded, Prepared& prepared, const http::Request& request, state::Space& space,
            Director* director);

  Answer run();
  /// Runs `observe` of the operation the request means; whether that stored anything. `response` is the answer's
  /// response_value(). Throws expression::Error.
  bool observe(document::Json response);

  std::optional<expression::Value> find(std::string_view name) override;
  std::vector<std::string> names() const override;

 private:
  const http::Request& request() const override { return request_; }
  const contract::Operation& operation() const override { return *operation_; }
  bool holds(Interpreters& program, expression::SnippetId expression) override;
  std::string rendered(Interpreters& program, const expression::Template& text) override;
  Answer respond(size_t response) override;

  contract::Router::Match match();
  Answer decide(const contract::Operation& operation);
  Answer play(const contract::Operation& operation);
  const ReadyResponse& ready(const contract::Operation& operation, size_t response) const;
  Answer forced(const contract::Operation& operation, std::string_view preferences);
  Answer respond(const contract::Operation& operation, const ReadyResponse& ready, const contract::Rule* rule);
  Answer respond_by_example(const contract::Operation& operation, size_t response);
  void render_headers(const ReadyResponse& ready, http::Response& into);
  void render(const ReadyResponse& ready, http::Response& into);
  expression::Session& session();
  expression::Session& session_of(Interpreters& program);
  void end_directing();
  void lock();

  const contract::Loaded& loaded_;
  Prepared& prepared_;
  const http::Request& request_;
  Director* const director_;
  http::Target target_;
  RequestValues values_;
  const contract::Operation* operation_ = nullptr;
  std::optional<Json> observed_;
  // Destroyed in reverse: the session ends, the interpreter is given back, then the space is unlocked.
  std::shared_lock<std::shared_mutex> reading_;
  std::unique_lock<std::shared_mutex> writing_;
  std::optional<Interpreters::Lease> interpreter_;
  std::optional<expression::Session> session_;
  /// The director's, kept for its next expression of the same program.
  Interpreters* directing_program_ = nullptr;
  std::optional<Interpreters::Lease> directing_interpreter_;
  std::optional<expression::Session> directing_session_;
};

}  // namespace counterpart::engine

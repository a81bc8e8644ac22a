#pragma once
/// Internal to the engine: one request being answered.

#include <fmt/format.h>

#include <mutex>
#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <variant>

#include "engine/engine.h"
#include "engine/expression/interpreter.h"
#include "engine/expression/scope.h"
#include "engine/initial_state.h"
#include "engine/ready_responses.h"
#include "engine/request_values.h"

namespace counterpart::engine {

/// Interpreters of one contract, lent to answers and reused: making one takes longer than an answer.
class Interpreters {
 public:
  explicit Interpreters(const expression::Program& program) : program_(program) {}

  class Lease {
   public:
    explicit Lease(Interpreters& pool) : pool_(pool), lent_(pool.take()) {}
    ~Lease() { pool_.give_back(std::move(lent_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    expression::Interpreter& operator*() const { return *lent_; }

   private:
    Interpreters& pool_;
    std::unique_ptr<expression::Interpreter> lent_;
  };

 private:
  std::unique_ptr<expression::Interpreter> take();
  void give_back(std::unique_ptr<expression::Interpreter> interpreter);

  const expression::Program& program_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<expression::Interpreter>> idle_;
};

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

class Answering final : public SpaceScope {
 public:
  Answering(const contract::Loaded& loaded, Prepared& prepared, const http::Request& request, state::Space& space);

  Answer run();

  std::optional<expression::Value> find(std::string_view name) override;
  std::vector<std::string> names() const override;

 private:
  Answer refuse(const contract::Router::Match& match);
  Answer play(const contract::Operation& operation);
  const ReadyResponse& ready(const contract::Operation& operation, size_t response) const;
  Answer forced(const contract::Operation& operation, std::string_view preferences);
  Answer respond(const contract::Operation& operation, const ReadyResponse& ready, const contract::Rule* rule);
  Answer respond_by_example(const contract::Operation& operation, size_t response);
  Answer failure(const contract::Operation& operation, const expression::Error& error);
  void render_headers(const ReadyResponse& ready, http::Response& into);
  void render(const ReadyResponse& ready, http::Response& into);
  expression::Session& session();
  void lock();

  const contract::Loaded& loaded_;
  Prepared& prepared_;
  const http::Request& request_;
  http::Target target_;
  RequestValues values_;
  const contract::Operation* operation_ = nullptr;
  // Destroyed in reverse: the session ends, the interpreter is given back, then the space is unlocked.
  std::shared_lock<std::shared_mutex> reading_;
  std::unique_lock<std::shared_mutex> writing_;
  std::optional<Interpreters::Lease> interpreter_;
  std::optional<expression::Session> session_;
};

}  // namespace counterpart::engine

#pragma once
/// The mock's handler: hands each request to the contract it is for, and adds what belongs to the mock rather than to
/// any contract (CORS, problems for paths nobody knows).

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "mock/handler.h"

namespace counterpart::mock {

/// One exchange, as the log tells it. Views are valid during the call.
struct Exchange {
  const http::Request& request;
  const engine::Answer& answer;
  int64_t microseconds;
};

struct PlayerOptions {
  bool cors = false;                                 ///< answer preflights and let every origin read (Fetch, 3.2)
  std::function<void(const Exchange&)> on_exchange;  ///< called on the worker's thread after each answer; may be empty
};

class Player final : public Handler {
 public:
  explicit Player(PlayerOptions options) : options_(std::move(options)) {}

  /// Adds a contract with the space it plays in. A path that an earlier contract could answer too is a clash: then the
  /// sentence that names both, and nothing is added.
  std::optional<std::string> add(std::shared_ptr<const engine::Engine> engine, std::shared_ptr<state::Space> space);

  /// Thread-safe once every contract is added.
  http::Response answer(const http::Request& request) override;
  void refused(const http::Request& read, http::Response& problem) override;

 private:
  struct Seat {
    std::shared_ptr<const engine::Engine> engine;
    std::shared_ptr<state::Space> space;
  };

  engine::Answer ask(const http::Request& request) const;
  engine::Answer unknown_path(const http::Request& request) const;
  void finish(const http::Request& request, engine::Answer& answer, int64_t microseconds) const;

  PlayerOptions options_;
  std::vector<Seat> seats_;
};

}  // namespace counterpart::mock

#pragma once
/// Who answers: the one interface between the server, which knows HTTP, and what it serves (mock/player.h).

#include "engine/http/message.h"

namespace counterpart::mock {

/// Called on workers' threads, from many at once. Must not block: a worker serves many connections. Should not throw:
/// what an answer() throws becomes a 500 problem.
class Handler {
 public:
  virtual ~Handler() = default;

  /// Answers one request.
  virtual http::Response answer(const http::Request& request) = 0;

  /// The server itself answers, with a problem, because what came is no request, breaks one of the Limits, or did not
  /// come in time. `read` is what was understood of it; every part may be empty. `problem` may be added to.
  virtual void refused(const http::Request& read, http::Response& problem) = 0;
};

}  // namespace counterpart::mock

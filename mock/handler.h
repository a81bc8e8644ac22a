#pragma once
/// Who answers: the one interface between the server, which knows HTTP, and what it serves (mock/player.h).

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

#include "engine/http/message.h"

namespace counterpart::mock {

namespace faults {
class Fault;
}

/// An answer, and how it goes out.
struct Reply {
  Reply() = default;
  Reply(http::Response of) : response(std::move(of)) {}

  http::Response response;
  std::chrono::milliseconds delay{0};            ///< before its first byte; other connections never wait for it
  std::shared_ptr<const faults::Fault> fault{};  ///< what is done to its bytes; nullptr: nothing
  uint64_t fault_seed = 0;                       ///< of the fault's random numbers
};

/// Called on workers' threads, from many at once. Must not block: a worker serves many connections. Should not throw:
/// what an answer() throws becomes a 500 problem.
class Handler {
 public:
  virtual ~Handler() = default;

  /// Answers one request, and may change it: nobody else needs it.
  virtual Reply answer(http::Request& request) = 0;

  /// The server itself answers, with a problem, because what came is no request, breaks one of the Limits, or did not
  /// come in time. `read` is what was understood of it; every part may be empty. `problem` may be added to.
  virtual void refused(const http::Request& read, http::Response& problem) = 0;
};

}  // namespace counterpart::mock

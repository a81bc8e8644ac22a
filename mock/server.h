#pragma once
/// The mock's HTTP/1.1 server: Asio moves the bytes, cpp-httplib writes HTTP, a handler answers. It knows
/// requests and responses and nothing of contracts; mock/player.h is the handler.
///
/// Threads: `workers` of them, each with its own io_context and its own connections, so no connection's state
/// is shared. A connection costs memory, never a thread: nothing ever blocks on a client.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "mock/handler.h"

namespace counterpart::mock {

namespace tls {
class Context;
}

/// Every limit of a connection, in one place. What is past one gets the status named, then the connection closes.
struct Limits {
  size_t target_bytes_max = 8192;                  ///< 414
  size_t header_bytes_max = 64 * 1024;             ///< the whole head; 431
  size_t header_count_max = 200;                   ///< 431
  size_t body_bytes_max = 16u << 20;               ///< 413, before the body is read where Content-Length says it
  size_t connections_max = 10'000;                 ///< 503
  size_t held_bytes_max = 256u << 20;              ///< of all connections: of requests that are not whole, of answers
                                                   ///< that are not read; past it the large ones get 503, or are cut
  std::chrono::milliseconds request_time{10'000};  ///< from a request's first byte to its last; 408
  std::chrono::milliseconds idle_time{75'000};     ///< between requests; closed without a word
  std::chrono::milliseconds write_time{30'000};    ///< a client that reads nothing for so long is cut off
  std::chrono::milliseconds turn_time{10};         ///< a connection answers so long before others have their turn
  std::chrono::milliseconds stop_time{5'000};      ///< how long a graceful stop waits for requests in flight
};

struct ServerOptions {
  std::string host = "127.0.0.1";
  uint16_t port = 0;                          ///< 0: the system picks a free one
  unsigned workers = 0;                       ///< 0: one a core
  std::shared_ptr<const tls::Context> tls{};  ///< nullptr: plain HTTP
  Limits limits{};
};

class Server {
 public:
  /// `handler` must outlive the server.
  Server(ServerOptions options, Handler& handler);
  ~Server();  ///< stops, if it still runs

  /// Binds and listens; from here on connections are accepted by the kernel. On failure returns false and says
  /// why in error() ("127.0.0.1:4010 is already in use").
  bool listen();
  const std::string& error() const;

  /// The port it listens on, once listen() was true.
  uint16_t port() const;
  /// "http://127.0.0.1:4010", ready to be given to a client (an IPv6 host is bracketed).
  std::string url() const;

  /// Starts the workers and returns.
  void start();

  /// Graceful: accepts no more, closes idle connections, finishes the requests in flight (their answers say
  /// Connection: close), cuts what is left after Limits::stop_time. Returns when every worker has ended, with the number
  /// of answers that were cut. Callable once from any thread that is not a worker.
  size_t stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::mock

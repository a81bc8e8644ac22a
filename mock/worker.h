#pragma once
/// One thread of the mock's server: an Asio io_context, the sockets dealt to it, and the timer that enforces the time
/// limits on them. Used by Server. Asio stays in the .cpp files.

#include <atomic>
#include <cstddef>
#include <memory>

#include "mock/server.h"

namespace asio {
class io_context;
}

namespace counterpart::mock {

class Worker {
 public:
  /// `options`, `handler` and `connections` must outlive the worker. `workers`: how many share the limits.
  Worker(const ServerOptions& options, size_t workers, Handler& handler, std::atomic<size_t>& connections);
  ~Worker();

  /// For what else shall run on this thread.
  asio::io_context& context();

  /// Starts the thread.
  void start();

  /// Takes over an accepted socket, a native descriptor; `connections` already counts it, and is lowered when it ends.
  /// `refused`: there are too many; it is only told so. Callable from any thread until stop().
  void adopt(int descriptor, bool is_v6, bool refused);

  /// Closes what is idle, lets the rest finish until Limits::stop_time. Returns at once; the thread ends when all is
  /// closed.
  void stop();
  void join();
  /// How many answers stop() had to cut; after join().
  size_t cut_answers() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::mock

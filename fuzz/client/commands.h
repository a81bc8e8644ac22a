#pragma once
/// Runs a user's command again and again, several at once, each in a process group of its own, and says how each ended.
/// Nothing is polled: the end of a process, its output and its time limit wake the loop. Used by fuzzer.cpp.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace counterpart::fuzz::client {

/// How a run of the command ended.
struct Ended {
  std::string error{};  ///< why it could not be started; "" when it was
  int exit_code = -1;
  int signal = 0;            ///< that ended it, when not 0
  bool timed_out = false;    ///< its time was over: the whole process group was killed
  std::string out{}, err{};  ///< the first and the last bytes of each, half of output_bytes_max together
  int64_t microseconds = 0;
};

inline constexpr size_t output_bytes_max = 1u << 20;  ///< that are kept of one run

/// Of this thread alone; one at a time. It takes SIGCHLD, SIGINT, SIGTERM and SIGHUP, in this thread if they are blocked
/// in all others; the last three end what runs.
class Commands {
 public:
  using Environment = std::vector<std::string>;  ///< "NAME=value"
  /// The environment of the run of that number, which counts from 0; nullopt: there are no more.
  using Next = std::function<std::optional<Environment>(size_t number)>;
  using OnEnd = std::function<void(size_t number, Ended ended)>;

  Commands(std::vector<std::string> arguments, std::chrono::milliseconds timeout, size_t at_once);
  ~Commands();

  /// Returns when `next` has none and all have ended, or when it was interrupted: then `on_end` is called no more.
  void run(const Next& next, const OnEnd& on_end);
  bool interrupted() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace counterpart::fuzz::client

#pragma once
/// What the mock tells on stdout: that it listens, then one line a request, as text or as JSON. Lines are written by a
/// thread of their own, so that a slow terminal never slows an answer; when that thread cannot keep up, the oldest lines
/// are dropped and counted.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "mock/player.h"

namespace counterpart::mock {

enum class LogFormat { text, json };

/// A port that accepts.
struct Listening {
  std::string url;
  std::vector<std::string> contracts;
  uint64_t seed = 0;
  std::string admin_url;         ///< "": the admin API is off
  std::string certificate_file;  ///< "": none was made for this run
};

class RequestLog {
 public:
  /// `colour` is for text alone.
  RequestLog(LogFormat format, bool colour);
  ~RequestLog();  ///< flush()

  /// `{"event":"listening","url":...,"pid":...,"seed":...,"contracts":[...],"admin":...}`, with a `certificate` where
  /// there is one, or a sentence. Written at once.
  void listening(const Listening& port);
  /// Something else to know at the start: `{"event":name,"value":...}` or "name: value". Written at once.
  void note(const std::string& name, const std::string& value);
  /// Thread-safe.
  void exchange(const Exchange& exchange);
  /// Writes every line so far, as far as they are read within a second, and ends the log: no exchange() after it. How
  /// many lines were dropped since the start.
  size_t flush();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The line of one exchange, without its end.
std::string log_line(const Exchange& exchange, LogFormat format, bool colour);

}  // namespace counterpart::mock

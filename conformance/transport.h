#pragma once
/// One connection to a target, TCP or TLS, each call bounded by a deadline. Wraps Asio and OpenSSL; used by
/// http_client.cpp.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "conformance/target_file.h"
#include "conformance/target_url.h"

namespace counterpart::conformance {

using Deadline = std::chrono::steady_clock::time_point;

/// Whom the connections of a target trust, and what they show. Thread-safe.
class Trust {
 public:
  /// Throws EnvironmentError, naming the file that is no good.
  explicit Trust(const TargetSettings& settings);
  Trust(const Trust&) = delete;
  Trust& operator=(const Trust&) = delete;
  ~Trust();

 private:
  friend class Transport;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// One thread at a time.
class Transport {
 public:
  enum class Result {
    done,
    ended,      ///< the other side closed, as it should
    timed_out,  ///< the deadline passed; only closing is left
    failed,     ///< error() says why; only closing is left
  };

  Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  ~Transport();

  /// `trust` must outlive the transport.
  Result open(const TargetUrl& url, const Trust& trust, Deadline deadline);
  Result write(std::string_view bytes, Deadline deadline);
  /// Appends what is there, waiting for one byte at least.
  Result read(std::string& bytes, Deadline deadline);
  /// Nothing more will be written: the other side reads an end. Under TLS nothing happens.
  void end_writing();
  /// Whether nothing came, neither bytes nor an end: an unused connection may still be used.
  bool is_quiet();

  /// A phrase: "Connection refused".
  const std::string& error() const;
  /// What failed is TLS: no certificate, no common version.
  bool failed_in_tls() const;
  /// What failed is connecting, since nobody listens there.
  bool was_refused() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::conformance

#pragma once
/// Sends requests to one place over one connection, which it keeps and renews. Used by http_target.cpp, for the requests
/// of cases and of hooks. Asks for no compression and follows no redirect: the answer is what was sent.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "conformance/report.h"
#include "conformance/target_file.h"
#include "conformance/target_url.h"
#include "conformance/transport.h"

namespace counterpart::conformance {

/// RFC 9110, 9.2.1: to send it again changes nothing.
bool is_safe(std::string_view method);
/// RFC 9110, 9.2.2.
bool is_idempotent(std::string_view method);

/// One thread at a time.
class HttpClient {
 public:
  /// All must outlive the client.
  HttpClient(const TargetUrl& url, const Trust& trust, const Limits& limits)
      : url_(url), trust_(trust), limits_(limits) {}

  /// The target and all headers are sent as they are. Takes no longer than the limits' timeout, but for a name that the
  /// system looks up for longer; never throws. `may_repeat`: false for what changes something whatever its method.
  Reply send(const http::Request& request, bool may_repeat = true);
  /// The next request makes a connection of its own.
  void disconnect() { connection_.reset(); }
  /// Whether the last request may be sent again though it failed: it was never sent, or it is safe and nothing came.
  bool may_repeat() const { return may_repeat_; }

 private:
  Reply exchange(const http::Request& request, const std::string& bytes, Deadline deadline, bool may_repeat);
  std::optional<Reply> connect(Deadline deadline);
  bool is_usable(bool idempotent);
  Reply cut(Transport::Result result, bool came, const std::string& progress) const;
  Reply failure(Reply::Kind kind, std::string error) const;

  const TargetUrl& url_;
  const Trust& trust_;
  const Limits& limits_;
  std::unique_ptr<Transport> connection_;
  Deadline last_used_;
  bool is_lost_ = false;  ///< the last exchange's connection ended before a byte came
  bool may_repeat_ = false;
};

}  // namespace counterpart::conformance

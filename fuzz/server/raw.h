#pragma once
/// The raw phase: bytes that are no HTTP, straight to a socket. A server may answer them with a refusal, or close the
/// connection; it may not fail, stay silent, or be gone afterwards. Under TLS it may wait for more: nothing tells it there
/// that no more will come.

#include <functional>
#include <string>
#include <string_view>

#include "conformance/suite.h"
#include "conformance/target_url.h"
#include "conformance/transport.h"

namespace counterpart::fuzz::server {

/// The bytes of a good request for this target.
std::string good_request(const conformance::Suite& suite, const conformance::TargetUrl& url);

/// Sends bytes, each on a connection of its own, and watches another one beside it: a server that is started again as soon
/// as it has crashed answers as before, but all of its connections have ended.
class RawSender {
 public:
  /// `settings` must outlive it. Throws EnvironmentError.
  explicit RawSender(const conformance::TargetSettings& settings);

  enum class Beside {
    kept,     ///< was answered before and after
    ended,    ///< was answered before, and then ended without an answer
    unknown,  ///< the server keeps no connection, or failed in another way
  };
  static constexpr const char* no_connection = "no connection";
  struct Outcome {
    std::string problem;  ///< "" when the server did what it may; the same for the same kind
    std::string reply;    ///< what came, in short
    Beside beside = Beside::unknown;
  };
  /// `good`: what is asked on the other connection. Takes three requests.
  Outcome send(std::string_view bytes, const std::string& good);
  const conformance::TargetUrl& url() const { return url_; }

 private:
  enum class Asked { answered, ended, failed };

  conformance::Deadline deadline() const;
  Outcome send_alone(std::string_view bytes);
  Asked ask(conformance::Transport& connection, const std::string& request) const;

  const conformance::TargetSettings& settings_;
  const conformance::TargetUrl url_;
  const conformance::Trust trust_;
};

/// Fewer bytes that still show it, after at most `tries_max` tries.
std::string shrunk_bytes(std::string bytes, const std::function<bool(std::string_view)>& shows, size_t tries_max);

}  // namespace counterpart::fuzz::server

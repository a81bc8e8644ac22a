#pragma once
/// The raw phase: bytes that are no HTTP, straight to a socket. A server may answer them with a refusal, or close the
/// connection; it may not fail, stay silent, or be gone afterwards.

#include <functional>
#include <string>
#include <string_view>

#include "conformance/suite.h"
#include "conformance/target_url.h"
#include "conformance/transport.h"
#include "engine/state/random.h"
#include "fuzz/server/causes.h"

namespace counterpart::fuzz::server {

struct RawRequest {
  std::string bytes;
  std::string_view what;  ///< "a bad request line", ...
};

/// A request of reading, damaged. `good`: its bytes as they would be sent.
RawRequest make_raw(const std::string& good, state::Random& random);

/// The bytes of a good request for this target.
std::string good_request(const conformance::Suite& suite, const conformance::TargetUrl& url);

/// Sends bytes, each on a connection of its own.
class RawSender {
 public:
  /// `settings` must outlive it. Throws EnvironmentError.
  explicit RawSender(const conformance::TargetSettings& settings);

  struct Outcome {
    std::string problem;  ///< "" when the server did what it may; the same for the same kind
    std::string reply;    ///< what came, in short
  };
  Outcome send(std::string_view bytes);
  const conformance::TargetUrl& url() const { return url_; }

 private:
  const conformance::TargetSettings& settings_;
  const conformance::TargetUrl url_;
  const conformance::Trust trust_;
};

/// Fewer bytes that still show it, after at most `tries_max` tries.
std::string shrunk_bytes(std::string bytes, const std::function<bool(std::string_view)>& shows, size_t tries_max);

}  // namespace counterpart::fuzz::server

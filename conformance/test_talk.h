#pragma once
/// A conversation with a TestPeer, for tests of this folder.

#include <memory>
#include <string>

#include "conformance/http_target.h"
#include "conformance/test_peer.h"

namespace counterpart::conformance {

inline const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

inline TargetSettings settings_of(const std::string& url) {
  std::string problem;
  TargetSettings settings = target_of_url(url, problem).value();
  settings.limits.timeout_ms = 5'000;
  return settings;
}

/// A target and one conversation with it.
struct Talk {
  explicit Talk(const TargetSettings& settings)
      : target(make_http_target(settings)), conversation(target->open(nullptr)) {}

  Reply send(const std::string& method = "GET", const std::string& path = "/", const std::string& body = "") {
    return conversation->send({method, path, {{"Host", "localhost"}}, body}, true);
  }

  std::unique_ptr<Target> target;
  std::unique_ptr<Conversation> conversation;
};

}  // namespace counterpart::conformance

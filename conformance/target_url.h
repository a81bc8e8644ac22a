#pragma once
/// The URL of a target, taken apart and checked once. Used where targets are loaded and where they are called.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace counterpart::conformance {

struct TargetUrl {
  bool tls = false;
  std::string host;  ///< a name or an address; without the brackets of IPv6
  uint16_t port = 0;
  std::string authority;  ///< as a Host header says it: the port only where it is not the scheme's own
  std::string base;       ///< what stands before every request's target: "" or "/api/v1", without a slash at its end

  /// The absolute URL of an origin-form target.
  std::string of(std::string_view request_target) const;
  /// "localhost:8080", for messages.
  std::string place() const;
};

/// http://host[:port][/base] or https://...; nullopt, and in `problem` what is wrong, for anything else.
std::optional<TargetUrl> parse_target_url(std::string_view url, std::string& problem);

}  // namespace counterpart::conformance

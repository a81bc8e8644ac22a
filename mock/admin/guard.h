#pragma once
/// Who may call the admin API (docs/admin.md, "Who may call"): asked by admin.cpp before anything else. A mock on a
/// developer's machine is within reach of every web page that the developer's browser shows.

#include <array>
#include <string>

#include "engine/http/message.h"

namespace counterpart::mock::admin {

/// Whether a server that listens there is reached from this machine alone.
bool is_loopback(const std::string& host);

class Guard {
 public:
  /// `token` "": nobody is asked for one.
  explicit Guard(const std::string& token);

  /// Throws a Refusal: 403 for a page of another origin, 401 without the token; where there is none, 403 for a Host that
  /// is not this machine's, which is how a page gets around the rule of origins (DNS rebinding).
  void check(const http::Request& request) const;

 private:
  using Digest = std::array<unsigned char, 32>;  ///< SHA-256
  static Digest digest(std::string_view text);
  void check_token(const http::Request& request) const;

  const bool needs_token_;
  const Digest token_;
};

}  // namespace counterpart::mock::admin

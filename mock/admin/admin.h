#pragma once
/// The admin API, under /__counterpart/ (docs/admin.md; its own OpenAPI document is at /__counterpart/openapi.json):
/// what a test asks of the mock and tells it. JSON in the words of the YAML. Knows spaces, and no sockets.

#include <memory>
#include <string>
#include <string_view>

#include "engine/http/message.h"
#include "mock/spaces.h"

namespace counterpart::mock {

struct AdminOptions {
  std::string token;  ///< what `Authorization: Bearer ...` must say; "": nobody is asked
};

class Admin {
 public:
  static constexpr std::string_view prefix = "/__counterpart/";

  /// `spaces` must outlive it.
  Admin(AdminOptions options, Spaces& spaces);
  ~Admin();

  /// Answers a request whose target begins with `prefix`; `space` is the name of the space it is about, "" for the
  /// unnamed one. Never throws. Thread-safe.
  http::Response answer(const http::Request& request, std::string_view space);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::mock

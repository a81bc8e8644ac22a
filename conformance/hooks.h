#pragma once
/// Runs the hooks of a target file. Used by http_target.cpp.
///
/// A command finds COUNTERPART_TARGET_URL, COUNTERPART_SCENARIO and COUNTERPART_ADVANCE_MS in its environment, and the
/// last two also as `${scenario}` and `${ms}`, so that the shell replaces them and no name is ever read as a command.
/// In a request these two are replaced in the url (percent-encoded) and in the body's texts, where `$${` is a
/// literal `${`; a text that is `${ms}` and nothing else becomes a number.

#include <functional>
#include <string>
#include <string_view>

#include "conformance/report.h"
#include "conformance/target_file.h"

namespace counterpart::conformance {

struct HookContext {
  std::string target_url;
  std::string scenario;  ///< its name; "" when the case is none
  int64_t advance_ms = 0;
};

inline constexpr int64_t hook_timeout_ms = 60'000;
inline constexpr size_t hook_output_bytes_shown = 2'000;

/// Sends a hook's request; its target holds the URL as the hook says it, absolute or below the target's.
using SendForHook = std::function<Reply(const http::Request& request)>;

/// Throws EnvironmentError, naming the hook, its place and how it failed: a command with another exit code than 0, a
/// request with an answer other than 2xx.
void run_hook(std::string_view name, const Hook& hook, const HookContext& context, const SendForHook& send,
              int64_t timeout_ms = hook_timeout_ms);

}  // namespace counterpart::conformance

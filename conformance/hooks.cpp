#include "conformance/hooks.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/command.h"
#include "conformance/duration_text.h"
#include "conformance/target.h"
#include "engine/document/json.h"
#include "engine/http/media_type.h"
#include "engine/http/url.h"

namespace counterpart::conformance {
namespace {

std::string replaced(std::string_view text, const HookContext& context, bool in_url) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const auto take = [&](std::string_view placeholder, std::string_view value) {
      if (!rest.starts_with(placeholder)) return false;
      out += value;
      at += placeholder.size();
      return true;
    };
    if (take("$${", "${") || take("${ms}", std::to_string(context.advance_ms)) ||
        take("${scenario}", in_url ? http::percent_encode(context.scenario) : context.scenario)) {
      continue;
    }
    out += text[at++];
  }
  return out;
}

void replace_in(Json& value, const HookContext& context) {
  if (value.is_string()) {
    const std::string& text = value.get_ref<const std::string&>();
    value = text == "${ms}" ? Json(context.advance_ms) : Json(replaced(text, context, false));
  }
  if (value.is_structured()) {
    for (Json& element : value) replace_in(element, context);
  }
}

http::Request request_of(const Hook& hook, const HookContext& context) {
  http::Request request;
  request.method = hook.method;
  request.target = replaced(hook.url, context, true);
  for (const auto& [name, value] : hook.headers) request.headers.add(name, replaced(value, context, false));
  if (!hook.body) return request;
  const bool has_type = request.headers.find("Content-Type") != nullptr;
  Json body = *hook.body;
  replace_in(body, context);
  // A text under a type of its own is no JSON: a form, for instance.
  const bool raw = body.is_string() && has_type && !http::is_json(*request.headers.find("Content-Type"));
  request.body = raw ? body.get<std::string>() : document::write_json(body);
  if (!has_type) request.headers.add("Content-Type", "application/json");
  return request;
}

/// The beginning of what a hook said, as the end of a message.
std::string shown(std::string_view output) {
  std::string text;
  for (const char byte : output.substr(0, hook_output_bytes_shown)) {
    const auto code = static_cast<unsigned char>(byte);
    text += (code < 0x20 && byte != '\n' && byte != '\t') || code == 0x7f ? '?' : byte;
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  if (text.empty()) return {};
  if (output.size() > hook_output_bytes_shown) text += " ...";
  return (text.find('\n') == std::string::npos ? ": " : ":\n") + text;
}

std::string problem_of(const CommandResult& result, int64_t timeout_ms) {
  if (result.good()) return {};
  if (!result.error.empty()) return "could not be started: " + result.error;
  if (result.timed_out) return fmt::format("was ended after {}{}", duration_text(timeout_ms), shown(result.output));
  if (result.signal != 0) return fmt::format("was ended by signal {}{}", result.signal, shown(result.output));
  return fmt::format("failed with exit code {}{}", result.exit_code, shown(result.output));
}

std::string problem_of(const Reply& reply) {
  if (reply.kind != Reply::Kind::answered) return "failed: " + reply.error;
  if (reply.response.status >= 200 && reply.response.status < 300) return {};
  return fmt::format("was answered with status {}{}", reply.response.status, shown(reply.response.body));
}

}  // namespace

void run_hook(std::string_view name, const Hook& hook, const HookContext& context, const SendForHook& send,
              int64_t timeout_ms) {
  std::string problem;
  if (hook.run.empty()) {
    problem = problem_of(send(request_of(hook, context)));
  } else {
    const std::string ms = std::to_string(context.advance_ms);
    const auto result = run_command(hook.run,
                                    {{"COUNTERPART_TARGET_URL", context.target_url},
                                     {"COUNTERPART_SCENARIO", context.scenario},
                                     {"COUNTERPART_ADVANCE_MS", ms},
                                     {"scenario", context.scenario},
                                     {"ms", ms}},
                                    std::chrono::milliseconds(timeout_ms));
    problem = problem_of(result, timeout_ms);
  }
  if (problem.empty()) return;
  throw EnvironmentError(fmt::format("the hook {} ({}:{}) {}", name, hook.where.file, hook.where.line, problem));
}

}  // namespace counterpart::conformance

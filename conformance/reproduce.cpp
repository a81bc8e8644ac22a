#include "conformance/reproduce.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "conformance/checks/all.h"
#include "conformance/plan.h"
#include "engine/document/json.h"
#include "engine/document/yaml.h"

namespace counterpart::conformance {

namespace {

/// A value as YAML that reads back as the same value, and is no template: JSON is YAML, and `${` is written `$${`.
std::string yaml_value(const Json& value) {
  std::string text = document::write_json(value);
  for (size_t at = text.find("${"); at != std::string::npos; at = text.find("${", at + 3)) text.insert(at, "$");
  return text;
}

std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == 127) c = ' ';
  }
  return text;
}

std::string step_text(const Suite& suite, const Sent& sent) {
  const Call& call = sent.call;
  std::string text = fmt::format("  - call: {}\n", call.operation->id);
  std::string with;
  for (const auto& [name, value] : call.parts.parameters) {
    with += fmt::format("{}{}: {}", with.empty() ? "" : ", ", yaml_value(name), yaml_value(value));
  }
  if (!with.empty()) text += fmt::format("    with: {{ {} }}\n", with);
  if (!call.parts.omitted.empty()) text += fmt::format("    without: {}\n", yaml_value(call.parts.omitted));
  if (call.parts.body) text += fmt::format("    body: {}\n", yaml_value(*call.parts.body));
  if (!call.operation->security.empty()) {
    const Call base = suite.base_call(*call.operation);
    if (!call.parts.credential) {
      text += "    as: none\n";
    } else if (call.parts.credential != base.parts.credential) {
      text += fmt::format("    as: {}\n", yaml_value(*call.parts.credential));
    }
  }
  return text;
}

/// What a step expects: the one response that was expected, or any of those that would have done.
std::string expectation_text(const Sent& sent) {
  const auto& responses = sent.call.operation->responses;
  const bool is_known = std::any_of(responses.begin(), responses.end(),
                                    [&](const auto& response) { return response->name == sent.expected; });
  if (is_known) return fmt::format("    expect: {}\n", sent.expected);
  std::vector<std::string> any = sent.any;
  for (const int status : sent.statuses) any.push_back(std::to_string(status));
  if (any.empty()) {
    for (const auto& response : responses) any.push_back(response->name);
  }
  return any.size() == 1 ? fmt::format("    expect: {}\n", any[0])
                         : fmt::format("    expect: [{}]\n", fmt::join(any, ", "));
}

/// The text as printf(1) reads it: every byte but letters and digits as an octal escape.
std::string printf_format(const std::string& text) {
  std::string format;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = byte < 128 && std::isalnum(byte) != 0;
    format += is_plain ? std::string(1, c) : fmt::format("\\{:03o}", byte);
  }
  return format;
}

/// Whether curl sends just this by itself: the URL's Host, its own Accept, the length of a body.
bool curl_sends(const http::Header& field, const Exchange& exchange) {
  if (http::equal_ignoring_case(field.name, "host")) {
    const size_t from = exchange.url.find("://") + 3;
    return exchange.url.empty() || exchange.url.substr(from, exchange.url.find('/', from) - from) == field.value;
  }
  if (http::equal_ignoring_case(field.name, "accept")) return field.value == "*/*";
  return http::equal_ignoring_case(field.name, "content-length") && !exchange.request.body.empty();
}

}  // namespace

std::string shell_word(const std::string& text) {
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";
    } else {
      word += c;
    }
  }
  return word + "'";
}

std::string shell_argument(const std::string& text) {
  constexpr const char* plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,";
  return !text.empty() && text.find_first_not_of(plain) == std::string::npos ? text : shell_word(text);
}

std::string curl_line(const Exchange& exchange, const std::string& options) {
  constexpr size_t expects_continue_bytes = 1 << 20;  // curl asks before it sends more
  const http::Request& request = exchange.request;
  const std::string url = exchange.url.empty() ? "http://127.0.0.1:4010" + request.target : exchange.url;
  const bool has_nul = request.body.find('\0') != std::string::npos;
  std::string line = "curl -i --path-as-is";
  if (has_nul) line = "printf " + shell_word(printf_format(request.body)) + " | " + line;
  if (url.starts_with("https:")) line += " --http1.1";
  if (url.find_first_of("[]{}") != std::string::npos) line += " --globoff";
  if (!options.empty()) line += " " + options;
  if (request.method == "HEAD") {
    line += " --head";
  } else if (request.method != "GET" || !request.body.empty()) {
    line += " -X " + shell_word(request.method);
  }
  for (const http::Header& field : request.headers) {
    if (curl_sends(field, exchange)) continue;
    line += " -H " + shell_word(field.value.empty() ? field.name + ";" : field.name + ": " + field.value);
  }
  if (!request.body.empty() && request.headers.find("content-type") == nullptr) line += " -H 'Content-Type:'";
  if (request.body.size() > expects_continue_bytes) line += " -H 'Expect:'";
  if (has_nul) {
    line += " --data-binary @-";
  } else if (!request.body.empty()) {
    line += " --data-raw " + shell_word(request.body);
  }
  return line + " " + shell_word(url);
}

std::string why_no_scenario(const std::vector<Sent>& sent) {
  for (const Sent& one : sent) {
    const Call& call = one.call;
    if (!call.method.empty()) {
      return fmt::format("a step calls {} with its own method, not with {}", call.operation->id, call.method);
    }
    if (call.raw_body) return fmt::format("a step sends a body that {} takes, not this one", call.operation->id);
    if (!call.tricks.empty()) return "a step sends parameters, not an odd request";
  }
  return "";
}

std::string scenario_text(const Suite& suite, const std::string& name, const Finding& finding,
                          const std::vector<Sent>& sent, const scenario::Scenario* given) {
  if (!why_no_scenario(sent).empty()) return "";
  std::string text = fmt::format("# {} at {}: {}\n", finding.check, finding.subject, one_line(finding.message));
  if (finding.check == checks::response_time.id) {
    text += fmt::format("# It fails where an answer takes longer: check ... --max-time {}ms\n", suite.time_max_ms);
  }
  text += fmt::format("scenario: {}\nsummary: {}\n", name, yaml_value(one_line(finding.requirement)));
  if (given != nullptr) {
    document::Diagnostics unused;
    const auto root = document::parse_yaml(given->where.source, unused);
    const document::Node* written = root ? root->find("given") : nullptr;
    if (written != nullptr) text += fmt::format("given: {}\n", document::write_json(written->to_json()));
  }
  text += "steps:\n";
  for (const Sent& one : sent) text += step_text(suite, one) + expectation_text(one);
  return text;
}

std::string with_name(const std::string& scenario, const std::string& name) {
  static constexpr std::string_view key = "\nscenario: ";
  const size_t start = scenario.find(key) + key.size();
  return scenario.substr(0, start) + name + scenario.substr(scenario.find('\n', start));
}

}  // namespace counterpart::conformance

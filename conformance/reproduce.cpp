#include "conformance/reproduce.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "conformance/checks/all.h"
#include "conformance/plan.h"
#include "conformance/references.h"
#include "engine/document/json.h"
#include "engine/document/yaml.h"

namespace counterpart::conformance {

namespace {

std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == 127) c = ' ';
  }
  return text;
}

/// JSON is YAML that reads back as the same value.
std::string template_text(const Json& value, const Json& first_told, const References& references) {
  return document::write_json(as_template(value, first_told, references));
}

std::string plain_text(const Json& value) { return template_text(value, value, {}); }

std::string step_text(const Suite& suite, const Call& call, const Call& first_told, const References& references) {
  std::string text = fmt::format("  - call: {}\n", call.operation->id);
  std::string with;
  for (size_t i = 0; i < call.parts.parameters.size(); ++i) {
    const auto& [name, value] = call.parts.parameters[i];
    with += fmt::format("{}{}: {}", with.empty() ? "" : ", ", plain_text(name),
                        template_text(value, first_told.parts.parameters[i].second, references));
  }
  if (!with.empty()) text += fmt::format("    with: {{ {} }}\n", with);
  if (!call.parts.omitted.empty()) text += fmt::format("    without: {}\n", plain_text(call.parts.omitted));
  if (call.parts.body) {
    text += fmt::format("    body: {}\n", template_text(*call.parts.body, *first_told.parts.body, references));
  }
  if (!call.operation->security.empty()) {
    const Call base = suite.base_call(*call.operation);
    if (!call.parts.credential) {
      text += "    as: none\n";
    } else if (call.parts.credential != base.parts.credential) {
      text +=
          fmt::format("    as: {}\n", template_text(*call.parts.credential, *first_told.parts.credential, references));
    }
  }
  return text;
}

std::string capture_text(const std::vector<References::Capture>& captures) {
  std::string all;
  for (const auto& [name, expression] : captures) {
    all += fmt::format("{}{}: {}", all.empty() ? "" : ", ", name, document::write_json(expression));
  }
  return all.empty() ? "" : fmt::format("    capture: {{ {} }}\n", all);
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

/// Why no scenario can send these calls. "": one can.
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

Reproducer reproducer_of(const Suite& suite, const std::string& name, const Finding& finding,
                         const std::vector<Sent>& sent, const scenario::Scenario* given) {
  if (std::string why = why_no_scenario(sent); !why.empty()) return {"", std::move(why)};
  const auto first_told = as_first_told(suite, sent, finding.exchanges, given);
  const References references = references_of(sent, first_told, finding.exchanges);
  if (!references.missing.empty()) {
    return {"", "a step needs what the server made up, and no answer before it says just that"};
  }
  std::string text = fmt::format("# {} at {}: {}\n", finding.check, finding.subject, one_line(finding.message));
  if (finding.check == checks::response_time.id) {
    text += fmt::format("# It fails where an answer takes longer: check ... --max-time {}ms\n", suite.time_max_ms);
  }
  text += fmt::format("scenario: {}\nsummary: {}\n", name, plain_text(one_line(finding.requirement)));
  if (given != nullptr) {
    document::Diagnostics unused;
    const auto root = document::parse_yaml(given->where.source, unused);
    const document::Node* written = root ? root->find("given") : nullptr;
    if (written != nullptr) text += fmt::format("given: {}\n", document::write_json(written->to_json()));
  }
  text += "steps:\n";
  for (size_t i = 0; i < sent.size(); ++i) {
    text += step_text(suite, sent[i].call, first_told[i], references) + expectation_text(sent[i]) +
            capture_text(references.captures[i]);
  }
  return {text, ""};
}

std::string with_name(const std::string& scenario, const std::string& name) {
  static constexpr std::string_view key = "\nscenario: ";
  const size_t start = scenario.find(key) + key.size();
  return scenario.substr(0, start) + name + scenario.substr(scenario.find('\n', start));
}

}  // namespace counterpart::conformance

#include "conformance/reproduce.h"

#include <fmt/format.h>

#include <algorithm>

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

std::string curl_line(const Exchange& exchange) {
  const http::Request& request = exchange.request;
  std::string line = "curl -i --path-as-is";
  if (request.method != "GET") line += " -X " + shell_word(request.method);
  for (const http::Header& field : request.headers) {
    if (http::equal_ignoring_case(field.name, "host")) continue;
    line += " -H " + shell_word(field.name + ": " + field.value);
  }
  if (!request.body.empty()) line += " --data-binary " + shell_word(request.body);
  return line + " " + shell_word(exchange.url.empty() ? "http://127.0.0.1:4010" + request.target : exchange.url);
}

std::string scenario_text(const Suite& suite, const std::string& name, const Finding& finding,
                          const std::vector<Sent>& sent, const scenario::Scenario* given) {
  std::string text = fmt::format("# {} at {}: {}\nscenario: {}\nsummary: {}\n", finding.check, finding.subject,
                                 one_line(finding.message), name, yaml_value(one_line(finding.requirement)));
  if (given != nullptr) {
    document::Diagnostics unused;
    const auto root = document::parse_yaml(given->where.source, unused);
    const document::Node* written = root ? root->find("given") : nullptr;
    if (written != nullptr) text += fmt::format("given: {}\n", document::write_json(written->to_json()));
  }
  text += "steps:\n";
  for (const Sent& one : sent) {
    const bool is_known = std::any_of(one.call.operation->responses.begin(), one.call.operation->responses.end(),
                                      [&](const auto& response) { return response->name == one.expected; });
    if (!one.call.method.empty() || !one.call.tricks.empty() || !is_known) return "";
    text += step_text(suite, one);
    text += fmt::format("    expect: {}\n", one.expected);
  }
  return text;
}

}  // namespace counterpart::conformance

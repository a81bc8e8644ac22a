#include "fuzz/server/danger.h"

#include <algorithm>
#include <string>
#include <vector>

#include "conformance/plan.h"
#include "engine/document/json.h"

namespace counterpart::fuzz::server {

namespace {

using contract::Operation;

/// Decoded for as long as there is something to decode, in lower case: what any layer of a server could see in it.
std::string seen_by_anybody(std::string_view text) {
  std::string path = "/";
  for (const char c : text) path += c == '?' || c == '#' || c == ';' || c == '/' ? ' ' : c;
  return conformance::tolerant_path(path);
}

std::vector<std::string> literals_of(const Operation& operation) {
  std::vector<std::string> literals;
  for (const contract::Parameter& parameter : operation.parameters) {
    if (!parameter.literal || parameter.in == contract::Place::path) continue;
    const auto& literal = *parameter.literal;
    literals.push_back(
        seen_by_anybody(literal.is_string() ? literal.get<std::string>() : document::write_json(literal)));
  }
  for (std::string& literal : literals) literal.erase(0, 1);  // the slash
  return literals;
}

bool has_all(std::string_view text, const std::vector<std::string>& literals) {
  return std::all_of(literals.begin(), literals.end(),
                     [&](const std::string& one) { return text.find(one) != std::string_view::npos; });
}

bool fits_path(const Operation& operation, std::string_view path) {
  for (const contract::Segment& segment : operation.segments) {
    if (!segment.is_parameter && segment.text.empty()) continue;  // a slash at the end
    if (!path.starts_with('/')) return segment.allow_empty;
    path.remove_prefix(1);
    const std::string_view sent = path.substr(0, std::min(path.find('/'), path.size()));
    if (!segment.is_parameter && sent != http::lower_case(segment.text)) return false;
    path.remove_prefix(sent.size());
  }
  return path.empty();
}

/// Many servers do not tell GET from POST.
bool is_confused(const std::string& method) { return method == "GET" || method == "POST" || method == "HEAD"; }

/// Some servers let headers and parameters name another method.
bool fits_method(const Operation& operation, const http::Request& request, std::string_view all) {
  if (is_confused(operation.method)) return true;
  if (http::equal_ignoring_case(operation.method, request.method)) return true;
  return all.find(http::lower_case(operation.method)) != std::string_view::npos;
}

/// No server reads anything else in its head than the contract says. (An empty path parameter is the contract's own word.)
bool is_as_the_contract_says(const conformance::Call& call) {
  if (!call.tricks.empty()) return false;
  const auto& given = call.parts.parameters;
  for (const auto& [name, value] : given) {
    const bool is_simple =
        !value.is_string() || value.get_ref<const std::string&>().find_first_of("./\\%;&=?#+ ") == std::string::npos;
    if (!is_simple) return false;
  }
  const auto& parameters = call.operation->parameters;
  return std::all_of(parameters.begin(), parameters.end(), [&](const contract::Parameter& parameter) {
    if (parameter.in != contract::Place::path || parameter.allow_empty) return true;
    return std::any_of(given.begin(), given.end(),
                       [&](const auto& one) { return one.first == parameter.name && one.second != ""; });
  });
}

}  // namespace

bool may_destroy(const conformance::Suite& suite, const conformance::Call& call) {
  if (call.operation->destructive) return true;
  const bool only_its_body = is_as_the_contract_says(call);
  if (only_its_body && !call.parts.body && !call.raw_body) return false;
  const http::Request request = conformance::request_of(suite, call);
  const std::string path = conformance::tolerant_path(request.target);
  std::string all;
  for (const Operation& operation : suite.contract().operations) {
    if (!operation.destructive || !fits_path(operation, path)) continue;
    const std::vector<std::string> literals = literals_of(operation);
    if (only_its_body && literals.empty() && is_confused(operation.method)) continue;  // the body has no part in it
    if (all.empty()) {
      all = request.target;
      for (const http::Header& field : request.headers) all += " " + field.value;
      constexpr size_t body_bytes_looked_at = 64 * 1024;
      all = seen_by_anybody(all + " " + request.body.substr(0, body_bytes_looked_at));
    }
    if (fits_method(operation, request, all) && has_all(all, literals)) return true;
  }
  return false;
}

bool may_destroy(const conformance::Suite& suite, const Sequence& sequence) {
  return std::any_of(sequence.begin(), sequence.end(), [&](const auto& call) { return may_destroy(suite, call); });
}

bool may_destroy(const conformance::Suite& suite, std::string_view bytes) {
  const std::string all = seen_by_anybody(bytes);
  const auto& operations = suite.contract().operations;
  return std::any_of(operations.begin(), operations.end(), [&](const Operation& operation) {
    if (!operation.destructive) return false;
    const std::vector<std::string> literals = literals_of(operation);
    const bool any_method = !literals.empty() && operation.method != "DELETE";
    return has_all(all, literals) && (any_method || all.find(http::lower_case(operation.method)) != std::string::npos);
  });
}

}  // namespace counterpart::fuzz::server

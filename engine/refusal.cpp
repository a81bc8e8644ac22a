#include "engine/refusal.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "engine/document/json.h"
#include "engine/http/problem.h"
#include "engine/near_miss.h"

namespace counterpart::engine {

namespace {

std::string join_methods(const std::vector<std::string_view>& methods) {
  std::string allow;
  for (const std::string_view method : methods) {
    if (!allow.empty()) allow += ", ";
    allow += method;
    if (method == "GET" && std::find(methods.begin(), methods.end(), "HEAD") == methods.end()) allow += ", HEAD";
  }
  if (allow.find("OPTIONS") == std::string::npos) allow += allow.empty() ? "OPTIONS" : ", OPTIONS";
  return allow;
}

std::string json_text(std::string_view text) {
  std::string out;
  document::append_json_string(out, text);
  return out;
}

/// A problem that says which operation comes nearest, if any does.
Answer missed(int status, const std::string& detail, const std::optional<NearMiss>& miss) {
  if (!miss) return problem(status, detail);
  std::string differences = "[";
  for (const std::string& difference : miss->differences) {
    differences += (differences.size() > 1 ? "," : "") + json_text(difference);
  }
  Answer answer;
  answer.near_miss_distance = miss->distance;
  answer.nearest = miss->operation;
  answer.response = http::problem(
      status, detail, {{"nearestOperation", json_text(miss->operation->id)}, {"differences", differences + "]"}});
  answer.differences = miss->differences;
  return answer;
}

}  // namespace

Answer problem(int status, const std::string& detail, const contract::Operation* operation) {
  Answer answer;
  answer.response = http::problem(status, detail);
  answer.operation = operation;
  return answer;
}

Answer failure(const contract::Operation& operation, const expression::Error& error) {
  const document::Location& where = error.where();
  Answer answer;
  answer.response = http::problem(500, fmt::format("{}: {}", where.text(), error.what()),
                                  {{"file", json_text(where.source == nullptr ? "" : where.source->name)},
                                   {"line", std::to_string(where.at.line)}});
  answer.operation = &operation;
  return answer;
}

Answer refusal(const contract::Contract& contract, const http::Request& request, const http::Target& target,
               RequestValues& values, const contract::Router::Match& match) {
  const std::string allow = join_methods(match.methods);
  if (request.method == "OPTIONS" && match.path_known) {
    Answer answer;
    answer.response.status = 204;
    answer.response.headers.add("Allow", allow);
    return answer;
  }
  const bool method_known =
      std::find(match.methods.begin(), match.methods.end(), request.method) != match.methods.end() ||
      (request.method == "HEAD" && allow.find("HEAD") != std::string::npos);
  if (match.path_known && !method_known) {
    const auto miss = nearest_operation(contract, request, target, values, Nearness::same_path);
    Answer answer = missed(405, fmt::format("{} answers {}, not {}", target.path, allow, request.method), miss);
    answer.response.headers.add("Allow", allow);
    return answer;
  }
  std::string detail = fmt::format("no operation of {} answers {} {}", contract.name, request.method, target.path);
  const auto miss = nearest_operation(contract, request, target, values);
  if (miss) {
    const contract::Operation& near = *miss->operation;
    detail += fmt::format("; the nearest is {} ({} {}): {}", near.id, near.method, near.path,
                          fmt::join(miss->differences, "; "));
  }
  return missed(404, detail, miss);
}

}  // namespace counterpart::engine

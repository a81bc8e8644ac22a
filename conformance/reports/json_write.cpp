#include <algorithm>

#include "conformance/reports/json.h"
#include "conformance/reports/text.h"
#include "engine/document/base64.h"
#include "engine/document/json.h"
#include "engine/document/utf8.h"

/// Each value is taken apart by a structured binding, so that a field that is added and not written does not compile.
namespace counterpart::conformance::reports {

namespace {

Json text(const std::string& bytes) {
  if (document::utf8_find_invalid(bytes) == std::string::npos) return bytes;
  return {{"base64", document::base64(bytes)}};
}

template <class T>
Json list(const std::vector<T>& values, Json (*json_of)(const T&)) {
  Json result = Json::array();
  for (const T& value : values) result.push_back(json_of(value));
  return result;
}

size_t depth_of(const Json& value) {
  size_t deepest = 0;
  if (!value.is_structured()) return deepest;
  for (const Json& element : value) deepest = std::max(deepest, depth_of(element));
  return deepest + 1;
}

void put_body(Json& object, const std::string& key, const std::optional<Json>& body) {
  if (!body) return;
  const size_t depth = depth_of(*body);
  if (depth <= body_depth_max) {
    object[key] = *body;
  } else if (depth <= static_cast<size_t>(document::json_depth_max)) {
    object[key + "-text"] = document::write_json(*body);
  }
}

Json place_json(const Place& place) {
  const auto& [file, line, column] = place;
  return {{"file", text(file)}, {"line", line}, {"column", column}};
}

Json headers_json(const http::Headers& headers) {
  Json result = Json::array();
  for (const auto& [name, value] : headers) result.push_back(Json::array({text(name), text(value)}));
  return result;
}

std::string_view name_of_kind(Reply::Kind kind) {
  switch (kind) {
    case Reply::Kind::answered:
      return "answered";
    case Reply::Kind::unreachable:
      return "unreachable";
    case Reply::Kind::timed_out:
      return "timed-out";
    case Reply::Kind::broken:
      return "broken";
  }
  return "";
}

Json reply_json(const Reply& reply) {
  const auto& [kind, response, error, microseconds, attempts, is_refused] = reply;  // no run goes on after the last
  const auto& [status, headers, body] = response;
  return {{"kind", name_of_kind(kind)}, {"status", status},     {"headers", headers_json(headers)},
          {"body", text(body)},         {"error", text(error)}, {"microseconds", microseconds},
          {"attempts", attempts}};
}

Json exchange_json(const Exchange& exchange) {
  const auto& [request, url, reply, operation, expected, got, at_ms] = exchange;
  const auto& [method, target, headers, body, secure, prefix] = request;  // the last two are a player's
  return {
      {"operation", text(operation)},
      {"expected", text(expected)},
      {"got", text(got)},
      {"at-ms", at_ms},
      {"url", text(url)},
      {"request",
       {{"method", text(method)}, {"target", text(target)}, {"headers", headers_json(headers)}, {"body", text(body)}}},
      {"reply", reply_json(reply)}};
}

Json cause_json(const Cause& cause) {
  const auto& [check, subject, message, count] = cause;
  return {{"check", text(check)}, {"subject", text(subject)}, {"message", text(message)}, {"count", count}};
}

Json finding_json(const Finding& finding) {
  const auto& [check, level, subject, requirement, message, case_name, where, expected, actual, expected_body,
               actual_body, exchanges, curl, reproducer, no_reproducer, known, count, also] = finding;
  Json result = {{"check", text(check)},       {"level", name_of(level)},
                 {"subject", text(subject)},   {"requirement", text(requirement)},
                 {"message", text(message)},   {"count", count},
                 {"known", text(known)},       {"case", text(case_name)},
                 {"where", place_json(where)}, {"expected", text(expected)},
                 {"actual", text(actual)}};
  put_body(result, "expected-body", expected_body);
  put_body(result, "actual-body", actual_body);
  result["exchanges"] = list(exchanges, exchange_json);
  result["curl"] = text(curl);
  result["reproducer"] = text(reproducer);
  result["no-reproducer"] = text(no_reproducer);
  result["also"] = list(also, cause_json);
  return result;
}

Json case_json(const CaseResult& one) {
  const auto& [name, summary, outcome, reason, findings, exchanges, retries, microseconds, where, foretold] = one;
  return {{"name", text(name)},     {"summary", text(summary)},     {"outcome", name_of(outcome)},
          {"reason", text(reason)}, {"findings", findings},         {"exchanges", exchanges},
          {"retries", retries},     {"microseconds", microseconds}, {"where", place_json(where)},
          {"foretold", foretold}};
}

Json response_json(const ResponseCoverage& row) {
  const auto& [operation, response, status, level, count, why_not, where] = row;
  return {{"operation", text(operation)},
          {"response", text(response)},
          {"status", status},
          {"level", name_of(level)},
          {"count", count},
          {"why-not", text(why_not)},
          {"where", place_json(where)}};
}

Json parameter_json(const ParameterCoverage& row) {
  const auto& [operation, parameter, in, bound, count, why_not] = row;
  return {{"operation", text(operation)},
          {"parameter", text(parameter)},
          {"in", text(in)},
          {"bound", text(bound)},
          {"count", count},
          {"why-not", text(why_not)}};
}

Json stale_json(const StaleKnown& entry) {
  const auto& [check, on, problem, where] = entry;
  return {{"check", text(check)}, {"on", text(on)}, {"problem", text(problem)}, {"where", place_json(where)}};
}

/// What follows from the rest, for those who only want to know how it went. Not read back.
Json summary_json(const Report& report) {
  Json result = {{"cases", report.cases.size()}};
  for (const Outcome outcome :
       {Outcome::passed, Outcome::failed, Outcome::known, Outcome::inconclusive, Outcome::skipped}) {
    result[std::string(name_of(outcome))] = std::count_if(report.cases.begin(), report.cases.end(),
                                                          [&](const auto& one) { return one.outcome == outcome; });
  }
  result["failures"] = report.failures();
  result["exchanges"] = exchange_count(report);
  const Foretold foretold = foretold_of(report);
  result["foretold"] = foretold.all;
  result["foretold-generated"] = foretold.generated;
  result["coverage-percent"] = whole_percent(report);
  return result;
}

}  // namespace

std::string write_json(const Report& report) {
  const auto& [contract, title, target, version, seed, started_ms, microseconds, level, cases, findings, responses,
               parameters, stale, shard, shards, unseen, undecided, exchanges, exchanges_left_out, environment_error] =
      report;
  const Json result = {{"counterpart-report", json_version},
                       {"contract", text(contract)},
                       {"title", text(title)},
                       {"target", text(target)},
                       {"version", text(version)},
                       {"seed", seed},
                       {"started-ms", started_ms},
                       {"microseconds", microseconds},
                       {"level", name_of(level)},
                       {"environment-error", text(environment_error)},
                       {"summary", summary_json(report)},
                       {"findings", list(findings, finding_json)},
                       {"cases", list(cases, case_json)},
                       {"responses", list(responses, response_json)},
                       {"parameters", list(parameters, parameter_json)},
                       {"stale", list(stale, stale_json)},
                       {"shard", shard},
                       {"shards", shards},
                       {"unseen", list(unseen, stale_json)},
                       {"undecided", list(undecided, stale_json)},
                       {"exchanges-left-out", exchanges_left_out},
                       {"exchanges", list(exchanges, exchange_json)}};
  return result.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace counterpart::conformance::reports

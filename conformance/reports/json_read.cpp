#include <fmt/format.h>

#include <limits>

#include "conformance/reports/json.h"
#include "conformance/reports/json_object.h"
#include "engine/document/json.h"

namespace counterpart::conformance::reports {

namespace {

Level level_of(Object& object) {
  return object.choice<Level>("level", {{"documented", Level::documented}, {"assumed", Level::assumed}});
}

Place place_of(Object& parent) {
  Object object(parent.at("where"), parent.path_of("where"));
  Place place;
  place.file = object.text("file");
  place.line = object.small("line");
  place.column = object.small("column");
  object.finish();
  return place;
}

http::Headers headers_of(Object& parent) {
  http::Headers result;
  const std::string path = parent.path_of("headers");
  for (const Json& field : parent.elements("headers")) {
    if (!field.is_array() || field.size() != 2) fail(path, "expected lists of a name and a value");
    result.add(bytes_of(field[0], path), bytes_of(field[1], path));
  }
  return result;
}

http::Request request_of(Object& parent) {
  Object object(parent.at("request"), parent.path_of("request"));
  http::Request request;
  request.method = object.text("method");
  request.target = object.text("target");
  request.headers = headers_of(object);
  request.body = object.text("body");
  object.finish();
  return request;
}

Reply reply_of(Object& parent) {
  Object object(parent.at("reply"), parent.path_of("reply"));
  Reply reply;
  reply.kind = object.choice<Reply::Kind>("kind", {{"answered", Reply::Kind::answered},
                                                   {"unreachable", Reply::Kind::unreachable},
                                                   {"timed-out", Reply::Kind::timed_out},
                                                   {"broken", Reply::Kind::broken}});
  reply.response.status = object.small("status", 999);
  reply.response.headers = headers_of(object);
  reply.response.body = object.text("body");
  reply.error = object.text("error");
  reply.microseconds = object.microseconds("microseconds");
  reply.attempts = object.small("attempts");
  object.finish();
  return reply;
}

Exchange read_exchange(const Json& json, const std::string& path) {
  Object object(json, path);
  Exchange exchange;
  exchange.operation = object.text("operation");
  exchange.expected = object.text("expected");
  exchange.got = object.text("got");
  exchange.at_ms = object.instant("at-ms");
  exchange.url = object.text("url");
  exchange.request = request_of(object);
  exchange.reply = reply_of(object);
  object.finish();
  return exchange;
}

std::optional<Json> body_of(Object& object, const std::string& key) {
  if (const Json* body = object.find(key)) return *body;
  const std::string text_key = key + "-text";
  if (object.find(text_key) == nullptr) return std::nullopt;
  std::string problem;
  auto body = document::parse_json(object.text(text_key), &problem);
  if (!body) fail(object.path_of(text_key), problem);
  return body;
}

Cause read_cause(const Json& json, const std::string& path) {
  Object object(json, path);
  Cause cause;
  cause.check = object.text("check");
  cause.subject = object.text("subject");
  cause.message = object.text("message");
  cause.count = object.count("count");
  object.finish();
  return cause;
}

Finding read_finding(const Json& json, const std::string& path) {
  Object object(json, path);
  Finding finding;
  finding.check = object.text("check");
  finding.level = level_of(object);
  finding.subject = object.text("subject");
  finding.requirement = object.text("requirement");
  finding.message = object.text("message");
  finding.count = object.count("count");
  finding.known = object.text("known");
  finding.case_name = object.text("case");
  finding.where = place_of(object);
  finding.expected = object.text("expected");
  finding.actual = object.text("actual");
  finding.expected_body = body_of(object, "expected-body");
  finding.actual_body = body_of(object, "actual-body");
  finding.exchanges = object.list("exchanges", read_exchange);
  finding.curl = object.text("curl");
  finding.reproducer = object.text("reproducer");
  finding.no_reproducer = object.text("no-reproducer");
  finding.also = object.list("also", read_cause);
  object.finish();
  return finding;
}

size_t read_index(const Json& json, const std::string& path) {
  if (!json.is_number_unsigned()) fail(path, "expected the index of a finding");
  return json.get<size_t>();
}

CaseResult read_case(const Json& json, const std::string& path) {
  Object object(json, path);
  CaseResult result;
  result.name = object.text("name");
  result.summary = object.text("summary");
  result.outcome = object.choice<Outcome>("outcome", {{"passed", Outcome::passed},
                                                      {"failed", Outcome::failed},
                                                      {"known", Outcome::known},
                                                      {"inconclusive", Outcome::inconclusive},
                                                      {"skipped", Outcome::skipped}});
  result.reason = object.text("reason");
  result.findings = object.list("findings", read_index);
  result.exchanges = object.count("exchanges");
  result.retries = object.count("retries");
  result.microseconds = object.microseconds("microseconds");
  result.where = place_of(object);
  result.foretold = object.count("foretold");
  object.finish();
  return result;
}

ResponseCoverage read_response(const Json& json, const std::string& path) {
  Object object(json, path);
  ResponseCoverage row;
  row.operation = object.text("operation");
  row.response = object.text("response");
  row.status = object.small("status", 999);
  row.level = level_of(object);
  row.count = object.count("count");
  row.why_not = object.text("why-not");
  row.where = place_of(object);
  object.finish();
  return row;
}

ParameterCoverage read_parameter(const Json& json, const std::string& path) {
  Object object(json, path);
  ParameterCoverage row;
  row.operation = object.text("operation");
  row.parameter = object.text("parameter");
  row.in = object.text("in");
  row.bound = object.text("bound");
  row.count = object.count("count");
  row.why_not = object.text("why-not");
  object.finish();
  return row;
}

StaleKnown read_stale(const Json& json, const std::string& path) {
  Object object(json, path);
  StaleKnown entry;
  entry.check = object.text("check");
  entry.on = object.text("on");
  entry.problem = object.text("problem");
  entry.where = place_of(object);
  object.finish();
  return entry;
}

Report read_report(const Json& json) {
  Object object(json, "");
  if (object.small("counterpart-report") != json_version)
    fail("counterpart-report", fmt::format("this program reads version {} only", json_version));
  Report report;
  report.contract = object.text("contract");
  report.title = object.text("title");
  report.target = object.text("target");
  report.version = object.text("version");
  report.seed = object.number("seed", std::numeric_limits<uint64_t>::max());
  report.started_ms = object.instant("started-ms");
  report.microseconds = object.microseconds("microseconds");
  report.level = level_of(object);
  report.environment_error = object.text("environment-error");
  object.find("summary");
  report.findings = object.list("findings", read_finding);
  report.cases = object.list("cases", read_case);
  report.responses = object.list("responses", read_response);
  report.parameters = object.list("parameters", read_parameter);
  report.stale = object.list("stale", read_stale);
  report.shard = object.count("shard");
  report.shards = object.count("shards");
  report.unseen = object.list("unseen", read_stale);
  report.undecided = object.list("undecided", read_stale);
  report.exchanges_left_out = object.count("exchanges-left-out");
  report.exchanges = object.list("exchanges", read_exchange);
  object.finish();
  for (size_t i = 0; i < report.cases.size(); ++i) {
    for (const size_t index : report.cases[i].findings) {
      if (index >= report.findings.size())
        fail(fmt::format("cases[{}].findings", i), fmt::format("there is no finding {}", index));
    }
  }
  return report;
}

}  // namespace

std::optional<Report> read_json(std::string_view text, std::string& problem) {
  if (text.size() > json_bytes_max) {
    problem = fmt::format("a report of more than {} MiB is not read", json_bytes_max >> 20);
    return std::nullopt;
  }
  std::string what;
  const auto json = document::parse_json(text, &what);
  if (!json) {
    problem = "this is no JSON: " + what;
    return std::nullopt;
  }
  try {
    return read_report(*json);
  } catch (const WrongReport& wrong) {
    problem = wrong.sentence;
    return std::nullopt;
  }
}

}  // namespace counterpart::conformance::reports

#pragma once
/// Reports to write in tests: one with something of everything, hostile texts among it.

#include <string>

#include "conformance/report.h"

namespace counterpart::conformance::reports {

/// What a server may answer to harm whoever looks at the report.
inline constexpr std::string_view hostile_html =
    "</script><script>window.hit=1</script><img src=x onerror='window.hit=2'>\"><svg onload=window.hit=3>";
inline constexpr std::string_view hostile_terminal =
    "\x1b[2J\x1b]0;owned\x07\xC2\x9B"
    "31m\r\b\xE2\x80\xAEgnp.exe";

inline Exchange test_exchange(const std::string& method, const std::string& target, int status, std::string body) {
  Exchange exchange;
  exchange.request = {method, target, {{"Accept", "*/*"}, {"Cookie", "sid=1; theme=dark"}}, ""};
  exchange.url = "http://127.0.0.1:4010" + target;
  exchange.reply.response = {
      status, {{"Content-Type", "application/json"}, {"Set-Cookie", "a=b; Path=/; HttpOnly"}}, std::move(body)};
  exchange.reply.microseconds = 840;
  exchange.operation = "killSession";
  exchange.expected = "killed";
  exchange.at_ms = 1'710'513'000'123;
  return exchange;
}

/// A body that is not what the contract says, with a diff.
inline Finding body_finding() {
  Finding finding;
  finding.check = "literal-body";
  finding.subject = "fetchAllSessions/retrieved";
  finding.requirement =
      "A response's body is what the contract writes down: parts without an expression are equal, member for member "
      "and "
      "element for element";
  finding.message = "/message is not what the contract says, and two sessions too many are listed";
  finding.case_name = "scenario/killed-session-is-gone";
  finding.where = {"scenarios/keyauth-seller/contract.yaml", 63, 9};
  Json sessions = Json::array();
  for (int i = 0; i < 40; ++i)
    sessions.push_back({{"id", "session-" + std::to_string(i)}, {"expiry", "1649063974"}, {"validated", "0"}});
  finding.expected_body =
      Json{{"success", true}, {"message", "Successfully retrieved sessions"}, {"sessions", sessions}};
  sessions.insert(sessions.begin() + 20, Json{{"id", "größer 日本"}, {"expiry", nullptr}, {"validated", "1"}});
  sessions[30]["expiry"] = 1649063974;
  finding.actual_body = {
      {"success", true}, {"message", "Retrieved sessions"}, {"sessions", sessions}, {"debug", Json::object()}};
  finding.expected = finding.expected_body->dump(2);
  finding.actual = finding.actual_body->dump(2);
  finding.exchanges = {test_exchange("DELETE", "/api/seller?type=kill&sessid=session-3", 200, R"({"success":true})"),
                       test_exchange("GET", "/api/seller?type=fetchallsessions", 200, finding.actual_body->dump())};
  finding.exchanges.back().operation = "fetchAllSessions";
  finding.exchanges.back().expected = finding.exchanges.back().got = "retrieved";
  finding.curl = "curl -sS -i -H 'Accept: */*' 'http://127.0.0.1:4010/api/seller?type=fetchallsessions'";
  finding.reproducer = "scenario: literal-body-1\nsteps:\n  - killSession: { sessid: session-3 }\n    expect: killed\n";
  finding.count = 20;
  return finding;
}

/// Every text of it comes from a server that means harm.
inline Finding hostile_finding() {
  Finding finding;
  finding.check = "documented-status";
  finding.level = Level::assumed;
  finding.subject = "killSession";
  finding.requirement = "Every answer has a documented status";
  finding.message = "418 is not documented: " + std::string(hostile_html) + std::string(hostile_terminal);
  finding.case_name = "generated/17";
  finding.where = {"scenarios/keyauth-seller/contract.yaml", 101, 0};
  finding.expected = "one of 200, 403, 404";
  finding.actual = std::string(hostile_html) + "\n" + std::string(hostile_terminal) + "\n::error::injected\n]]>" +
                   std::string("\0\xFF", 2);
  Exchange exchange = test_exchange("POST", "/api/seller?x=" + std::string(300, 'y') + "<script>", 418, finding.actual);
  exchange.request.headers.set("content-type", "application/octet-stream");
  exchange.request.body = std::string("\xFF\x00\x01\x02 binary", 11);
  exchange.reply.response.headers.add("X-Bad", "caf\xE9 \x1b[31m");
  exchange.reply.response.body += std::string(200'000, 'z');
  exchange.got = "";
  exchange.reply.attempts = 2;
  finding.exchanges = {std::move(exchange)};
  finding.curl =
      "curl -sS -i --data-binary $'\\xff' 'http://127.0.0.1:4010/api/seller?<script>alert(1)</script>\x1b[2J'";
  return finding;
}

inline Finding known_finding() {
  Finding finding;
  finding.check = "answers-in-time";
  finding.subject = "killAllSessions/killed";
  finding.requirement = "The target answers";
  finding.message = "there was no answer within 10 s";
  finding.case_name = "killAllSessions/valid";
  finding.known = "the vendor knows: support ticket 4711";
  Exchange exchange = test_exchange("DELETE", "/api/seller?type=killall", 200, "");
  exchange.reply = {Reply::Kind::timed_out, {}, "no answer within 10 s", 10'000'000, 1};
  exchange.url = "";
  finding.exchanges = {std::move(exchange)};
  return finding;
}

inline Report test_report() {
  Report report;
  report.contract = "keyauth-seller";
  report.title = "KeyAuth SellerAPI, sessions";
  report.target = "http://127.0.0.1:4010";
  report.version = "0.3.0";
  report.seed = 7;
  report.started_ms = 1'710'513'000'000;
  report.microseconds = 84'000;
  report.findings = {body_finding(), hostile_finding(), known_finding()};
  const Place where{"scenarios/keyauth-seller/killed.scenario.yaml", 1, 1};
  report.cases = {
      {"scenario/killed-session-is-gone",
       "A killed session is no longer listed",
       Outcome::failed,
       "",
       {0},
       2,
       0,
       1'700,
       where},
      {"scenario/expiry", "Sessions end", Outcome::skipped, "the target's clock cannot be moved", {}, 0, 0, 0, where},
      {"scenario/many", "", Outcome::skipped, "the target's clock cannot be moved", {}, 0, 0, 0, where},
      {"killSession/credential-required/none", "", Outcome::passed, "", {}, 1, 0, 700, {}},
      {"killSession/parameter/sessid",
       "",
       Outcome::inconclusive,
       "the session to kill was not there: " + std::string(hostile_html),
       {},
       1,
       0,
       900,
       {}},
      {"killAllSessions/valid", "", Outcome::known, "", {2}, 1, 1, 10'000'000, {}},
      {"generated/17", "", Outcome::passed, "", {1}, 3, 1, 2'400, {}},
  };
  report.responses = {
      {"fetchAllSessions",
       "retrieved",
       200,
       Level::documented,
       21,
       "",
       {"scenarios/keyauth-seller/contract.yaml", 60, 7}},
      {"fetchAllSessions", "not-authorized", 403, Level::documented, 4, "", {}},
      {"fetchAllSessions", "seller-key-not-found", 404, Level::documented, 4, "", {}},
      {"killSession", "killed", 200, Level::documented, 3, "", {}},
      {"killSession", "session-not-found", 404, Level::documented, 2, "", {}},
      {"killSession", "sessid-missing", 400, Level::assumed, 1, "", {}},
      {"killAllSessions",
       "killed",
       200,
       Level::documented,
       0,
       "the operation is destructive, and --destructive was not given",
       {}},
      {"killAllSessions", "not-authorized", 403, Level::documented, 2, "", {}},
      {"killAllSessions", "nothing-to-kill", 404, Level::assumed, 0, "", {}},
  };
  for (const char* operation : {"fetchAllSessions", "killSession", "killAllSessions"}) {
    for (const char* bound : {"valid", "left out", "empty", "wrong type"})
      report.parameters.push_back({operation, "sellerkey", "query", bound, 3});
  }
  for (const char* bound :
       {"valid", "left out", "empty", "minimum length", "past minimum length", "maximum length", "past maximum length"})
    report.parameters.push_back({"killSession", "sessid", "query", bound, bound[0] == 'p' ? 0u : 2u});
  report.stale = {{"documented-status", "killSession/killed", "it no longer occurs", {"staging.target.yaml", 31, 5}}};
  for (const Finding& finding : report.findings) {
    for (const Exchange& exchange : finding.exchanges) report.exchanges.push_back(exchange);
  }
  return report;
}

/// One finding, two cases: small enough for its reports to be written down whole.
inline Report small_report() {
  Report report;
  report.contract = "shop";
  report.title = "A shop";
  report.target = "http://127.0.0.1:4010";
  report.version = "1.2.3";
  report.seed = 7;
  report.started_ms = 1'710'513'000'000;
  report.microseconds = 84'000;
  Finding finding;
  finding.check = "literal-body";
  finding.subject = "getItem/found";
  finding.requirement = "The body is what the contract says";
  finding.message = "/name is another";
  finding.case_name = "scenario/one";
  finding.where = {"shop/contract.yaml", 12, 5};
  finding.expected_body = Json{{"name", "a"}};
  finding.actual_body = Json{{"name", "b"}};
  Exchange exchange = test_exchange("GET", "/items/1?full=yes", 200, R"({"name":"b"})");
  exchange.operation = "getItem";
  exchange.expected = exchange.got = "found";
  finding.exchanges = {exchange};
  finding.curl = "curl 'http://127.0.0.1:4010/items/1?full=yes'";
  report.findings = {std::move(finding)};
  report.cases = {{"scenario/one", "", Outcome::failed, "", {0}, 1, 0, 1'700, {}},
                  {"getItem/late", "", Outcome::skipped, "no clock", {}, 0, 0, 0, {}}};
  report.responses = {{"getItem", "found", 200, Level::documented, 1, "", {}},
                      {"getItem", "gone", 410, Level::documented, 0, "nothing can be removed", {}}};
  report.parameters = {{"getItem", "full", "query", "valid", 1}, {"getItem", "full", "query", "left out", 0}};
  report.exchanges = {std::move(exchange)};
  return report;
}

}  // namespace counterpart::conformance::reports

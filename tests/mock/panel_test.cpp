/// Every answer of scenarios/panel-sessions, and what its operations do to each other.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>

#include "tests/mock/client.h"
#include "tests/mock/documented_answers.h"
#include "tests/mock/running_mock.h"

namespace counterpart::tests {
namespace {

const std::string sessions = "/api/account/sessions";
const std::string user = "Authorization: Bearer YOUR_API_KEY\r\n";
const std::string busy = "Authorization: Bearer BUSY_API_KEY\r\n";
const std::string empty = "Authorization: Bearer EMPTY_API_KEY\r\n";

/// The document's example session, its key order too.
const std::string documented_session =
    R"({"token":"session_abc123xyz789","issuedAt":"2024-03-01T10:00:00.000Z","expiresAt":"2024-03-31T10:00:00.000Z","expiresAtTimestamp":1711882800000,"isCurrent":true,"ipAddress":"192.168.1.100","userAgent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36","browser":"Chrome","os":"Windows 10","device":"Desktop","lastSeenAt":"2024-03-15T14:30:00.000Z","firstSeenAt":"2024-03-01T10:00:00.000Z","fingerprint":"fp_1a2b3c4d5e6f"})";
/// The document's example list, without its blanks.
const std::string documented_list =
    R"({"data":[)" + documented_session +
    R"(],"currentToken":"session_abc123xyz789","pagination":{"page":1,"perPage":50,"total":1,"totalPages":1}})";
const std::string documented_revocation = R"({"data":{"revoked":1,"currentSessionRevoked":false}})";

const std::string second_session =
    R"({"token":"session_def456uvw012","issuedAt":"2024-02-25T08:15:00.000Z","expiresAt":"2024-03-26T08:15:00.000Z","expiresAtTimestamp":1711440900000,"isCurrent":false,"ipAddress":"192.168.1.101","userAgent":"Mozilla/5.0 (iPhone; CPU iPhone OS 17_3 like Mac OS X) AppleWebKit/605.1.15","browser":"Safari","os":"iOS 17","device":"Mobile","lastSeenAt":"2024-03-14T19:02:11.000Z","firstSeenAt":"2024-02-25T08:15:00.000Z","fingerprint":null})";
const std::string third_session =
    R"({"token":"session_ghi789rst345","issuedAt":"2024-02-20T21:40:00.000Z","expiresAt":"2024-03-21T21:40:00.000Z","expiresAtTimestamp":1711057200000,"isCurrent":false,"ipAddress":"203.0.113.7","userAgent":"Mozilla/5.0 (X11; Linux x86_64; rv:123.0) Gecko/20100101 Firefox/123.0","browser":"Firefox","os":"Linux","device":"Desktop","lastSeenAt":"2024-03-02T07:55:30.000Z","firstSeenAt":"2024-02-20T21:40:00.000Z","fingerprint":null})";

std::string list_of(const std::string& data, const std::string& current, int page, int limit, int total, int pages) {
  return fmt::format(
      R"({{"data":[{}],"currentToken":{},"pagination":{{"page":{},"perPage":{},"total":{},"totalPages":{}}}}})", data,
      current, page, limit, total, pages);
}

std::string users_list(const std::string& data, int page, int limit, int total, int pages) {
  return list_of(data, R"("session_abc123xyz789")", page, limit, total, pages);
}

const std::string users_sessions = documented_session + "," + second_session + "," + third_session;

std::string iso(std::time_t time) {
  std::tm utc{};
  ::gmtime_r(&time, &utc);
  char text[32];
  std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S.000Z", &utc);
  return text;
}

/// Sessions of BUSY_API_KEY as it lists them, the newest (the 120th) first: `count` of them after the first `skipped`.
std::string busy_sessions(int skipped, int count) {
  constexpr std::time_t march_1st = 1'709'251'200, month = 30 * 86'400;
  std::string list;
  for (int number = 120 - skipped; number > 120 - skipped - count; --number) {
    const std::time_t issued = march_1st + number * 3600;
    list += fmt::format(
        R"({}{{"token":"session_busy_{:03}","issuedAt":"{}","expiresAt":"{}","expiresAtTimestamp":{}000,"isCurrent":false,"ipAddress":"10.0.0.{}","userAgent":"curl/8.5.0","browser":"curl","os":"Linux","device":"Server","lastSeenAt":"2024-03-15T12:00:00.000Z","firstSeenAt":"{}","fingerprint":null}})",
        list.empty() ? "" : ",", number, iso(issued), iso(issued + month), issued + month, number, iso(issued));
  }
  return list;
}

std::string busy_list(int page, int limit, int pages) {
  const int skipped = (page - 1) * limit;
  return list_of(busy_sessions(skipped, std::clamp(120 - skipped, 0, limit)), "null", page, limit, 120, pages);
}

std::string revocation(const char* revoked, bool current) {
  return fmt::format(R"({{"data":{{"revoked":{},"currentSessionRevoked":{}}}}})", revoked, current);
}

/// An error in the shape of the panel's public implementation.
std::string error_body(const std::string& target, int status, const std::string& message,
                       const std::string& data = "") {
  return fmt::format(
      R"({{"error":true,"url":"http://panel.example.com{}","statusCode":{},"statusMessage":"Server Error","message":"{}"{}{}}})",
      target, status, message, data.empty() ? "" : R"(,"data":)", data);
}

const std::string unauthenticated =
    "The document names no status for a missing or wrong credential; XyraPanel answers this";
const std::string range_unsaid =
    "The document gives the ranges of page and limit and not what others get; XyraPanel's validated queries answer "
    "this";
const std::string value_unsaid =
    "The document does not say what another value than true and false gets; chosen; the shape is that of XyraPanel's "
    "validation errors";
const std::string body_unsaid =
    "body: The document gives the sentence and not its place in the body; XyraPanel's errors have this shape";

const std::string no_token = "Missing session token in request path.";
const std::string no_session = "Session not found or failed to revoke.";

Answered listed(std::string name, const std::string& query, const std::string& who, std::string body) {
  return {std::move(name), "GET", sessions + query, who, 200, std::move(body), "listSessions", "listed"};
}

Answered query_refused(std::string name, const std::string& query, const std::string& problems) {
  const std::string target = sessions + query;
  return {std::move(name),
          "GET",
          target,
          user,
          400,
          error_body(target, 400, "Query validation failed", problems),
          "listSessions",
          "query-invalid",
          range_unsaid};
}

Answered not_authenticated(std::string name, std::string method, const std::string& target, std::string headers,
                           std::string operation) {
  return {std::move(name),
          std::move(method),
          target,
          std::move(headers),
          401,
          error_body(target, 401, "Authentication required."),
          std::move(operation),
          "not-authenticated",
          unauthenticated};
}

Answered revoked_all(std::string name, const std::string& query, const std::string& who, std::string body) {
  return {std::move(name), "DELETE", sessions + query, who, 200, std::move(body), "revokeAllSessions", "revoked"};
}

Answered revoked(std::string name, const std::string& token, const std::string& who, bool current) {
  return {std::move(name), "DELETE", sessions + "/" + token, who, 200, revocation("true", current),
          "revokeSession", "revoked"};
}

Answered not_found(std::string name, const std::string& token, const std::string& who) {
  const std::string target = sessions + "/" + token;
  return {std::move(name),     "DELETE",   target, who, 404, error_body(target, 404, no_session), "revokeSession",
          "session-not-found", body_unsaid};
}

std::vector<Answered> list_rows() {
  return {
      listed("list", "", user, users_list(users_sessions, 1, 50, 3, 1)),
      listed("list_as_documented", "?page=1&limit=50", user, users_list(users_sessions, 1, 50, 3, 1)),
      listed("list_limit_1", "?limit=1", user, users_list(documented_session, 1, 1, 3, 3)),
      listed("list_limit_1_page_2", "?limit=1&page=2", user, users_list(second_session, 2, 1, 3, 3)),
      listed("list_limit_1_page_3", "?limit=1&page=3", user, users_list(third_session, 3, 1, 3, 3)),
      listed("list_limit_2_page_2", "?limit=2&page=2", user, users_list(third_session, 2, 2, 3, 2)),
      listed("list_past_the_end", "?page=2", user, users_list("", 2, 50, 3, 1)),
      listed(
          "list_far_past_the_end", "?page=9223372036854775807&limit=100", busy,
          R"({"data":[],"currentToken":null,"pagination":{"page":9223372036854775807,"perPage":100,"total":120,"totalPages":2}})"),
      listed("busy_list", "", busy, busy_list(1, 50, 3)),
      listed("busy_page_2", "?page=2", busy, busy_list(2, 50, 3)),
      listed("busy_last_page", "?page=3", busy, busy_list(3, 50, 3)),
      listed("busy_past_the_end", "?page=4", busy, busy_list(4, 50, 3)),
      listed("busy_limit_100", "?limit=100", busy, busy_list(1, 100, 2)),
      listed("busy_limit_100_page_2", "?limit=100&page=2", busy, busy_list(2, 100, 2)),
      listed("busy_limit_60_divides", "?limit=60&page=2", busy, busy_list(2, 60, 2)),
      listed("busy_limit_1_last", "?limit=1&page=120", busy, busy_list(120, 1, 120)),
      listed("empty_list", "", empty, list_of("", "null", 1, 50, 0, 0)),
      listed("empty_page_2", "?page=2", empty, list_of("", "null", 2, 50, 0, 0)),
      listed("list_scheme_in_small_letters", "", "authorization: bearer YOUR_API_KEY\r\n",
             users_list(users_sessions, 1, 50, 3, 1)),
      listed("list_prefer_example", "", "Prefer: example=listed\r\n", documented_list),
      listed("list_prefer_code", "", "Prefer: code=200\r\n", documented_list),

      query_refused("page_0", "?page=0", R"([{"field":"page","message":"must be at least 1, is 0"}])"),
      query_refused("page_negative", "?page=-1", R"([{"field":"page","message":"must be at least 1, is -1"}])"),
      query_refused("page_text", "?page=abc", R"([{"field":"page","message":"must be an integer"}])"),
      query_refused("page_empty", "?page=", R"([{"field":"page","message":"must not be empty"}])"),
      query_refused("page_fraction", "?page=1.5", R"([{"field":"page","message":"must be an integer"}])"),
      query_refused("page_hexadecimal", "?page=0x1", R"([{"field":"page","message":"must be an integer"}])"),
      query_refused("page_of_many_digits", "?page=99999999999999999999",
                    R"([{"field":"page","message":"must be an integer"}])"),
      query_refused("page_twice", "?page=1&page=2",
                    R"([{"field":"page","message":"must be given once, is given 2 times"}])"),
      query_refused("limit_0", "?limit=0", R"([{"field":"limit","message":"must be at least 1, is 0"}])"),
      query_refused("limit_101", "?limit=101", R"([{"field":"limit","message":"must be at most 100, is 101"}])"),
      query_refused(
          "both_wrong", "?limit=101&page=0",
          R"([{"field":"page","message":"must be at least 1, is 0"},{"field":"limit","message":"must be at most 100, is 101"}])"),

      not_authenticated("list_without_credential", "GET", sessions, "", "listSessions"),
      not_authenticated("list_with_unknown_credential", "GET", sessions, "Authorization: Bearer NO_SUCH_KEY\r\n",
                        "listSessions"),
      not_authenticated("list_with_empty_credential", "GET", sessions, "Authorization: Bearer \r\n", "listSessions"),
      not_authenticated("list_with_another_scheme", "GET", sessions, "Authorization: Basic WU9VUl9BUElfS0VZ\r\n",
                        "listSessions"),
      not_authenticated("credential_before_query", "GET", sessions + "?page=0", "", "listSessions"),
  };
}

std::vector<Answered> revoke_rows() {
  const std::string maybe = sessions + "?includeCurrent=maybe";
  return {
      revoked_all("revoke_all", "", user, revocation("2", false)),
      revoked_all("revoke_all_as_documented", "?includeCurrent=false", user, revocation("2", false)),
      revoked_all("revoke_all_and_current", "?includeCurrent=true", user, revocation("3", true)),
      revoked_all("revoke_all_of_busy", "", busy, revocation("120", false)),
      revoked_all("revoke_all_of_busy_and_current", "?includeCurrent=true", busy, revocation("120", false)),
      revoked_all("revoke_all_of_empty", "", empty, revocation("0", false)),
      revoked_all("revoke_all_prefer_example", "", "Prefer: example=revoked\r\n", documented_revocation),
      {"revoke_all_maybe", "DELETE", maybe, user, 400,
       error_body(maybe, 400, "Query validation failed",
                  R"([{"field":"includeCurrent","message":"must be true or false"}])"),
       "revokeAllSessions", "query-invalid", value_unsaid},
      not_authenticated("revoke_all_without_credential", "DELETE", sessions, "", "revokeAllSessions"),

      revoked("revoke_another", "session_def456uvw012", user, false),
      revoked("revoke_current", "session_abc123xyz789", user, true),
      revoked("revoke_of_busy", "session_busy_001", busy, false),
      revoked("revoke_escaped_token", "session%5Fdef456uvw01%32", user, false),
      {"revoke_prefer_example", "DELETE", sessions + "/x", "Prefer: example=revoked\r\n", 200,
       revocation("true", false), "revokeSession", "revoked"},
      {"revoke_prefer_404", "DELETE", sessions + "/x", "Prefer: code=404\r\n", 404,
       R"({"error":true,"url":"https://panel.example.com/api/account/sessions/session_nosuchtoken","statusCode":404,"statusMessage":"Server Error","message":"Session not found or failed to revoke."})",
       "revokeSession", "session-not-found", body_unsaid},
      {"revoke_empty_token", "DELETE", sessions + "/", user, 400, error_body(sessions + "/", 400, no_token),
       "revokeSession", "token-missing", body_unsaid},
      not_found("revoke_unknown", "session_nosuchtoken", user),
      not_found("revoke_of_another_account", "session_busy_001", user),
      not_found("revoke_from_empty_account", "session_abc123xyz789", empty),
      not_found("revoke_expired", "session_old000old000", user),
      not_authenticated("revoke_without_credential", "DELETE", sessions + "/session_abc123xyz789", "", "revokeSession"),
      not_authenticated("revoke_empty_token_without_credential", "DELETE", sessions + "/", "", "revokeSession"),
  };
}

class PanelAnswers : public testing::TestWithParam<Answered> {};

TEST_P(PanelAnswers, AreDocumented) {
  const RunningMock mock({panel, "--quiet"});
  expect_answer(mock.port(), GetParam());
}

constexpr auto name_of = [](const auto& row) { return row.param.name; };
INSTANTIATE_TEST_SUITE_P(List, PanelAnswers, testing::ValuesIn(list_rows()), name_of);
INSTANTIATE_TEST_SUITE_P(Revoke, PanelAnswers, testing::ValuesIn(revoke_rows()), name_of);

class Panel : public testing::Test {
 protected:
  Response list(const std::string& who = user) { return ask(mock_.port(), "GET", sessions, who); }
  Response revoke(const std::string& rest, const std::string& who = user) {
    return ask(mock_.port(), "DELETE", sessions + rest, who);
  }

  const RunningMock mock_{{panel, "--quiet"}};
};

TEST_F(Panel, RevokingTheOthersLeavesTheDocumentedList) {
  EXPECT_EQ(revoke("").body, revocation("2", false));
  EXPECT_EQ(list().body, documented_list);
  EXPECT_EQ(revoke("").body, revocation("0", false));
  EXPECT_EQ(list(busy).body, busy_list(1, 50, 3));
}

TEST_F(Panel, RevokingAllLogsOut) {
  EXPECT_EQ(revoke("?includeCurrent=true").body, revocation("3", true));
  EXPECT_EQ(list().status, 401);
  EXPECT_EQ(revoke("").status, 401);
  EXPECT_EQ(revoke("/session_abc123xyz789").status, 401);
  EXPECT_EQ(list(busy).status, 200);
}

TEST_F(Panel, RevokingTheCurrentSessionLogsOut) {
  EXPECT_EQ(revoke("/session_abc123xyz789").body, revocation("true", true));
  EXPECT_EQ(list().body, error_body(sessions, 401, "Authentication required."));
  EXPECT_EQ(list(empty).status, 200);
}

TEST_F(Panel, RevokedSessionIsGone) {
  EXPECT_EQ(revoke("/session_def456uvw012").status, 200);
  EXPECT_EQ(list().body, users_list(documented_session + "," + third_session, 1, 50, 2, 1));
  EXPECT_EQ(revoke("/session_def456uvw012").status, 404);
}

TEST_F(Panel, RevokingOfBusyCountsDown) {
  EXPECT_EQ(revoke("/session_busy_120", busy).status, 200);
  EXPECT_EQ(list(busy).body, list_of(busy_sessions(1, 50), "null", 1, 50, 119, 3));
  EXPECT_EQ(revoke("", busy).body, revocation("119", false));
  EXPECT_EQ(list(busy).body, list_of("", "null", 1, 50, 0, 0));
}

/// 2^63 and more is no number that Lua's integers hold; it is no page either.
TEST_F(Panel, PagesPastEveryInteger) {
  for (const char* page : {"9223372036854775808", "18446744073709551615", "18446744073709551616", "1e300"}) {
    const std::string target = sessions + "?page=" + page;
    EXPECT_EQ(ask(mock_.port(), "GET", target, user).status, 400) << page;
  }
}

}  // namespace
}  // namespace counterpart::tests

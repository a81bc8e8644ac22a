/// Every answer of scenarios/keyauth-seller, and what its operations do to each other. The bodies are those of the
/// document, copied from it.
#include <gtest/gtest.h>

#include "tests/mock/client.h"
#include "tests/mock/documented_answers.h"
#include "tests/mock/running_mock.h"

namespace counterpart::tests {
namespace {

const std::string killed_body = R"({"success":true,"message":"Successfully killed session!"})";
const std::string all_killed_body = R"({"success":true,"message":"Successfully killed all sessions!"})";
const std::string documented_list_body =
    R"({"success":true,"message":"Successfully retrieved sessions","sessions":[{"id":"iMdaoCGXWr","credential":null,"expiry":"1649063974","validated":"0"}]})";
const std::string not_authorized_body =
    R"({"success":false,"message":"Not authorized to use SellerAPI, please upgrade."})";
const std::string not_found_body = R"({"success":false,"message":"Seller Key Not Found"})";

const std::string first_list_body =
    R"({"success":true,"message":"Successfully retrieved sessions","sessions":[{"id":"iMdaoCGXWr","credential":null,"expiry":"1649063974","validated":"0"},{"id":"oXuqIIhtz3","credential":null,"expiry":"1649067574","validated":"1"}]})";
const std::string other_list_body =
    R"({"success":true,"message":"Successfully retrieved sessions","sessions":[{"id":"Zk3vQp81Ld","credential":"somebody","expiry":"1649071174","validated":"1"}]})";
const std::string empty_list_body = R"({"success":true,"message":"Successfully retrieved sessions","sessions":[]})";

// Undocumented.
const std::string kill_failed_body = R"({"success":false,"message":"Failed to kill session!"})";
const std::string type_missing_body = R"({"success":false,"message":"Type not specified"})";
const std::string type_unknown_body = R"({"success":false,"message":"Type doesn't exist"})";
const std::string kill_failed_reason =
    "The document does not say what killing an unknown session or naming none gets; KeyAuth's published server source "
    "answers this, and sets no status";
const std::string other_type_reason =
    "The document has no answer for a missing or unknown type; KeyAuth's published server source answers this, and "
    "sets "
    "no status";

std::vector<Answered> rows() {
  const std::vector<Answered> of_query{
      {"kill", "GET", "sellerkey=sellerkeyhere&type=kill&sessid=oXuqIIhtz3", "", 200, killed_body, "killSession",
       "killed"},
      {"kill_403", "GET", "sellerkey=freeplankey&type=kill&sessid=oXuqIIhtz3", "", 403, not_authorized_body,
       "killSession", "not-authorized"},
      {"kill_404", "GET", "sellerkey=nosuchkey&type=kill&sessid=oXuqIIhtz3", "", 404, not_found_body, "killSession",
       "seller-key-not-found"},
      {"killall", "GET", "sellerkey=sellerkeyhere&type=killall", "", 200, all_killed_body, "killAllSessions",
       "all-killed"},
      {"killall_403", "GET", "sellerkey=freeplankey&type=killall", "", 403, not_authorized_body, "killAllSessions",
       "not-authorized"},
      {"killall_404", "GET", "sellerkey=nosuchkey&type=killall", "", 404, not_found_body, "killAllSessions",
       "seller-key-not-found"},
      {"list", "GET", "sellerkey=sellerkeyhere&type=fetchallsessions", "", 200, first_list_body, "fetchAllSessions",
       "retrieved"},
      {"list_403", "GET", "sellerkey=freeplankey&type=fetchallsessions", "", 403, not_authorized_body,
       "fetchAllSessions", "not-authorized"},
      {"list_404", "GET", "sellerkey=nosuchkey&type=fetchallsessions", "", 404, not_found_body, "fetchAllSessions",
       "seller-key-not-found"},
      {"list_of_the_other_seller", "GET", "sellerkey=othersellerkey&type=fetchallsessions", "", 200, other_list_body,
       "fetchAllSessions", "retrieved"},
      {"no_key", "GET", "type=fetchallsessions", "", 404, not_found_body, "fetchAllSessions", "seller-key-not-found"},
      {"empty_key", "GET", "sellerkey=&type=killall", "", 404, not_found_body, "killAllSessions",
       "seller-key-not-found"},
      {"parameters_in_another_order", "GET", "sessid=iMdaoCGXWr&type=kill&sellerkey=sellerkeyhere", "", 200,
       killed_body, "killSession", "killed"},
      {"unknown_parameter", "GET", "sellerkey=sellerkeyhere&type=killall&format=text", "", 200, all_killed_body,
       "killAllSessions", "all-killed"},

      {"kill_unknown", "GET", "sellerkey=sellerkeyhere&type=kill&sessid=nosuchid", "", 200, kill_failed_body,
       "killSession", "kill-failed", kill_failed_reason},
      {"kill_without_sessid", "GET", "sellerkey=sellerkeyhere&type=kill", "", 200, kill_failed_body, "killSession",
       "kill-failed", kill_failed_reason},
      {"kill_of_empty_sessid", "GET", "sellerkey=sellerkeyhere&type=kill&sessid=", "", 200, kill_failed_body,
       "killSession", "kill-failed", kill_failed_reason},
      {"kill_of_the_other_seller", "GET", "sellerkey=sellerkeyhere&type=kill&sessid=Zk3vQp81Ld", "", 200,
       kill_failed_body, "killSession", "kill-failed", kill_failed_reason},
      {"no_type", "GET", "sellerkey=sellerkeyhere", "", 200, type_missing_body, "otherType", "type-missing",
       other_type_reason},
      {"empty_type", "GET", "sellerkey=sellerkeyhere&type=", "", 200, type_missing_body, "otherType", "type-missing",
       other_type_reason},
      {"unknown_type", "GET", "sellerkey=sellerkeyhere&type=fetchallusers", "", 200, type_unknown_body, "otherType",
       "type-unknown", other_type_reason},
      {"type_in_capitals", "GET", "sellerkey=sellerkeyhere&type=KILLALL", "", 200, type_unknown_body, "otherType",
       "type-unknown", other_type_reason},

      // The document's own bodies, without state.
      {"prefer_killed", "GET", "type=kill", "Prefer: example=killed\r\n", 200, killed_body, "killSession", "killed"},
      {"prefer_all_killed", "GET", "type=killall", "Prefer: example=all-killed\r\n", 200, all_killed_body,
       "killAllSessions", "all-killed"},
      {"prefer_retrieved", "GET", "type=fetchallsessions", "Prefer: example=retrieved\r\n", 200, documented_list_body,
       "fetchAllSessions", "retrieved"},
      {"prefer_200", "GET", "type=fetchallsessions", "Prefer: code=200\r\n", 200, documented_list_body,
       "fetchAllSessions", "retrieved"},
      {"prefer_403", "GET", "type=fetchallsessions", "Prefer: code=403\r\n", 403, not_authorized_body,
       "fetchAllSessions", "not-authorized"},
      {"prefer_404", "GET", "type=kill", "Prefer: code=404\r\n", 404, not_found_body, "killSession",
       "seller-key-not-found"},
      {"prefer_not_authorized", "GET", "type=killall", "Prefer: example=not-authorized\r\n", 403, not_authorized_body,
       "killAllSessions", "not-authorized"},
      {"prefer_quoted", "GET", "type=killall", "Prefer: respond-async, example=\"not-authorized\"\r\n", 403,
       not_authorized_body, "killAllSessions", "not-authorized"},
      {"prefer_undocumented", "GET", "type=kill", "Prefer: example=kill-failed\r\n", 200, kill_failed_body,
       "killSession", "kill-failed", kill_failed_reason},
      {"prefer_something_else", "GET", "sellerkey=sellerkeyhere&type=killall", "Prefer: return=minimal\r\n", 200,
       all_killed_body, "killAllSessions", "all-killed"},
  };
  std::vector<Answered> all;
  for (const Answered& row : of_query) {
    all.push_back(row);
    all.back().target = "/api/seller?" + row.target;
    all.push_back(row);
    all.back().target = "/api/seller/?" + row.target;
    all.back().name += "_with_slash";
  }
  all.push_back({"nothing", "GET", "/api/seller", "", 404, not_found_body, "otherType", "seller-key-not-found",
                 other_type_reason});
  return all;
}

class KeyAuthAnswers : public testing::TestWithParam<Answered> {};

TEST_P(KeyAuthAnswers, AreDocumented) {
  const RunningMock mock({keyauth, "--quiet"});
  expect_answer(mock.port(), GetParam());
}

INSTANTIATE_TEST_SUITE_P(Table, KeyAuthAnswers, testing::ValuesIn(rows()),
                         [](const auto& row) { return row.param.name; });

std::string get(const RunningMock& mock, const std::string& query) {
  return ask(mock.port(), "GET", "/api/seller/?" + query).body;
}

TEST(KeyAuth, KilledSessionIsGone) {
  const RunningMock mock({keyauth, "--quiet"});
  EXPECT_EQ(get(mock, "sellerkey=sellerkeyhere&type=kill&sessid=oXuqIIhtz3"), killed_body);
  EXPECT_EQ(get(mock, "sellerkey=sellerkeyhere&type=fetchallsessions"), documented_list_body);
  EXPECT_EQ(get(mock, "sellerkey=sellerkeyhere&type=kill&sessid=oXuqIIhtz3"), kill_failed_body);
  EXPECT_EQ(get(mock, "sellerkey=sellerkeyhere&type=kill&sessid=iMdaoCGXWr"), killed_body);
  EXPECT_EQ(get(mock, "sellerkey=sellerkeyhere&type=fetchallsessions"), empty_list_body);
}

TEST(KeyAuth, KillAllEmptiesOneApplication) {
  const RunningMock mock({keyauth, "--quiet"});
  EXPECT_EQ(get(mock, "sellerkey=sellerkeyhere&type=killall"), all_killed_body);
  EXPECT_EQ(get(mock, "sellerkey=sellerkeyhere&type=fetchallsessions"), empty_list_body);
  EXPECT_EQ(get(mock, "sellerkey=othersellerkey&type=fetchallsessions"), other_list_body);
  EXPECT_EQ(get(mock, "sellerkey=othersellerkey&type=killall"), all_killed_body);
  EXPECT_EQ(get(mock, "sellerkey=othersellerkey&type=fetchallsessions"), empty_list_body);
}

TEST(KeyAuth, RefusedCallsChangeNothing) {
  const RunningMock mock({keyauth, "--quiet"});
  for (const char* key : {"othersellerkey", "freeplankey", "nosuchkey", ""}) {
    get(mock, std::string("type=kill&sessid=oXuqIIhtz3&sellerkey=") + key);
  }
  for (const char* key : {"freeplankey", "nosuchkey", ""}) get(mock, std::string("type=killall&sellerkey=") + key);
  EXPECT_EQ(get(mock, "sellerkey=sellerkeyhere&type=fetchallsessions"), first_list_body);
  EXPECT_EQ(get(mock, "sellerkey=othersellerkey&type=fetchallsessions"), other_list_body);
}

TEST(KeyAuth, PreferredAnswersChangeNothing) {
  const RunningMock mock({keyauth, "--quiet"});
  for (const char* wanted : {"example=killed", "code=200", "code=404"}) {
    const Response answer = ask(mock.port(), "GET", "/api/seller?sellerkey=sellerkeyhere&type=kill&sessid=oXuqIIhtz3",
                                std::string("Prefer: ") + wanted + "\r\n");
    EXPECT_EQ(answer.header("Preference-Applied"), wanted);
  }
  EXPECT_EQ(get(mock, "sellerkey=sellerkeyhere&type=fetchallsessions"), first_list_body);
}

TEST(KeyAuth, PreferenceThatCannotBeMet) {
  const RunningMock mock({keyauth, "--quiet"});
  for (const char* wanted : {"code=418", "example=listed", "code=404, example=killed"}) {
    SCOPED_TRACE(wanted);
    const Response answer = ask(mock.port(), "GET", "/api/seller?type=kill", std::string("Prefer: ") + wanted + "\r\n");
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    EXPECT_NE(
        answer.body.find("it has killed (200), not-authorized (403), seller-key-not-found (404), kill-failed (200)"),
        std::string::npos)
        << answer.body;
  }
}

}  // namespace
}  // namespace counterpart::tests

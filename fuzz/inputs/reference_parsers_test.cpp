#include "fuzz/inputs/reference_parsers.h"

#include <gtest/gtest.h>

namespace counterpart::fuzz {
namespace {

struct Case {
  std::string_view operation;
  int status;
  std::string_view body;
  std::string_view response;  // or why it is none
};

TEST(ReferenceParsers, Keyauth) {
  const Case cases[] = {
      {"", 200, R"({"success":true,"message":"Successfully killed session!"})", "killed"},
      {"", 200, R"({"success":true,"message":"Successfully retrieved sessions","sessions":[]})", "retrieved"},
      {"", 200,
       R"({"success":true,"message":"Successfully retrieved sessions","sessions":[{"id":"a","credential":null,"expiry":"1","validated":"0"}]})",
       "retrieved"},
      {"", 200,
       R"({"success":true,"message":"Successfully retrieved sessions","sessions":[{"id":"a","credential":null,"expiry":1,"validated":"0"}]})",
       "expiry has another type or value"},
      {"", 404, R"({"success":false,"message":"Seller Key Not Found"})", "seller-key-not-found"},
      {"", 200, R"({"success":false,"message":"Seller Key Not Found"})", "no message that is documented"},
      {"", 404, R"({"success":true,"message":"Seller Key Not Found"})", "success is otherwise"},
      {"", 404, R"({"success":false,"message":"Seller Key Not Found","more":1})", "a field that is not documented"},
      {"", 404, R"([])", "no JSON map"},
      {"", 404, R"({)", "no JSON map"},
  };
  for (const Case& c : cases) {
    const ParsedAnswer parsed = parse_keyauth_answer(c.status, c.body);
    EXPECT_EQ(parsed.response.empty() ? parsed.problem : parsed.response, c.response) << c.body;
  }
}

TEST(ReferenceParsers, Panel) {
  const Case cases[] = {
      {"listSessions", 200,
       R"({"data":[],"currentToken":null,"pagination":{"page":1,"perPage":50,"total":0,"totalPages":0}})", "listed"},
      {"listSessions", 200,
       R"({"data":[],"currentToken":null,"pagination":{"page":"1","perPage":50,"total":0,"totalPages":0}})",
       "page has another type or value"},
      {"listSessions", 200,
       R"({"data":[{}],"currentToken":"t","pagination":{"page":1,"perPage":5,"total":0,"totalPages":0}})",
       "token is missing"},
      {"revokeAllSessions", 200, R"({"data":{"revoked":3,"currentSessionRevoked":false}})", "revoked"},
      {"revokeSession", 200, R"({"data":{"revoked":true,"currentSessionRevoked":false}})", "revoked"},
      {"revokeSession", 200, R"({"data":{"revoked":false,"currentSessionRevoked":false}})",
       "revoked has another type or value"},
      {"revokeSession", 200, R"({"data":{"revoked":3,"currentSessionRevoked":false}})",
       "revoked has another type or value"},
      {"revokeSession", 404,
       R"({"error":true,"url":"u","statusCode":404,"statusMessage":"Server Error","message":"Session not found or failed to revoke."})",
       "session-not-found"},
      {"listSessions", 404, "{}", "no status that is documented"},
      {"listSessions", 400,
       R"({"error":true,"url":"u","statusCode":400,"statusMessage":"Server Error","message":"Query validation failed","data":[{"field":"a","message":"b"}]})",
       "query-invalid"},
      {"listSessions", 401,
       R"({"error":true,"url":"u","statusCode":401.5,"statusMessage":"Server Error","message":"Authentication required."})",
       "statusCode has another type or value"},
      {"listSessions", 401,
       R"({"error":false,"url":"u","statusCode":401,"statusMessage":"Server Error","message":"Authentication required."})",
       "another error"},
  };
  for (const Case& c : cases) {
    const ParsedAnswer parsed = parse_panel_answer(c.operation, c.status, c.body);
    EXPECT_EQ(parsed.response.empty() ? parsed.problem : parsed.response, c.response) << c.body;
  }
}

}  // namespace
}  // namespace counterpart::fuzz

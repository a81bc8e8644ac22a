#include "fuzz/server/danger.h"

#include "fuzz/server/orders_test.h"
#include "fuzz/server/shipped_test.h"

namespace counterpart::fuzz::server {

namespace {

using conformance::Call;
using conformance::Trick;
using Kind = Trick::Kind;

struct Case {
  const char* operation;
  std::vector<std::pair<std::string, conformance::Json>> values;
  std::vector<Trick> tricks;
  bool may;
};

void expect(const conformance::Suite& suite, const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    Call call = suite.base_call(*suite.contract().find_operation(one.operation));
    call.parts.parameters = one.values;
    call.tricks = one.tricks;
    EXPECT_EQ(may_destroy(suite, call), one.may)
        << one.operation << " " << one.values.size() << (one.tricks.empty() ? "" : one.tricks[0].text);
  }
}

TEST(Danger, WhatOthersCouldTakeForADestructiveOperation) {
  const Trick get_override{Kind::header, "X-HTTP-Method-Override", "DELETE", "", 0, 0, 1};
  const Trick unknown_query{Kind::query, "", "a=1", "", 0, 0, 1};
  expect(*shipped("panel-sessions"),
         {
             {"revokeAllSessions", {}, {}, true},
             {"listSessions", {}, {}, false},
             {"listSessions", {}, {unknown_query}, false},
             {"listSessions", {}, {get_override}, true},
             {"listSessions", {}, {{Kind::query, "", "_method=delete", "", 0, 0, 1}}, true},
             {"listSessions", {}, {{Kind::query, "", "_method=%44ELETE", "", 0, 0, 1}}, true},
             {"listSessions", {}, {{Kind::method, "", "delete", "", 0, 0, 1}}, true},
             {"listSessions", {}, {{Kind::method, "", "PATCH", "", 0, 0, 1}}, false},
             {"revokeSession", {{"token", "abc"}}, {}, false},
             {"revokeSession", {{"token", ""}}, {}, false},  // the contract says what that is
             {"revokeSession", {{"token", ""}}, {unknown_query}, true},
             {"revokeSession", {{"token", "."}}, {}, true},
             {"revokeSession", {{"token", "x/.."}}, {}, true},
             {"revokeSession", {{"token", "%2e"}}, {}, true},
             {"revokeSession", {{"token", ";a"}}, {}, true},
             {"revokeSession", {{"token", "abc"}}, {{Kind::path, "", "/../", "", 0, 0, 1}}, false},
             {"revokeSession", {{"token", "abc"}}, {{Kind::path, "", "/../", "", 99, 0, 1}}, true},
             {"revokeSession", {{"token", "a"}}, {{Kind::path, "", "/..", "", 22, 0, 1}}, true},
         });
  expect(*shipped("keyauth-seller"),
         {
             {"killAllSessions", {}, {}, true},
             {"killSession", {{"sessid", "x"}}, {}, false},
             {"killSession", {{"sessid", "x"}}, {{Kind::repeat, "type", "killall", "", 0, 0, 1}}, true},
             {"killSession", {{"sessid", "x"}}, {{Kind::query, "", "type=KILL%61ll", "", 0, 0, 1}}, true},
             {"killSession", {{"sessid", "x"}}, {{Kind::body, "", "type=killall", "", 0, 0, 1}}, true},
             {"killSession", {{"sessid", "x"}}, {{Kind::method, "", "POST", "", 0, 0, 1}}, false},
         });
}

TEST(Danger, OfABodyAlone) {
  const auto suite = orders();
  struct BodyCase {
    const char* body;
    bool may;
  };
  for (const auto& [body, may] : {
           BodyCase{R"({"name":"one","box":{"width":1}})", false},
           BodyCase{R"({"name":"Delete","box":{"width":1}})", true},
           BodyCase{R"({"_method":"%44ELETE"})", true},
       }) {
    Call call = suite->base_call(*suite->contract().find_operation("place"));
    EXPECT_FALSE(may_destroy(*suite, call));
    call.parts.body = conformance::Json::parse(body);
    EXPECT_EQ(may_destroy(*suite, call), may) << body;
    call.raw_body = conformance::RawBody{"text/plain", body};
    call.parts.body.reset();
    EXPECT_EQ(may_destroy(*suite, call), may) << body;
  }
}

TEST(Danger, OfBytes) {
  const auto panel = shipped("panel-sessions");
  EXPECT_TRUE(may_destroy(*panel, "dElete /x HTTP/1.1"));
  EXPECT_FALSE(may_destroy(*panel, "GET /api/account/sessions HTTP/1.1\r\n\r\n"));
  const auto keyauth = shipped("keyauth-seller");
  EXPECT_TRUE(may_destroy(*keyauth, "GET /?type=k%69llall"));
  EXPECT_FALSE(may_destroy(*keyauth, "GET /?type=kill"));
}

}  // namespace

}  // namespace counterpart::fuzz::server

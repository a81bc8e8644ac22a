/// HTTP/1.1 as a client of the whole program meets it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mock/client.h"
#include "tests/mock/running_mock.h"

namespace counterpart::tests {
namespace {

using testing::HasSubstr;

const std::string list_target = "/api/seller?sellerkey=sellerkeyhere&type=fetchallsessions";

void expect_problem(const Response& answer, int status, const std::string& detail = "") {
  EXPECT_EQ(answer.status, status);
  EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
  EXPECT_THAT(answer.body, HasSubstr(fmt::format(R"("status":{})", status)));
  EXPECT_THAT(answer.body, HasSubstr(detail));
  EXPECT_FALSE(answer.has_header("Counterpart-Response"));
}

TEST(Http, HeadIsGetWithoutTheBody) {
  const RunningMock mock({keyauth, "--quiet"});
  Client client(mock.port());
  for (const char* target : {list_target.c_str(), "/api/seller", "/nowhere", "/%"}) {
    SCOPED_TRACE(target);
    const Response head = client.ask("HEAD", target);
    const Response get = client.ask("GET", target);  // on the same connection: a body after HEAD would be in its way
    EXPECT_EQ(head.status, get.status);
    EXPECT_EQ(head.header("Content-Type"), get.header("Content-Type"));
    EXPECT_EQ(get.header("Content-Length"), std::to_string(get.body.size()));
  }
  EXPECT_EQ(client.ask("HEAD", list_target).headers, client.ask("GET", list_target).headers);
}

TEST(Http, OptionsTellsTheMethods) {
  const RunningMock mock({keyauth, panel, "--quiet"});
  Client client(mock.port());
  const std::pair<const char*, const char*> paths[] = {
      {"/api/seller", "GET, HEAD, OPTIONS"},
      {"/api/seller/", "GET, HEAD, OPTIONS"},
      {"/api/account/sessions", "DELETE, GET, HEAD, OPTIONS"},
      {"/api/account/sessions/", "DELETE, OPTIONS"},
      {"/api/account/sessions/token", "DELETE, OPTIONS"},
  };
  for (const auto& [path, allow] : paths) {
    SCOPED_TRACE(path);
    const Response answer = client.ask("OPTIONS", path);
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(answer.header("Allow"), allow);
    EXPECT_FALSE(answer.has_header("Content-Length"));  // RFC 9110, 8.6: not with a 204
  }
  expect_problem(client.ask("OPTIONS", "/nowhere"), 404);
}

TEST(Http, KnownPathAndOtherMethod) {
  const RunningMock mock({keyauth, panel, "--quiet"});
  Client client(mock.port());
  const std::tuple<const char*, const char*, const char*> requests[] = {
      {"POST", "/api/seller", "GET, HEAD, OPTIONS"},
      {"DELETE", "/api/seller/?type=kill", "GET, HEAD, OPTIONS"},
      {"PATCH", "/api/account/sessions", "DELETE, GET, HEAD, OPTIONS"},
      {"GET", "/api/account/sessions/token", "DELETE, OPTIONS"},
      {"HEAD", "/api/account/sessions/token", "DELETE, OPTIONS"},
      {"BREW", "/api/seller", "GET, HEAD, OPTIONS"},
      {"get", "/api/seller", "GET, HEAD, OPTIONS"},
  };
  for (const auto& [method, path, allow] : requests) {
    SCOPED_TRACE(fmt::format("{} {}", method, path));
    const Response answer = client.ask(method, path);
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(answer.header("Allow"), allow);
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
  }
}

TEST(Http, UnknownPathNamesTheNearMiss) {
  const RunningMock mock({panel, "--quiet"});
  const Response answer = ask(mock.port(), "GET", "/api/account/session");
  expect_problem(answer, 404);
  EXPECT_THAT(answer.body, HasSubstr(R"("nearestOperation":"listSessions")"));
  EXPECT_THAT(answer.body, HasSubstr(R"("differences":["path segment 3 is \"session\", expected \"sessions\""])"));
}

TEST(Http, UnknownPathNamesTheNearestOfAllContracts) {
  const RunningMock mock({keyauth, panel, "--quiet"});
  Client client(mock.port());
  EXPECT_THAT(client.ask("GET", "/api/account/session").body, HasSubstr(R"("nearestOperation":"listSessions")"));
  EXPECT_THAT(client.ask("DELETE", "/api/acount/sessions/token").body,
              HasSubstr(R"("nearestOperation":"revokeSession")"));
  EXPECT_THAT(client.ask("GET", "/api/sellr?type=killall").body, HasSubstr(R"("nearestOperation":"killAllSessions")"));
}

TEST(Http, NearMissWithTheOnesThatDiffer) {
  const RunningMock mock({keyauth, "--quiet"});
  Client client(mock.port());
  for (const char* target : {"/", "/api", "/api/seller/x", "/API/seller", "//api/seller", "/api%2Fseller",
                             "/api/./seller", "/api/seller//"}) {
    SCOPED_TRACE(target);
    expect_problem(client.ask("GET", target), 404, R"("differences":[)");
  }
}

TEST(Http, PathIsPercentDecoded) {
  const RunningMock mock({fixture("echo"), "--quiet"});
  Client client(mock.port());
  const std::pair<const char*, const char*> texts[] = {
      {"plain", "plain"},     {"a%20b", "a b"}, {"a+b", "a+b"},     {"a%2Bb", "a+b"},
      {"a%2fb", "a/b"},       {"%25", "%"},     {"%2525", "%25"},   {"%e2%82%AC", "€"},
      {"a;b=c,d", "a;b=c,d"}, {"%3F%23", "?#"}, {"%0D%0A", "\r\n"}, {"..", ".."},
      {"%22%5C", "\"\\"},     {"x?y=z", "x"},   {"%7Bx%7D", "{x}"}, {"@:!$&'()*", "@:!$&'()*"},
  };
  for (const auto& [sent, understood] : texts) {
    SCOPED_TRACE(sent);
    const Response answer = client.ask("GET", std::string("/echo/") + sent);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("Content-Type"), "text/plain");
    EXPECT_EQ(answer.body, understood);
  }
}

TEST(Http, QueryIsPercentDecodedAndPlusIsABlank) {
  const RunningMock mock({fixture("echo"), "--quiet"});
  Client client(mock.port());
  const std::pair<const char*, const char*> queries[] = {
      {"text=a+b", R"({"text":"a b","words":null,"number":null})"},
      {"text=a%2Bb", R"({"text":"a+b","words":null,"number":null})"},
      {"te%78t=%22%5C%0A", R"({"text":"\"\\\n","words":null,"number":null})"},
      {"text=a=b&&text=c", R"({"text":"a=b","words":null,"number":null})"},
      {"text", R"({"text":"","words":null,"number":null})"},
      {"words=1&words=two&words=a+b", R"({"text":null,"words":["1","two","a b"],"number":null})"},
      {"words=one", R"({"text":null,"words":["one"],"number":null})"},
      {"number=7", R"({"text":null,"words":null,"number":7})"},
      {"number=9223372036854775807", R"({"text":null,"words":null,"number":9223372036854775807})"},
      {"number=seven", R"({"text":null,"words":null,"number":"seven"})"},
      {"text=%F0%9F%90%8C", "{\"text\":\"\xF0\x9F\x90\x8C\",\"words\":null,\"number\":null}"},
  };
  for (const auto& [query, body] : queries) {
    SCOPED_TRACE(query);
    EXPECT_EQ(client.ask("GET", std::string("/query?") + query).body, body);
  }
}

TEST(Http, BadEscapesAreRefused) {
  const RunningMock mock({fixture("echo"), "--quiet"});
  Client client(mock.port());
  for (const char* target : {"/echo/%", "/echo/%1", "/echo/%zz", "/echo/%1g", "/echo/%00", "/query?text=%",
                             "/query?%zz=1", "/query?text=a%00b", "/%"}) {
    SCOPED_TRACE(target);
    expect_problem(client.ask("GET", target), 400);
  }
  EXPECT_EQ(client.ask("GET", "/echo/still-there").body, "still-there");
}

TEST(Http, HeadersAndCookies) {
  const RunningMock mock({fixture("echo"), "--quiet"});
  const Response answer =
      ask(mock.port(), "GET", "/headers", "x-SAID:  one two \r\nUSER-agent: tests\r\nCookie: a=b; crumb=c=d\r\n");
  EXPECT_EQ(answer.header("X-Heard"), "one two");
  EXPECT_EQ(answer.body, R"({"agent":"tests","cookie":"c=d"})");
}

TEST(Http, Bodies) {
  const RunningMock mock({fixture("echo"), "--quiet"});
  Client client(mock.port());
  EXPECT_EQ(client.ask("POST", "/body", "", "all of it").body, "all of it");
  EXPECT_EQ(client.ask("PUT", "/body", "", std::string(1'000'000, 'x')).body, "1000000 bytes");
  client.send(request("POST", "/body", "Transfer-Encoding: chunked\r\n") +
              "3;last=no\r\nall\r\n6\r\n of it\r\n0\r\nTrailer: 1\r\n\r\n");
  EXPECT_EQ(client.read().body, "all of it");
  client.send(request("POST", "/body", "Expect: 100-continue\r\nContent-Length: 5\r\n"));
  EXPECT_EQ(client.read().status, 100);
  client.send("there");
  EXPECT_EQ(client.read().body, "there");
  EXPECT_EQ(client.ask("DELETE", "/body").status, 204);
  EXPECT_EQ(client.ask("POST", "/body", "Content-Length: 0\r\n").body, "");
}

TEST(Http, PipelinedRequestsAreAnsweredInOrder) {
  constexpr int requests = 1000;
  const RunningMock mock({fixture("echo"), "--quiet"});
  Client client(mock.port());
  std::string bytes;
  for (int i = 0; i < requests; ++i) {
    bytes +=
        i % 3 == 0 ? request("POST", "/body", "", fmt::format("{}", i)) : request("GET", fmt::format("/echo/{}", i));
  }
  client.send(bytes);
  for (int i = 0; i < requests; ++i) ASSERT_EQ(client.read().body, std::to_string(i));
}

TEST(Http, ConnectionsAreKeptAndClosedAsAsked) {
  const RunningMock mock({fixture("echo"), "--quiet"});
  Client kept(mock.port());
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(kept.ask("GET", "/echo/x").has_header("Connection"));
  EXPECT_EQ(kept.ask("GET", "/echo/x", "Connection: close\r\n").header("Connection"), "close");
  EXPECT_TRUE(kept.is_closed());

  Client old(mock.port());
  old.send("GET /echo/old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(old.read().header("Connection"), "keep-alive");
  old.send("GET /echo/old HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.read().body, "old");
  EXPECT_TRUE(old.is_closed());
}

TEST(Http, AbsoluteTargets) {
  const RunningMock mock({panel, "--quiet"});
  const Response answer = ask(mock.port(), "GET", "http://other.example.com/api/account/sessions");
  EXPECT_THAT(answer.body, HasSubstr(R"("url":"http://other.example.com/api/account/sessions")"));
}

TEST(Cors, IsOffUnlessAskedFor) {
  const RunningMock mock({keyauth, "--quiet"});
  const Response answer = ask(mock.port(), "GET", list_target, "Origin: http://shop.example.com\r\n");
  EXPECT_FALSE(answer.has_header("Access-Control-Allow-Origin"));
}

TEST(Cors, SimpleRequest) {
  const RunningMock mock({keyauth, "--quiet", "--cors"});
  Client client(mock.port());
  for (const char* target : {list_target.c_str(), "/nowhere", "/%"}) {
    const Response answer = client.ask("GET", target, "Origin: http://shop.example.com\r\n");
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*") << target;
    EXPECT_EQ(answer.header("Access-Control-Expose-Headers"), "*") << target;
  }
}

TEST(Cors, Preflight) {
  const RunningMock mock({panel, "--quiet", "--cors"});
  const Response answer = ask(mock.port(), "OPTIONS", "/api/account/sessions",
                              "Origin: http://shop.example.com\r\nAccess-Control-Request-Method: DELETE\r\n"
                              "Access-Control-Request-Headers: authorization\r\n");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(answer.header("Access-Control-Allow-Methods"), "DELETE, GET, HEAD, OPTIONS");
  EXPECT_EQ(answer.header("Access-Control-Allow-Headers"), "authorization");
  EXPECT_NE(answer.header("Access-Control-Max-Age"), "");
}

/// A preflight that is no 2xx hides from the page what the request itself would have said.
TEST(Cors, PreflightOfAnUnknownPath) {
  const RunningMock mock({panel, "--quiet", "--cors"});
  const Response answer = ask(mock.port(), "OPTIONS", "/nowhere",
                              "Origin: http://shop.example.com\r\nAccess-Control-Request-Method: GET\r\n");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
}

/// What the framer refuses must be readable too.
TEST(Cors, RefusedRequest) {
  const RunningMock mock({keyauth, "--quiet", "--cors"});
  const Response answer = ask(mock.port(), "GET", "/" + std::string(9000, 'x'), "Origin: http://shop.example.com\r\n");
  EXPECT_EQ(answer.status, 414);
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
}

}  // namespace
}  // namespace counterpart::tests

#include "mock/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "mock/test_handler.h"

namespace counterpart::mock {
namespace {

http::Response json(int status, std::string body) { return {status, {{"Content-Type", "application/json"}}, body}; }

Codec::Answered ask(Codec& codec, http::Request request, Framing framing, std::string& out) {
  return codec.answer(request, framing, out);
}

std::string answer(const http::Response& response, http::Request request = {"GET", "/", {}, ""}, Framing framing = {}) {
  HandlerOf handler = [&response](const http::Request&) { return response; };
  Codec codec(handler);
  std::string out;
  ask(codec, request, framing, out);
  return out;
}

std::string answer_to(const std::string& method, const http::Response& response) {
  return answer(response, {method, "/", {}, ""});
}

TEST(Codec, WritesStatusHeadersAndBody) {
  EXPECT_EQ(answer(json(200, "{}")),
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}");
  EXPECT_EQ(answer(json(404, "no")),
            "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\nno");
}

TEST(Codec, AppendsToWhatIsThere) {
  HandlerOf handler = [](const http::Request& request) { return json(200, request.target); };
  Codec codec(handler);
  std::string out = "before ";
  EXPECT_TRUE(ask(codec, {"GET", "/1", {}, ""}, {}, out).goes_on);
  EXPECT_TRUE(ask(codec, {"GET", "/22", {}, ""}, {}, out).goes_on);
  EXPECT_EQ(out,
            "before HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n/1"
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Type: application/json\r\n\r\n/22");
}

TEST(Codec, GivesTheHandlerTheRequestAsItIs) {
  http::Request request{"PUT", "/a?b?c#" + std::string(9000, 'x'), {{"Range", "bytes=0-1"}, {"X", "%41"}}, "body"};
  http::Request seen;
  HandlerOf handler = [&seen](const http::Request& r) {
    seen = r;
    return json(200, "{}");
  };
  Codec codec(handler);
  std::string out;
  codec.answer(request, {}, out);
  EXPECT_EQ(seen.method, request.method);
  EXPECT_EQ(seen.target, request.target);
  EXPECT_EQ(seen.body, request.body);
  ASSERT_EQ(seen.headers.size(), 2u);
  EXPECT_EQ(*seen.headers.find("X"), "%41");
  EXPECT_THAT(out, testing::StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST(Codec, LetsNoRequestHeaderChangeTheResponse) {
  const http::Response response = json(200, std::string(4000, 'a'));
  const http::Request request{
      "GET", "/", {{"Accept-Encoding", "gzip, br"}, {"Range", "bytes=0-1"}, {"Expect", "100-continue"}}, ""};
  EXPECT_EQ(answer(response, request), answer(response));
}

TEST(Codec, AnswersHeadWithoutTheBodyButWithItsLength) {
  EXPECT_EQ(answer_to("HEAD", json(200, "12345")),
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: application/json\r\n\r\n");
  EXPECT_EQ(answer_to("head", json(200, "12345")), answer(json(200, "12345"))) << "methods are case-sensitive";
}

TEST(Codec, AsksTheHandlerForEveryMethod) {
  for (const char* method : {"POST", "OPTIONS", "TRACE", "CONNECT", "PATCH", "FOO", "M-SEARCH"}) {
    EXPECT_EQ(answer_to(method, {405, {{"Allow", "GET"}}, ""}),
              "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET\r\nContent-Length: 0\r\n\r\n")
        << method;
  }
}

TEST(Codec, SendsNoBodyWhereNoneMayBe) {
  const auto with_body = [](int status) { return http::Response{status, {{"X", "y"}}, "body"}; };
  EXPECT_EQ(answer(with_body(204)), "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n");
  EXPECT_EQ(answer(with_body(205)), "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\nX: y\r\n\r\n");
  EXPECT_EQ(answer(with_body(304)), "HTTP/1.1 304 Not Modified\r\nX: y\r\n\r\n");
  EXPECT_EQ(answer({204, {}, ""}), "HTTP/1.1 204 No Content\r\n\r\n");
  EXPECT_EQ(answer({200, {}, ""}), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
}

TEST(Codec, EndsTheConnectionAfterAnInformationalAnswer) {
  HandlerOf handler = [](const http::Request&) { return http::Response{103, {}, "body"}; };
  Codec codec(handler);
  std::string out;
  EXPECT_FALSE(ask(codec, {"GET", "/", {}, ""}, {}, out).goes_on);
  EXPECT_EQ(out, "HTTP/1.1 103 Early Hints\r\nConnection: close\r\n\r\n");
}

TEST(Codec, SaysWhetherTheConnectionGoesOn) {
  const http::Request request{"GET", "/", {}, ""};
  const std::string rest = "Content-Length: 2\r\nContent-Type: application/json\r\n\r\n{}";
  EXPECT_EQ(answer(json(200, "{}"), request, {false, true}), "HTTP/1.1 200 OK\r\n" + rest);
  EXPECT_EQ(answer(json(200, "{}"), request, {false, false}), "HTTP/1.1 200 OK\r\nConnection: close\r\n" + rest);
  EXPECT_EQ(answer(json(200, "{}"), request, {true, true}), "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n" + rest);
  EXPECT_EQ(answer(json(200, "{}"), request, {true, false}), "HTTP/1.1 200 OK\r\nConnection: close\r\n" + rest);
}

TEST(Codec, KeepsRepeatedHeadersInOrder) {
  EXPECT_EQ(answer({200, {{"Set-Cookie", "b=1"}, {"X", "y"}, {"set-cookie", "a=2"}}, ""}),
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: b=1\r\nset-cookie: a=2\r\nX: y\r\n\r\n");
}

TEST(Codec, UsesTheContentTypeExactlyAndInventsNone) {
  EXPECT_EQ(answer({200, {{"content-type", "text/html;charset=\"x\""}}, "a"}),
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\ncontent-type: text/html;charset=\"x\"\r\n\r\na");
  EXPECT_EQ(answer({200, {}, "a"}), "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
}

TEST(Codec, LetsNoHeaderSplitTheResponse) {
  const std::string nul(1, '\0');
  EXPECT_EQ(answer({200, {{"X", "a\r\nSet-Cookie: b"}, {"Y", "c" + nul + "d\n"}}, ""}),
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: a  Set-Cookie: b\r\nY: c d \r\n\r\n");
  EXPECT_EQ(answer({200, {{"X\r\nY", "a"}, {"", "b"}, {"Z:", "c"}, {"W" + nul, "d"}, {"V V", "e"}}, ""}),
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
}

TEST(Codec, WritesTheFramingItself) {
  const http::Headers framing{{"Content-Length", "99"},
                              {"transfer-encoding", "chunked"},
                              {"Connection", "Upgrade"},
                              {"Keep-Alive", "timeout=1"}};
  EXPECT_EQ(answer({200, framing, "ab"}), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab");
}

TEST(Codec, NamesStatusesByTheirReasonPhrase) {
  const auto status_line = [](int status) {
    const std::string out = answer({status, {}, ""});
    return out.substr(0, out.find("\r\n"));
  };
  EXPECT_EQ(status_line(422), "HTTP/1.1 422 Unprocessable Content");
  EXPECT_EQ(status_line(500), "HTTP/1.1 500 Internal Server Error");
  EXPECT_EQ(status_line(418), "HTTP/1.1 418 I'm a teapot") << "known to cpp-httplib alone";
  EXPECT_EQ(status_line(299), "HTTP/1.1 299 ") << "known to nobody";
}

TEST(Codec, TurnsAFailedHandlerIntoAProblem) {
  const auto out_of = [](auto function) {
    HandlerOf handler(function);
    Codec codec(handler);
    std::string out;
    EXPECT_TRUE(ask(codec, {"GET", "/", {}, ""}, {}, out).goes_on);
    return out;
  };
  const auto is_problem = [](const std::string& detail) {
    return testing::AllOf(testing::StartsWith("HTTP/1.1 500 Internal Server Error\r\n"),
                          testing::HasSubstr("Content-Type: application/problem+json\r\n"),
                          testing::HasSubstr("\"detail\":\"" + detail + "\""));
  };
  EXPECT_THAT(out_of([](const http::Request&) -> http::Response { throw std::runtime_error("b\r\nad"); }),
              is_problem(R"(The handler failed: b\r\nad)"));
  EXPECT_THAT(out_of([](const http::Request&) -> http::Response { throw 1; }), is_problem("The handler failed."));
  EXPECT_THAT(out_of([](const http::Request&) {
                return http::Response{0, {}, ""};
              }),
              is_problem("The handler answered with status 0."));
  EXPECT_THAT(out_of([](const http::Request&) {
                return http::Response{1000, {}, ""};
              }),
              is_problem("The handler answered with status 1000."));
}

TEST(Codec, RefusesWithoutAskingTheHandler) {
  HandlerOf handler = [](const http::Request&) -> http::Response {
    ADD_FAILURE() << "asked";
    return {};
  };
  Codec codec(handler);
  std::string out;
  codec.refuse({"POST", "", {}, ""}, {413, {{"Content-Type", "text/x"}}, "long"}, out);
  EXPECT_EQ(out,
            "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 4\r\nContent-Type: text/x\r\n\r\n"
            "long");
  out.clear();
  codec.refuse({"HEAD", "", {}, ""}, {413, {}, "long"}, out);
  EXPECT_EQ(out, "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 4\r\n\r\n");
}

/// The codec keeps the heads it wrote. What it says must not depend on what it said before.
TEST(Codec, SaysTheSameWhateverItSaidBefore) {
  std::vector<http::Response> responses;
  for (const int status : {200, 404, 204, 205, 304, 103, 299}) {
    for (const char* body : {"", "a", "0123456789"}) {
      responses.push_back({status, {}, body});
      responses.push_back({status, {{"X", "y"}}, body});
      responses.push_back({status, {{"X", "yz"}}, body});
      responses.push_back({status, {{"Xy", "z"}}, body});
      responses.push_back({status, {{"X", "y"}, {"X", "y"}}, body});
      responses.push_back({status, {{"X", "\r\nContent-Length: 7"}, {"Content-Length", "8"}, {"Z", "0"}}, body});
      responses.push_back({status, {{"X", std::string(3000, 'x')}}, body});
    }
  }
  for (int i = 0; i < 1000; ++i) responses.push_back({200, {{"Id", std::to_string(i)}}, "b"});

  const http::Response* next = nullptr;
  HandlerOf handler = [&next](const http::Request&) { return *next; };
  Codec used(handler);
  for (int round = 0; round < 2; ++round) {
    for (const http::Response& response : responses) {
      next = &response;
      for (const Framing framing : {Framing{false, true}, {true, true}, {true, false}, {false, false}}) {
        for (const char* method : {"GET", "HEAD"}) {
          Codec fresh(handler);
          std::string expected, out;
          const bool goes_on = ask(fresh, {method, "/", {}, ""}, framing, expected).goes_on;
          EXPECT_EQ(ask(used, {method, "/", {}, ""}, framing, out).goes_on, goes_on);
          ASSERT_EQ(out, expected);
        }
      }
    }
  }
}

TEST(Codec, WritesLongBodiesAndHeadersWhole) {
  const std::string body(3u << 20, 'b');
  const std::string value(100'000, 'v');
  EXPECT_EQ(answer({200, {{"X", value}}, body}),
            "HTTP/1.1 200 OK\r\nContent-Length: 3145728\r\nX: " + value + "\r\n\r\n" + body);
}

}  // namespace
}  // namespace counterpart::mock

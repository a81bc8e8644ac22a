#include "engine/contract/request_builder.h"

#include <gtest/gtest.h>

#include "engine/contract/loader.h"

namespace counterpart::contract {
namespace {

constexpr const char* text = R"(counterpart: 1
name: builder
security:
  bearer: { type: http, scheme: bearer }
  key: { type: apiKey, in: query, name: key }
operations:
  read:
    security: key
    request:
      method: GET
      path: /a b/{id}
      query: { key: { type: string }, type: { const: read }, ids: { type: array }, flat: { type: array, explode: false } }
      headers: { X-Trace: { type: string } }
      cookies: { theme: { type: string } }
    rules: [{ respond: ok }]
    responses: { ok: { status: 200 } }
  write:
    security: bearer
    request:
      method: POST
      path: /a
      body: { content: { application/json: { properties: { action: { const: write } } } } }
    rules: [{ respond: ok }]
    responses: { ok: { status: 200 } }
)";

http::Request build(const char* operation, const RequestParts& parts) {
  document::Diagnostics diagnostics;
  const auto source = std::make_shared<const document::Source>(document::Source{"contract.yaml", text});
  const Loaded loaded = load(source, ".", diagnostics);
  EXPECT_TRUE(loaded) << diagnostics.render(false);
  return build_request(*loaded.contract, *loaded.contract->find_operation(operation), parts);
}

TEST(RequestBuilderTest, EncodesWhereEachParameterStands) {
  RequestParts parts;
  parts.parameters = {{"id", "x/y"},
                      {"ids", Json::array({1, 2})},
                      {"flat", Json::array({"a", "b"})},
                      {"X-Trace", "t"},
                      {"theme", "dark"}};
  parts.credential = "s e";
  const http::Request request = build("read", parts);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.target, "/a%20b/x%2Fy?key=s%20e&type=read&ids=1&ids=2&flat=a%2Cb");
  EXPECT_EQ(*request.headers.find("x-trace"), "t");
  EXPECT_EQ(*request.headers.find("cookie"), "theme=dark");
  EXPECT_EQ(*request.headers.find("host"), "localhost");
}

TEST(RequestBuilderTest, LeavesOutWhatIsNotGiven) {
  const http::Request request = build("read", {});
  EXPECT_EQ(request.target, "/a%20b/?type=read");
  EXPECT_EQ(request.headers.size(), 1u);
}

TEST(RequestBuilderTest, WritesJsonBodiesWithTheirLiterals) {
  RequestParts parts;
  parts.credential = "secret";
  parts.body = Json{{"n", 1}};
  const http::Request request = build("write", parts);
  EXPECT_EQ(request.body, R"({"n":1,"action":"write"})");
  EXPECT_EQ(*request.headers.find("content-type"), "application/json");
  EXPECT_EQ(*request.headers.find("authorization"), "Bearer secret");
}

}  // namespace
}  // namespace counterpart::contract

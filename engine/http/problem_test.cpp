#include "engine/http/problem.h"

#include <gtest/gtest.h>

namespace counterpart::http {
namespace {

TEST(Problem, IsAProblemDetailsResponse) {
  const Response response = problem(404, "no operation has the path /x");
  EXPECT_EQ(response.status, 404);
  ASSERT_EQ(response.headers.size(), 1u);
  ASSERT_NE(response.headers.find("content-type"), nullptr);
  EXPECT_EQ(*response.headers.find("content-type"), "application/problem+json");
  EXPECT_EQ(response.body,
            R"({"type":"about:blank","title":"Not Found","status":404,"detail":"no operation has the path /x"})");
}

TEST(Problem, ExtensionsFollowInTheirOrder) {
  EXPECT_EQ(
      problem(405, "d", {{"z", "[1,2]"}, {"a \"b\"", R"({"c":null})"}}).body,
      R"({"type":"about:blank","title":"Method Not Allowed","status":405,"detail":"d","z":[1,2],"a \"b\"":{"c":null}})");
}

TEST(Problem, EscapesTheDetail) {
  EXPECT_EQ(problem(400, "say \"hi\"\n\x01\xFF").body,
            "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,"
            "\"detail\":\"say \\\"hi\\\"\\n\\u0001\uFFFD\"}");
}

TEST(Problem, LeavesOutWhatItDoesNotKnow) {
  EXPECT_EQ(problem(299, "d").body, R"({"type":"about:blank","status":299,"detail":"d"})");
  EXPECT_EQ(problem(500, "").body, R"({"type":"about:blank","title":"Internal Server Error","status":500})");
}

}  // namespace
}  // namespace counterpart::http

#include "conformance/tricks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace counterpart::conformance {

namespace {

using testing::ElementsAre;
using Kind = Trick::Kind;

http::Request plain() { return {"GET", "/a/bc?x=1", {{"Host", "localhost"}}, ""}; }

std::string seen(const http::Request& request) {
  std::string text = request.method + " " + request.target;
  for (const http::Header& field : request.headers) text += "|" + field.name + ":" + field.value;
  return text + "|" + request.body;
}

TEST(Tricks, AreLaidOverARequest) {
  struct Case {
    Trick trick;
    const char* seen;
  };
  for (const auto& [trick, wanted] : {
           Case{{Kind::path, "", "%2f", "", 2, 1, 1}, "GET /a/%2fc?x=1|Host:localhost|"},
           Case{{Kind::path, "", "./", "", 1, 0, 3}, "GET /a./././/bc?x=1|Host:localhost|"},
           Case{{Kind::path, "", "", "", 4, 99, 1}, "GET /a/bc?x=1|Host:localhost|"},
           Case{{Kind::path, "", "", "", 0, 99, 1}, "GET /?x=1|Host:localhost|"},
           Case{{Kind::query, "", "y[]", "", 0, 0, 1}, "GET /a/bc?x=1&y[]|Host:localhost|"},
           Case{{Kind::repeat, "x", "2 3", "", 0, 0, 1}, "GET /a/bc?x=1&x=2%203|Host:localhost|"},
           Case{{Kind::header, "Range", "b", "", 0, 0, 2}, "GET /a/bc?x=1|Host:localhost|Range:b|Range:b|"},
           Case{{Kind::body, "a/b", "[", "]", 0, 0, 3}, "GET /a/bc?x=1|Host:localhost|Content-Type:a/b|[[[]]]"},
           Case{{Kind::method, "", "get", "", 0, 0, 1}, "get /a/bc?x=1|Host:localhost|"},
       }) {
    http::Request request = plain();
    lay_over(trick, request);
    EXPECT_EQ(seen(request), wanted);
  }
}

TEST(Tricks, AreBounded) {
  for (const Kind kind : {Kind::path, Kind::query, Kind::header, Kind::body}) {
    http::Request request = plain();
    lay_over({kind, "X", "xyz", "z", 0, 0, SIZE_MAX}, request);
    EXPECT_LE(seen(request).size(), (kind == Kind::body ? trick_body_bytes_max : trick_head_bytes_max) + 100);
    EXPECT_GE(seen(request).size(), trick_head_bytes_max / 2);
  }
}

TEST(Tricks, ThePathAsTheMostTolerantServerReadsIt) {
  struct Case {
    const char* target;
    const char* path;
  };
  for (const auto& [target, path] :
       {Case{"/a/b", "/a/b"}, Case{"//A//b/", "/a/b"}, Case{"/a/./x/../b?c=/d", "/a/b"}, Case{"/%61/b#c", "/a/b"},
        Case{"/a%2fb", "/a/b"}, Case{"/a%252fb", "/a/b"}, Case{"/a\\b", "/a/b"}, Case{"/a;x=1/b;y", "/a/b"},
        Case{"/../../a/b", "/a/b"}, Case{"/", ""}, Case{"", ""}, Case{"/a%zz", "/a%zz"}, Case{"/%", "/%"},
        Case{"/a/%2e%2e/b", "/b"}}) {
    EXPECT_EQ(tolerant_path(target), path) << target;
  }
}

std::vector<std::string> ways(const std::vector<Trick>& tricks) {
  std::vector<std::string> all;
  for (const http::Request& way : ways_to_read(plain(), tricks)) all.push_back(way.method + " " + way.target);
  return all;
}

TEST(Tricks, HowAServerMayReadThem) {
  EXPECT_THAT(ways({{Kind::path, "", "//", "", 0, 0, 1}}), ElementsAre("GET ///a/bc?x=1", "GET /a/bc?x=1"));
  EXPECT_THAT(ways({{Kind::path, "", "z", "", 0, 0, 1}}), ElementsAre("GET /za/bc?x=1"));
  EXPECT_THAT(ways({{Kind::method, "", "PUT", "", 0, 0, 1}}), ElementsAre("PUT /a/bc?x=1"));
  EXPECT_THAT(ways({{Kind::repeat, "x", "2", "", 0, 0, 1}}),
              ElementsAre("GET /a/bc?x=1&x=2", "GET /a/bc?x=1", "GET /a/bc?x=2"));
  EXPECT_THAT(ways({{Kind::repeat, "y", "2", "", 0, 0, 1}}),
              ElementsAre("GET /a/bc?x=1&y=2", "GET /a/bc?x=1", "GET /a/bc?x=1&y=2"));
}

}  // namespace

}  // namespace counterpart::conformance

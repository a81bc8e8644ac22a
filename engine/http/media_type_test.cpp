#include "engine/http/media_type.h"

#include <gtest/gtest.h>

namespace counterpart::http {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST(Essence, Table) {
  const struct {
    std::string_view content_type;
    std::string_view essence;
  } cases[] = {
      {"application/json", "application/json"},
      {"Application/Problem+JSON; charset=utf-8", "application/problem+json"},
      {" text/html\t;charset=utf-8", "text/html"},
      {"text/plain;", "text/plain"},
      {";charset=utf-8", ""},
      {"", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(essence(c.content_type), c.essence) << c.content_type;
}

TEST(IsJson, Table) {
  for (const auto* type : {"application/json", "APPLICATION/JSON", "application/json;charset=utf-8", "text/json",
                           "application/problem+json", "application/vnd.api+json ; x=1", "image/x+json"}) {
    EXPECT_TRUE(is_json(type)) << type;
  }
  for (const auto* type :
       {"", "json", "+json", "a+json", "application/jsonp", "application/json-seq", "text/plain", "application/xml",
        "text/plain; application/json", "application/x+jsonx", "xapplication/json"}) {
    EXPECT_FALSE(is_json(type)) << type;
  }
}

TEST(MediaTypeOfFile, Table) {
  const struct {
    std::string_view path;
    std::string_view type;
  } cases[] = {
      {"a.json", "application/json"},
      {"x/y/A.JSON", "application/json"},
      {"index.html", "text/html"},
      {"index.htm", "text/html"},
      {"a.xml", "application/xml"},
      {"a.txt", "text/plain"},
      {"a.csv", "text/csv"},
      {"a.js", "text/javascript"},
      {"a.css", "text/css"},
      {"a.png", "image/png"},
      {"a.min.js", "text/javascript"},
      {"a.tar.gz", "application/gzip"},
      {"a", "application/octet-stream"},
      {"", "application/octet-stream"},
      {".json", "application/octet-stream"},
      {"x/.json", "application/octet-stream"},
      {"x\\.json", "application/octet-stream"},
      {"dir.json/file", "application/octet-stream"},
      {"a.", "application/octet-stream"},
      {"a.unknown", "application/octet-stream"},
  };
  for (const auto& c : cases) EXPECT_EQ(media_type_of_file(c.path), c.type) << c.path;
}

TEST(ParsePrefer, Table) {
  const struct {
    std::string_view value;
    Pairs preferences;
  } cases[] = {
      {"", {}},
      {"code=404", {{"code", "404"}}},
      {R"(code=404, example="not-found"; foo)", {{"code", "404"}, {"example", "not-found"}}},
      {"Respond-Async, Wait=10", {{"respond-async", ""}, {"wait", "10"}}},
      {"example=NotFound", {{"example", "NotFound"}}},
      {" code = 404 ,\tfoo", {{"code", "404"}, {"foo", ""}}},
      {R"(foo; some-parameter="a, b", bar)", {{"foo", ""}, {"bar", ""}}},
      {R"(a="x, y; z", b)", {{"a", "x, y; z"}, {"b", ""}}},
      {R"(a="say \"hi\" \\ there")", {{"a", R"(say "hi" \ there)"}}},
      {R"(a="\,", b)", {{"a", ","}, {"b", ""}}},
      {R"(a="x\", y", b)", {{"a", R"(x", y)"}, {"b", ""}}},
      {R"(a="")", {{"a", ""}}},
      {"a=", {{"a", ""}}},
      {"a=b=c, d", {{"d", ""}}},
      {", ,a,,b,", {{"a", ""}, {"b", ""}}},
      {"a=1, A=2, b, a=3", {{"a", "1"}, {"b", ""}}},
      {"=5, good", {{"good", ""}}},
      {"two words, good", {{"good", ""}}},
      {"a=not a token, good", {{"good", ""}}},
      {R"(a="x"y, good)", {{"good", ""}}},
      {R"(a=x"y", good)", {{"good", ""}}},
      {R"(a="x"y"z", good)", {{"good", ""}}},
      {R"(good, a="never closed, b)", {{"good", ""}}},
      {R"(good, a="ends in a backslash\)", {{"good", ""}}},
      {R"(good, a="\")", {{"good", ""}}},
      {R"(good, a=")", {{"good", ""}}},
  };
  for (const auto& c : cases) EXPECT_EQ(parse_prefer(c.value), c.preferences) << c.value;
}

TEST(MediaType, IsOneInForm) {
  const struct {
    const char* text;
    bool good;
  } rows[] = {
      {"a/b", true},
      {"application/vnd.api+json", true},
      {"*/*", true},
      {"text/plain; charset=utf-8", true},
      {"text/plain;charset=\"utf-8\" ; format=flowed", true},
      {"multipart/mixed; boundary=\"a;b,c\"", true},
      {"", false},
      {"json", false},
      {"a b", false},
      {"a/b c", false},
      {"a/", false},
      {"/b", false},
      {"a/b/c", false},
      {"a/b, c/d", false},
      {"a/b;", false},
      {"a/b; charset", false},
      {"a/b; c=d e", false},
      {"a/b; c=\"open", false},
      {"a/b\n", false},
  };
  for (const auto& row : rows) EXPECT_EQ(is_media_type(row.text), row.good) << row.text;
}

TEST(ParsePrefer, StopsAtItsLimit) {
  std::string value;
  for (size_t i = 0; i < 20'000; ++i) value += "p" + std::to_string(i) + ",";
  const Pairs preferences = parse_prefer(value);
  ASSERT_EQ(preferences.size(), preferences_max);
  EXPECT_EQ(preferences.back().first, "p31");
}

}  // namespace
}  // namespace counterpart::http

#include "engine/http/url.h"

#include <gtest/gtest.h>

namespace counterpart::http {
namespace {

using Pair = std::pair<std::string, std::string>;

std::vector<Pair> pairs(const std::vector<QueryParameter>& query) {
  std::vector<Pair> result;
  for (const QueryParameter& parameter : query) result.emplace_back(parameter.name, parameter.value);
  return result;
}

TEST(PercentDecode, Table) {
  const struct {
    std::string_view text;
    bool plus_is_space;
    std::optional<std::string> decoded;
  } cases[] = {
      {"", false, ""},
      {"plain", false, "plain"},
      {"a%20b", false, "a b"},
      {"%2F%2f", false, "//"},
      {"%41%7A", false, "Az"},
      {"%C3%A4", false, "\xC3\xA4"},
      {"%ff", false, "\xFF"},
      {"%0A", false, "\n"},
      {"a+b", false, "a+b"},
      {"a+b%2B", true, "a b+"},
      {"%41+b", false, "A+b"},
      {"%", false, std::nullopt},
      {"%4", false, std::nullopt},
      {"a%", false, std::nullopt},
      {"%zz", false, std::nullopt},
      {"%4g", false, std::nullopt},
      {"%g4", false, std::nullopt},
      {"%%41", false, std::nullopt},
      {"% 1", false, std::nullopt},
      {"%+1", true, std::nullopt},
      {"%00", false, std::nullopt},
      {"ok%00", true, std::nullopt},
  };
  for (const auto& c : cases) EXPECT_EQ(percent_decode(c.text, c.plus_is_space), c.decoded) << c.text;
}

TEST(PercentDecode, LooksAtNothingPastTheEnd) {
  const std::string_view text = "%41";
  EXPECT_EQ(percent_decode(text.substr(0, 2)), std::nullopt);
  EXPECT_EQ(percent_decode(text.substr(0, 1)), std::nullopt);
}

TEST(PercentEncode, LeavesOnlyUnreservedCharacters) {
  EXPECT_EQ(percent_encode(""), "");
  EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent_encode("a b+c/?#[]@!$&'()*,;=%"), "a%20b%2Bc%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2C%3B%3D%25");
  EXPECT_EQ(percent_encode("\xC3\xA4\n"), "%C3%A4%0A");
}

TEST(PercentEncode, IsUndoneByDecodingForEveryByteButNul) {
  std::string all;
  for (int byte = 1; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
  EXPECT_EQ(percent_decode(percent_encode(all), true), all);
}

TEST(ParseTarget, SplitsThePath) {
  const struct {
    std::string_view target;
    std::string_view path;
    std::vector<std::string> segments;
  } cases[] = {
      {"/", "/", {""}},
      {"/a", "/a", {"a"}},
      {"/a/b", "/a/b", {"a", "b"}},
      {"/a/", "/a/", {"a", ""}},
      {"//", "//", {"", ""}},
      {"/a//b", "/a//b", {"a", "", "b"}},
      {"/a%2Fb/c%20d", "/a%2Fb/c%20d", {"a/b", "c d"}},
      {"/a+b", "/a+b", {"a+b"}},
      {"/./../x", "/./../x", {".", "..", "x"}},
      {"/\xC3\xA4", "/\xC3\xA4", {"\xC3\xA4"}},
      {"/a?b/c", "/a", {"a"}},
      {"/a?", "/a", {"a"}},
  };
  for (const auto& c : cases) {
    const auto parsed = parse_target(c.target);
    ASSERT_TRUE(parsed) << c.target;
    EXPECT_EQ(parsed->path, c.path) << c.target;
    EXPECT_EQ(parsed->segments, c.segments) << c.target;
  }
}

TEST(ParseTarget, SplitsTheQuery) {
  const struct {
    std::string_view target;
    std::vector<Pair> query;
  } cases[] = {
      {"/", {}},
      {"/?", {}},
      {"/?&&", {}},
      {"/?a=1", {{"a", "1"}}},
      {"/?a=1&b=2", {{"a", "1"}, {"b", "2"}}},
      {"/?a=1&a=2&a=1", {{"a", "1"}, {"a", "2"}, {"a", "1"}}},
      {"/?a&&b=", {{"a", ""}, {"b", ""}}},
      {"/?=x", {{"", "x"}}},
      {"/?=", {{"", ""}}},
      {"/?a=b=c", {{"a", "b=c"}}},
      {"/?a=b?c/d", {{"a", "b?c/d"}}},
      {"/?a+b=c+d", {{"a b", "c d"}}},
      {"/?a%26b=c%3Dd%2B", {{"a&b", "c=d+"}}},
      {"/?a;b=1", {{"a;b", "1"}}},
  };
  for (const auto& c : cases) {
    const auto parsed = parse_target(c.target);
    ASSERT_TRUE(parsed) << c.target;
    EXPECT_EQ(pairs(parsed->query), c.query) << c.target;
  }
}

TEST(ParseTarget, RefusesWhatIsNoOriginFormOrUnsafe) {
  for (const std::string_view target : {"",
                                        "a",
                                        "*",
                                        "http://example.com/a",
                                        "example.com:80",
                                        "?a=1",
                                        "/%",
                                        "/%zz",
                                        "/%00",
                                        "/a?b=%",
                                        "/a?%4=b",
                                        "/a?b=%00",
                                        "/a b",
                                        "/a?b c",
                                        "/a\tb",
                                        "/a\nb",
                                        "/a?\r\n",
                                        "/a\x7F",
                                        "/a#b",
                                        "/a?b#c",
                                        "/\x01"}) {
    EXPECT_FALSE(parse_target(target)) << target;
  }
  EXPECT_FALSE(parse_target(std::string_view("/a\0b", 4)));
  EXPECT_FALSE(parse_target(std::string_view("/a?\0", 4)));
}

// The connection limits a target to 8 KiB; this proves that nothing here is worse than linear if it did not.
TEST(ParseTarget, TakesLinearTime) {
  constexpr size_t pieces = 50'000;
  std::string target;
  for (size_t i = 0; i < pieces; ++i) target += "/a";
  target += '?';
  for (size_t i = 0; i < pieces; ++i) target += "b&";
  const auto parsed = parse_target(target);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->segments.size(), pieces);
  EXPECT_EQ(parsed->query.size(), pieces);
}

}  // namespace
}  // namespace counterpart::http

#include "engine/document/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace counterpart::document {
namespace {

/// The steps through a text: their lengths, negative for ill-formed ones.
std::vector<int> steps(std::string_view text) {
  std::vector<int> result;
  for (size_t at = 0; at < text.size();) {
    const Utf8Step step = utf8_step(text, at);
    result.push_back(static_cast<int>(step.bytes) * (step.valid ? 1 : -1));
    at += step.bytes;
  }
  return result;
}

TEST(Utf8, Steps) {
  const struct {
    std::string_view text;
    std::vector<int> steps;
  } cases[] = {
      {"", {}},
      {"a\x7F", {1, 1}},
      {"\xC2\x80\xDF\xBF", {2, 2}},
      {"\xE0\xA0\x80\xEF\xBF\xBF", {3, 3}},
      {"\xED\x9F\xBF\xEE\x80\x80", {3, 3}},
      {"\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", {4, 4}},
      {"\x80", {-1}},
      {"\xBF\xBF", {-1, -1}},
      {"\xC0\xAF", {-1, -1}},                  // overlong '/'
      {"\xC1\xBF", {-1, -1}},                  // overlong
      {"\xE0\x9F\xBF", {-1, -1, -1}},          // overlong
      {"\xF0\x8F\xBF\xBF", {-1, -1, -1, -1}},  // overlong
      {"\xED\xA0\x80", {-1, -1, -1}},          // a surrogate
      {"\xF4\x90\x80\x80", {-1, -1, -1, -1}},  // past U+10FFFF
      {"\xF5\x80", {-1, -1}},
      {"\xFE\xFF", {-1, -1}},
      {"\xC3", {-1}},
      {"\xE2\x82", {-2}},
      {"\xF0\x9F\x98", {-3}},
      {"\xE2\x82z", {-2, 1}},
      {"\xF0\x9F\xC3\xA4", {-2, 2}},
      {"\xF0\x9F\x98\xF0\x9F\x98\x80", {-3, 4}},
  };
  for (const auto& c : cases) EXPECT_EQ(steps(c.text), c.steps) << testing::PrintToString(std::string(c.text));
}

TEST(Utf8, CountsCharacters) {
  EXPECT_EQ(utf8_count(""), 0u);
  EXPECT_EQ(utf8_count("h\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"), 4u);
  EXPECT_EQ(utf8_count("a\xFF\xE2\x82"), 3u);
}

TEST(Utf8, FindsTheFirstIllFormedByte) {
  EXPECT_EQ(utf8_find_invalid(""), std::string_view::npos);
  EXPECT_EQ(utf8_find_invalid("h\xC3\xA4z"), std::string_view::npos);
  EXPECT_EQ(utf8_find_invalid("h\xC3\xA4\xFFz\xFF"), 3u);
  EXPECT_EQ(utf8_find_invalid("abc\xE2\x82"), 3u);
}

}  // namespace
}  // namespace counterpart::document

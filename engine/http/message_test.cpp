#include "engine/http/message.h"

#include <gtest/gtest.h>

namespace counterpart::http {
namespace {

std::string written(const Headers& headers) {
  std::string text;
  for (const Header& field : headers) text += field.name + ": " + field.value + "\n";
  return text;
}

TEST(Headers, FindsTheFirstFieldWhateverItsCase) {
  const Headers headers{{"Accept", "a"}, {"X-Trace", "1"}, {"x-trace", "2"}};
  ASSERT_NE(headers.find("X-TRACE"), nullptr);
  EXPECT_EQ(*headers.find("X-TRACE"), "1");
  EXPECT_EQ(headers.find("X-Trac"), nullptr);
  EXPECT_EQ(headers.find("X-Traces"), nullptr);
  EXPECT_EQ(headers.find(""), nullptr);
  EXPECT_EQ(headers.size(), 3u);
  EXPECT_FALSE(headers.empty());
  EXPECT_TRUE(Headers().empty());
}

TEST(Headers, SetReplacesAllAtTheFirstOnesPlace) {
  Headers headers{{"A", "1"}, {"b", "2"}, {"C", "3"}, {"B", "4"}, {"D", "5"}, {"b", "6"}};
  headers.set("B", "new");
  EXPECT_EQ(written(headers), "A: 1\nb: new\nC: 3\nD: 5\n");
}

TEST(Headers, SetAddsWhatIsMissing) {
  Headers headers{{"A", "1"}};
  headers.set("B", "2");
  EXPECT_EQ(written(headers), "A: 1\nB: 2\n");
}

TEST(EqualIgnoringCase, FoldsAsciiLettersOnly) {
  EXPECT_TRUE(equal_ignoring_case("", ""));
  EXPECT_TRUE(equal_ignoring_case("Content-Type", "cONTENT-tYPE"));
  EXPECT_TRUE(equal_ignoring_case("AZaz", "azAZ"));
  EXPECT_FALSE(equal_ignoring_case("Content-Type", "Content_Type"));
  EXPECT_FALSE(equal_ignoring_case("a", "ab"));
  // Characters 32 apart that are no letters: '@' and '`', '[' and '{'.
  EXPECT_FALSE(equal_ignoring_case("@", "`"));
  EXPECT_FALSE(equal_ignoring_case("[", "{"));
  EXPECT_FALSE(equal_ignoring_case("\xC3\x84", "\xC3\xA4"));
}

TEST(LowerCase, FoldsAsciiLettersOnly) {
  EXPECT_EQ(lower_case("AZaz@[`{09-\xC3\x84"), "azaz@[`{09-\xC3\x84");
  EXPECT_EQ(lower_case(""), "");
}

TEST(FieldValue, HasNoControlCharacters) {
  EXPECT_EQ(field_value("a\r\nb\x01\x1F\x7F"
                        "c\td e\xC3\xA4"),
            "a  b   c\td e\xC3\xA4");
  EXPECT_EQ(field_value(std::string("a\0b", 3)), "a b");
}

TEST(ReasonPhrase, IsTheRegistrys) {
  const struct {
    int status;
    std::string_view phrase;
  } cases[] = {{100, "Continue"},
               {200, "OK"},
               {204, "No Content"},
               {308, "Permanent Redirect"},
               {404, "Not Found"},
               {408, "Request Timeout"},
               {413, "Content Too Large"},
               {414, "URI Too Long"},
               {422, "Unprocessable Content"},
               {429, "Too Many Requests"},
               {431, "Request Header Fields Too Large"},
               {505, "HTTP Version Not Supported"},
               {306, ""},
               {418, ""},
               {0, ""},
               {-1, ""},
               {999, ""}};
  for (const auto& c : cases) EXPECT_EQ(reason_phrase(c.status), c.phrase) << c.status;
}

}  // namespace
}  // namespace counterpart::http

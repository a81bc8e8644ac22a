#include "engine/document/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

namespace counterpart::document {
namespace {

using ::testing::HasSubstr;

std::string repeated(std::string_view text, size_t times) {
  std::string result;
  for (size_t i = 0; i < times; ++i) result += text;
  return result;
}

std::string error_of(std::string_view text) {
  std::string error;
  EXPECT_FALSE(parse_json(text, &error)) << text;
  return error;
}

TEST(ParseJson, GivesBackWhatItRead) {
  for (const auto* text :
       {"null", "true", "false", "0", "-0.0", "-1", "18446744073709551615", "-9223372036854775808", "1.5", "\"\"",
        R"("a\"b\\c\n\u0001")", "[]", "{}", "[[],{},[null]]", R"({"z":1,"a":{"y":[1,2],"b":null},"m":""})"}) {
    const auto value = parse_json(text);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(write_json(*value), text);
  }
}

TEST(ParseJson, ReadsWhatIsWrittenDifferently) {
  const struct {
    std::string_view text;
    std::string_view written;
  } cases[] = {
      {" [ 1 ,\t2 ]\r\n", "[1,2]"},
      {R"("\u00e4\ud83d\ude00\/")", "\"\u00E4\U0001F600/\""},
      {"18446744073709551616", "1.8446744073709552e+19"},
      {"1e2", "100.0"},
      {R"({"a":1,"b":2,"a":3})", R"({"a":3,"b":2})"},
      {R"({"a":{"x":1},"a":[2]})", R"({"a":[2]})"},
      {R"({"k":{"a":1},"m":{"k":{"m":2,"k":3},"k":4,"n":{}}})", R"({"k":{"a":1},"m":{"k":4,"n":{}}})"},
      {R"({"a":0,"b":[{"b":1},{"a":{"b":2}}],"a":{"b":3,"b":5}})", R"({"a":{"b":5},"b":[{"b":1},{"a":{"b":2}}]})"},
      {"\xEF\xBB\xBF[]", "[]"},
  };
  for (const auto& c : cases) {
    const auto value = parse_json(c.text);
    ASSERT_TRUE(value) << c.text;
    EXPECT_EQ(write_json(*value), c.written);
  }
}

TEST(ParseJson, KeepsIntegersApart) {
  EXPECT_TRUE(parse_json("1")->is_number_unsigned());
  EXPECT_TRUE(parse_json("-1")->is_number_integer());
  EXPECT_TRUE(parse_json("1.0")->is_number_float());
}

TEST(ParseJson, SaysWhatIsWrongAndWhere) {
  const struct {
    std::string_view text;
    std::string_view error;
  } cases[] = {
      {"", "at byte 1: unexpected end of input; expected '[', '{', or a literal"},
      {"  ", "at byte 3: unexpected end of input; expected '[', '{', or a literal"},
      {"[1,]", "at byte 4: unexpected ']'; expected '[', '{', or a literal"},
      {"{\"a\" 1}", "at byte 6: unexpected number literal; expected ':'"},
      {"{1:2}", "at byte 2: unexpected number literal; expected string literal"},
      {"[1] x", "at byte 5: invalid literal; last read: '1] x'; expected end of input"},
      {"[1] []", "at byte 5: unexpected '['; expected end of input"},
      {"tru", "at byte 4: invalid literal; last read: 'tru'"},
      {"NaN", "at byte 1: invalid literal; last read: 'N'"},
      {"1e999", "at byte 5: number overflow parsing '1e999'"},
      {"'a'", "at byte 1: invalid literal; last read: '''"},
      {"// c\n1", "at byte 1: invalid literal; last read: '/'"},
  };
  for (const auto& c : cases) EXPECT_EQ(error_of(c.text), c.error) << c.text;
}

TEST(ParseJson, RefusesBytesThatAreNotUtf8) {
  EXPECT_THAT(error_of("\"a\xFF\""), HasSubstr("at byte 3: invalid string: ill-formed UTF-8 byte"));
  EXPECT_THAT(error_of("\"\xED\xA0\x80\""), HasSubstr("ill-formed UTF-8 byte"));
  EXPECT_THAT(error_of(R"("\ud800")"), HasSubstr("surrogate"));
  EXPECT_THAT(error_of(std::string_view("\"\0\"", 3)), HasSubstr("at byte 2: invalid string: control character"));
  EXPECT_FALSE(parse_json(std::string_view("\0", 1)));
  EXPECT_EQ(error_of(std::string_view("1\0", 2)), "at byte 2: unexpected NUL; expected end of input");
  EXPECT_EQ(error_of(std::string_view("{}\0garbage", 10)), "at byte 3: unexpected NUL; expected end of input");
}

TEST(ParseJson, CutsWhatItQuotes) {
  const std::string error = error_of("\"" + std::string(1'000'000, 'x'));
  EXPECT_LT(error.size(), 250u);
  EXPECT_THAT(error, ::testing::EndsWith("x..."));
  const std::string cut_in_a_character = error_of("\"" + repeated("\u00E4", 1000));
  EXPECT_TRUE(parse_json("\"" + std::string(cut_in_a_character.substr(cut_in_a_character.find("\u00E4"))) + "\""));
}

TEST(ParseJson, LimitsDepth) {
  const size_t depth = json_depth_max;
  const auto deepest = parse_json(repeated("[", depth) + repeated("]", depth));
  ASSERT_TRUE(deepest);
  EXPECT_EQ(write_json(*deepest), repeated("[", depth) + repeated("]", depth));
  EXPECT_EQ(error_of(repeated("[", depth + 1) + repeated("]", depth + 1)), "nested deeper than 256 levels");
  EXPECT_TRUE(parse_json(repeated("{\"a\":", depth) + "1" + repeated("}", depth)));
  EXPECT_EQ(error_of(repeated("{\"a\":", depth + 1)), "nested deeper than 256 levels");
  EXPECT_EQ(error_of(repeated("[", 1'000'000)), "nested deeper than 256 levels");
  EXPECT_TRUE(parse_json("\"" + repeated("[", 1'000'000) + "\""));
  EXPECT_TRUE(parse_json("[" + repeated("[],", 1000) + "[]]"));
}

TEST(ParseJson, SurvivesAnObjectOfManyKeys) {
  constexpr int keys = 100'000;
  std::string text = "{";
  for (int i = 0; i < keys; ++i) text += "\"key" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  text += R"("key7":"seven","last":[]})";
  const auto value = parse_json(text);
  ASSERT_TRUE(value);
  EXPECT_EQ(value->size(), keys + 1u);
  EXPECT_EQ(value->begin().key(), "key0");
  EXPECT_EQ((*value)["key7"], "seven");
  EXPECT_EQ((*value)["key17"], 17);
  EXPECT_EQ(value->back(), Json::array());
}

TEST(ParseJson, FindsDuplicatesInSmallAndLargeObjects) {
  for (size_t keys = 1; keys <= 40; ++keys) {
    std::string text = "{";
    for (size_t i = 0; i < keys; ++i) text += "\"k" + std::to_string(i) + "\":0,";
    for (size_t i = 0; i < keys; ++i) text += "\"k" + std::to_string(i) + "\":[" + std::to_string(i) + "],";
    text.back() = '}';
    const auto value = parse_json(text);
    ASSERT_TRUE(value);
    ASSERT_EQ(value->size(), keys);
    size_t i = 0;
    for (const auto& [key, member] : value->items()) {
      EXPECT_EQ(key, "k" + std::to_string(i));
      EXPECT_EQ(member, Json::array({i}));
      ++i;
    }
  }
}

// Differential: whatever nlohmann_json accepts is accepted and means the same, and nothing else is.
TEST(ParseJson, AgreesWithTheLibraryOnDamagedText) {
  const std::string_view seed =
      R"({"a":[1,-2.5e3,"x\u00e4\n",true,false,null,{"b":{},"c":[]}],"a":"again","":0, "d" : 18446744073709551616 })";
  std::mt19937 random(1);
  for (int round = 0; round < 5'000; ++round) {
    std::string text(seed);
    for (unsigned edits = random() % 3; edits > 0; --edits) {
      const size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = static_cast<char>(random());
          break;
        case 1:
          text.erase(at, 1 + random() % 3);
          break;
        default:
          text.insert(at, 1, seed[random() % seed.size()]);
          break;
      }
    }
    const auto value = parse_json(text);
    const Json expected = Json::parse(text, nullptr, false);
    ASSERT_EQ(value.has_value(), !expected.is_discarded()) << text;
    if (value) {
      ASSERT_EQ(write_json(*value), write_json(expected)) << text;
    }
  }
}

TEST(AppendJsonString, EscapesAsWriteJsonDoes) {
  std::string out = "x";
  append_json_string(out, "a\"\\/\b\f\n\r\t\x01\x1F\x7F\u00E4\U0001F600");
  EXPECT_EQ(out, "x\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7F\u00E4\U0001F600\"");
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(1, static_cast<char>(byte));
    std::string written;
    append_json_string(written, text);
    EXPECT_EQ(written, write_json(text)) << byte;
  }
}

TEST(AppendJsonString, AgreesWithWriteJsonOnRandomBytes) {
  const std::string pieces[] = {
      "a",        "\"",           "\n",   "\u00E4", "\u20AC",       "\U0001F600", "\xC3",
      "\xE2\x82", "\xF0\x9F\x98", "\x80", "\xFF",   "\xED\xA0\x80", "plain text", std::string(1, '\0')};
  std::mt19937 random(2);
  for (int round = 0; round < 5'000; ++round) {
    std::string text;
    for (unsigned n = random() % 8; n > 0; --n) text += pieces[random() % std::size(pieces)];
    if (!text.empty() && random() % 2) text[random() % text.size()] = static_cast<char>(random());
    std::string written;
    append_json_string(written, text);
    ASSERT_EQ(written, write_json(text)) << testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace counterpart::document

#include "fuzz/responses/json_scan.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/document/json.h"
#include "engine/state/random.h"

namespace counterpart::fuzz {
namespace {

TEST(JsonScan, ShowsWhereValuesStand) {
  const std::string text = R"( {"a" : [1, {"b/~":null}], "c":"x"} )";
  const JsonScan scan = scan_json(text);
  ASSERT_TRUE(scan.well_formed);
  EXPECT_EQ(scan.depth, 3u);
  std::string seen;
  for (uint32_t i = 0; i < scan.values.size(); ++i) {
    const JsonValue& value = scan.values[i];
    seen += pointer_to(scan, text, i) + "=" + text.substr(value.begin, value.end - value.begin) + "\n";
  }
  EXPECT_EQ(seen,
            "={\"a\" : [1, {\"b/~\":null}], \"c\":\"x\"}\n"
            "/a=[1, {\"b/~\":null}]\n"
            "/a/0=1\n"
            "/a/1={\"b/~\":null}\n"
            "/a/1/b~1~0=null\n"
            "/c=\"x\"\n");
  EXPECT_EQ(scan.children_of(0), (std::vector<uint32_t>{1, 5}));
  EXPECT_EQ(scan.children_of(1), (std::vector<uint32_t>{2, 3}));
}

TEST(JsonScan, FindsDuplicateKeysBehindEscapes) {
  EXPECT_TRUE(scan_json(R"({"a":1,"a":2})").duplicate_keys);
  EXPECT_TRUE(scan_json(R"({"a":1,"\u0061":2})").duplicate_keys);
  EXPECT_TRUE(scan_json(R"([{"x":{"\ud83d\ude00":1,"😀":2}}])").duplicate_keys);
  EXPECT_FALSE(scan_json(R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})").duplicate_keys);
}

TEST(JsonScan, ReadsTokens) {
  EXPECT_EQ(text_of_token(R"("a\n\/\u00e9\ud83d\ude00\ud83dx")"), "a\n/é😀\xEF\xBF\xBDx");
  EXPECT_EQ(text_of_token(R"("")"), "");
}

TEST(JsonScan, TakesAnyDepthWithoutRecursion) {
  constexpr size_t depth = 500'000;
  const JsonScan scan = scan_json(std::string(depth, '[') + std::string(depth, ']'));
  EXPECT_TRUE(scan.well_formed);
  EXPECT_EQ(scan.depth, depth);
  EXPECT_EQ(scan.values.size(), JsonScan::values_max);
  EXPECT_FALSE(scan_json(std::string(depth, '[')).well_formed);
}

/// Another reader of JSON, of which it is known where it says something else.
TEST(JsonScan, AgreesWithTheParser) {
  const std::string seeds[] = {R"({"a":[1,-2.5e3,true,null,"x\u00e9\n"],"b":{"":0}})",
                               R"([[],{},"\"\\"," é😀",1E+2,-0])", "\xEF\xBB\xBF{\"k\" : [ 1 , 2 ] }\r\n"};
  constexpr std::string_view inserted = "{}[]\",:\\u0e-+.19 \ttfn\xC3\xA9\xFF/";
  state::SeededRandom random(7);
  size_t good = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = seeds[random.below(std::size(seeds))];
    for (uint64_t changes = 1 + random.below(3); changes > 0; --changes) {
      const size_t at = random.below(text.size() + 1);
      text.replace(at, random.below(3), 1, inserted[random.below(inserted.size())]);
    }
    std::string error;
    const bool parses = document::parse_json(text, &error).has_value();
    const bool scans = scan_json(text).well_formed;
    good += scans ? 1 : 0;
    // Grammar alone allows numbers past a double and halves of surrogates.
    const bool refuses_value = error.find("out of range") != std::string::npos ||
                               error.find("number overflow") != std::string::npos ||
                               error.find("surrogate") != std::string::npos;
    EXPECT_TRUE(parses == scans || (scans && refuses_value)) << text << "\n" << error;
  }
  EXPECT_GT(good, 1'000u);
}

}  // namespace
}  // namespace counterpart::fuzz

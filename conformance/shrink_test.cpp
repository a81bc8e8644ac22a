#include "conformance/shrink.h"

#include <gmock/gmock.h>

#include "conformance/test_suite.h"

namespace counterpart::conformance {

namespace {

using IsShown = bool (*)(const Json& value);

struct Row {
  const char* name;
  Json found;
  IsShown shows;
  Json least;
};

class ShrinkTest : public testing::Test {
 protected:
  const ContractFolder folder_{shop_contract};
  const std::unique_ptr<Suite> suite_ = suite_of(folder_);
  const Call base_ = suite_->base_call(*suite_->contract().find_operation("list"));
};

class SimplerValues : public ShrinkTest, public testing::WithParamInterface<Row> {};

bool has_seven(const Json& value) { return value.dump().find('7') != std::string::npos; }

/// Values are made simpler in the same way wherever they stand.
TEST_P(SimplerValues, AreFound) {
  const auto& [name, found, shows, least] = GetParam();
  for (const bool in_body : {false, true}) {
    Call call = base_;
    call.parts.parameters = {{"other", 5}};
    if (in_body) {
      call.parts.body = found;
    } else {
      call.parts.parameters.emplace_back("value", found);
    }
    const auto value_of = [&](const Call& one) -> const Json* {
      if (in_body) return one.parts.body ? &*one.parts.body : nullptr;
      for (const auto& [key, value] : one.parts.parameters) {
        if (key == "value") return &value;
      }
      return nullptr;
    };
    const Shows shown = [&](const std::vector<Call>& calls) {
      return !calls.empty() && value_of(calls.back()) != nullptr && shows(*value_of(calls.back()));
    };
    const auto calls = shrunk({base_, call, call}, shown, 1000);
    ASSERT_EQ(calls.size(), 1u);
    ASSERT_NE(value_of(calls[0]), nullptr);
    EXPECT_EQ(*value_of(calls[0]), least) << (in_body ? "in the body" : "as a parameter");
    EXPECT_EQ(calls[0].parts.parameters.size(), in_body ? 0u : 1u) << "the other parameter goes";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Values, SimplerValues,
    testing::Values(Row{"Number", 1234, [](const Json& v) { return v.is_number() && v > 100; }, 101},
                    Row{"Length", "xyzzy xyzzy",
                        [](const Json& v) { return v.is_string() && v.get<std::string>().size() > 5; }, "aaaaaa"},
                    Row{"Truth", true, [](const Json& v) { return v.is_boolean(); }, false},
                    Row{"Element", Json::array({1, 7, 9}), [](const Json& v) { return v.is_array() && has_seven(v); },
                        Json::array({7})},
                    Row{"InAnElement", Json::array({"abc7def"}),
                        [](const Json& v) { return v.is_array() && has_seven(v); }, Json::array({"7"})},
                    Row{"Member", Json{{"a", 1}, {"b", {{"c", 77}}}}, has_seven, Json{{"b", {{"c", 37}}}}}),
    [](const auto& row) { return row.param.name; });

TEST_F(ShrinkTest, PlaysNoMoreThanItMay) {
  size_t tries = 0;
  const Shows shows = [&](const std::vector<Call>&) { return ++tries == 0; };
  shrunk(std::vector<Call>(50, base_), shows, 7);
  EXPECT_EQ(tries, 7u);
}

}  // namespace

}  // namespace counterpart::conformance

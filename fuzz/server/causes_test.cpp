#include "fuzz/server/causes.h"

#include "fuzz/server/orders_test.h"
#include "fuzz/server/shipped_test.h"

namespace counterpart::fuzz::server {

namespace {

using conformance::Call;
using conformance::Json;
using conformance::Trick;
using Features = std::set<std::string>;

class CausesTest : public testing::Test {
 protected:
  Call call(const char* operation, std::vector<std::pair<std::string, Json>> values, std::vector<Trick> tricks = {}) {
    Call one;
    one.operation = suite_->contract().find_operation(operation);
    one.parts.parameters = std::move(values);
    one.tricks = std::move(tricks);
    return one;
  }
  static Found found(const char* check, const char* message, const Call& call) {
    Found one;
    one.finding.check = check;
    one.finding.subject = call.operation->id;
    one.finding.message = message;
    one.sent.push_back({call, ""});
    return one;
  }

  const std::unique_ptr<conformance::Suite> suite_ = shipped("panel-sessions");
  const Trick range_{Trick::Kind::header, "Range", "x", "", 0, 0, 1};
  const Trick path_{Trick::Kind::path, "", "%00", "", 0, 0, 1};
};

TEST_F(CausesTest, Features) {
  struct Case {
    Json value;
    Features features;
  };
  for (const auto& [value, features] : {
           Case{"plain-text_1", {}},
           Case{7, {}},
           Case{"", {"token: empty text"}},
           Case{std::string(300, 'x'), {"token: long text"}},
           Case{std::string("a\0", 2), {"token: control characters"}},
           Case{"\xC3\xA9", {"token: text past ASCII"}},
           Case{"%", {"token: signs"}},
           Case{5'000'000'000, {"token: large number"}},
           Case{-1, {"token: negative number"}},
       }) {
    EXPECT_EQ(features_of(call("revokeSession", {{"token", value}})), features) << value;
  }
  EXPECT_EQ(features_of(call("listSessions", {{"page", 1}}, {range_, path_})),
            (Features{"page: number", "trick header range", "trick path"}));
}

TEST_F(CausesTest, FeaturesOfBodies) {
  const auto suite = orders();
  struct Case {
    const char* body;  ///< nullptr: none
    Features features;
  };
  for (const auto& [body, features] : {
           Case{R"({"name":"a","box":{"width":1}})", {}},
           Case{R"({"name":"a","note":"b","box":{"width":1}})", {"body/note"}},
           Case{R"({"name":"%","box":{"width":1}})", {"body/name: signs"}},
           Case{R"({"name":"a","box":{"width":-1}})", {"body: does not fit", "body/box/width: negative number"}},
           Case{R"({"name":"a"})", {"body: does not fit"}},
           Case{nullptr, {"without the body"}},
       }) {
    Call call;
    call.operation = suite->contract().find_operation("place");
    if (body != nullptr) call.parts.body = Json::parse(body);
    EXPECT_EQ(features_of(call), features) << (body == nullptr ? "none" : body);
  }
}

TEST_F(CausesTest, OneCauseIsCountedAndNotToldTwice) {
  const auto adds = [&](const Found& known, const Found& next) {
    Causes causes;
    EXPECT_TRUE(causes.add(known));
    const bool added = causes.add(next);
    EXPECT_EQ(causes.all().size(), added ? 2u : 1u);
    EXPECT_EQ(causes.all()[0].finding.count, added ? 1u : 2u);
    return added;
  };
  const Found range = found("no-server-error", "m", call("revokeSession", {{"token", "a"}}, {range_}));
  const Found path = found("no-server-error", "m", call("revokeSession", {{"token", "a"}}, {path_}));
  const Found both = found("no-server-error", "m", call("revokeSession", {{"token", "%"}}, {path_, range_}));
  const Found elsewhere = found("no-server-error", "m", call("listSessions", {}, {range_}));
  const Found plain = found("no-server-error", "m", call("listSessions", {}));
  const Found other = found("no-server-error", "n", call("revokeSession", {{"token", "a"}}, {range_}));
  EXPECT_FALSE(adds(range, both));
  EXPECT_FALSE(adds(range, elsewhere));
  EXPECT_FALSE(adds(plain, elsewhere));
  EXPECT_TRUE(adds(range, path));
  EXPECT_TRUE(adds(both, range));
  EXPECT_TRUE(adds(range, plain));
  EXPECT_TRUE(adds(plain, range));
  EXPECT_TRUE(adds(range, other));
  // A check that says what is wrong needs no more.
  const Found state = found("state-agrees", "m", call("listSessions", {{"page", 1}}));
  EXPECT_FALSE(adds(state, found("state-agrees", "m", call("listSessions", {}, {range_}))));
  EXPECT_TRUE(adds(state, found("state-agrees", "n", call("listSessions", {}))));
  EXPECT_TRUE(adds(state, found("state-agrees", "m", call("revokeSession", {}))));
}

}  // namespace

}  // namespace counterpart::fuzz::server

#include "fuzz/client/plainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace counterpart::fuzz::client {
namespace {

constexpr const char* documented = R"({"ok":true,"list":[{"id":1},{"id":2}],"text":"x"})";

TEST(Plainer, TriesEachDifferenceAloneThenUndoesEach) {
  const struct {
    const char* found;
    std::vector<std::string> bodies;
  } cases[] = {
      {documented, {}},
      {"{", {}},
      {"\xef\xbb\xbf{\"ok\":true,\"list\":[],\"text\":\"x\"}",
       {R"({"ok":true,"list":[],"text":"x"})", R"({"ok":true,"list":[],"text":"x"})"}},
      {R"({"ok":true,"list":[],"text":"x"})", {}},  // as little as can be
      {R"({ "te\u0078t": "x", "list": [], "ok": true })",
       {R"({"ok":true,"list":[],"text":"x"})", R"({"ok":true,"list":[],"text":"x"})"}},
      {R"({"list":[],"ok":"","more":1})",
       {R"({"ok":"","list":[],"more":1})", R"({"ok":"","list":[{"id":1},{"id":2}],"text":"x"})",
        R"({"ok":true,"list":[],"text":"x"})", R"({"ok":true,"list":[{"id":1},{"id":2}]})",
        R"({"ok":true,"list":[{"id":1},{"id":2}],"text":"x","more":1})", R"({"ok":true,"list":[],"more":1})",
        R"({"ok":"","list":[{"id":1},{"id":2}],"more":1})", R"({"ok":"","list":[],"text":"x","more":1})",
        R"({"ok":"","list":[]})"}},
      {R"({"ok":true,"list":[{"id":1},{"id":null}],"text":"x"})",
       {R"({"ok":true,"list":[{"id":1},{"id":null}],"text":"x"})"}},
  };
  for (const auto& c : cases) {
    std::vector<std::string> wanted = c.bodies;
    std::erase(wanted, std::string(c.found));
    EXPECT_EQ(plainer_bodies(documented, c.found), wanted) << c.found;
  }
}

TEST(Plainer, IsBounded) {
  std::string many = "{";
  for (int i = 0; i < 5000; ++i) many += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":1";
  EXPECT_LE(plainer_bodies(documented, many + "}").size(), 200u);
  EXPECT_TRUE(plainer_bodies(documented, "[" + std::string(70'000, ' ') + "]").empty());
  EXPECT_TRUE(plainer_bodies(documented, std::string(300, '[') + std::string(300, ']')).empty());
}

}  // namespace
}  // namespace counterpart::fuzz::client

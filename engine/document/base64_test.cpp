#include "engine/document/base64.h"

#include <gtest/gtest.h>

#include <string_view>

namespace counterpart::document {
namespace {

TEST(Base64, ThereAndBack) {
  const struct {
    std::string_view bytes, text;
  } cases[] = {{"", ""},        {"f", "Zg=="},        {"fo", "Zm8="},
               {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"\xFF\xFE\xFD", "//79"}};
  for (const auto& c : cases) {
    EXPECT_EQ(base64(c.bytes), c.text);
    EXPECT_EQ(from_base64(c.text), c.bytes);
  }
  for (const auto* wrong : {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9v====", "Z=g=", "Zm9v\n", "Zm 9v", "====", "Zm9*"})
    EXPECT_EQ(from_base64(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace counterpart::document

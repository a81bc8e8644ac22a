#include "engine/schema/uri.h"

#include <gtest/gtest.h>

namespace counterpart::schema {
namespace {

TEST(Uri, Resolve) {
  constexpr std::string_view base = "http://a/b/c/d;p?q";  // as in RFC 3986, 5.4
  const struct {
    std::string_view base;
    std::string_view reference;
    std::string_view uri;
    std::string_view fragment;
  } cases[] = {
      {base, "g:h", "g:h", ""},
      {base, "g", "http://a/b/c/g", ""},
      {base, "./g", "http://a/b/c/g", ""},
      {base, "g/", "http://a/b/c/g/", ""},
      {base, "/g", "http://a/g", ""},
      {base, "//g", "http://g", ""},
      {base, "?y", "http://a/b/c/d;p?y", ""},
      {base, "g?y#s", "http://a/b/c/g?y", "s"},
      {base, "#s", "http://a/b/c/d;p?q", "s"},
      {base, "", "http://a/b/c/d;p?q", ""},
      {base, ".", "http://a/b/c/", ""},
      {base, "..", "http://a/b/", ""},
      {base, "../g", "http://a/b/g", ""},
      {base, "../../../g", "http://a/g", ""},
      {base, "/./g", "http://a/g", ""},
      {base, "/../g", "http://a/g", ""},
      {base, "g/./h/../i", "http://a/b/c/g/i", ""},
      {base, "g?y/../x", "http://a/b/c/g?y/../x", ""},
      {base, "#a%20b~1%2", base, "a b~1%2"},
      {"http://a", "g", "http://a/g", ""},
      {"urn:uuid:1", "#/$defs/x", "urn:uuid:1", "/$defs/x"},
      {"", "#/a", "", "/a"},
      {"", "a/b", "a/b", ""},
      {"", "http://a/b#c", "http://a/b", "c"},
      {"a/b", "c", "a/c", ""},
  };
  for (const auto& c : cases) {
    const Address address = resolve(c.base, c.reference);
    EXPECT_EQ(address.uri, c.uri) << c.base << " " << c.reference;
    EXPECT_EQ(address.fragment, c.fragment) << c.base << " " << c.reference;
  }
}

TEST(Uri, Steps) {
  std::string_view pointer = "/a~1b~0c//~2";
  EXPECT_EQ(take_step(pointer), "a/b~c");
  EXPECT_EQ(take_step(pointer), "");
  EXPECT_EQ(take_step(pointer), "~2");
  EXPECT_EQ(take_step(pointer), std::nullopt);
  std::string written = "#";
  append_step(written, "a/b~c");
  EXPECT_EQ(written, "#/a~1b~0c");
}

}  // namespace
}  // namespace counterpart::schema

#include "engine/schema/format.h"

#include <gtest/gtest.h>

namespace counterpart::schema {
namespace {

void expect(std::string_view format, bool fits, std::initializer_list<std::string_view> texts) {
  const FormatCheck check = find_format(format);
  ASSERT_NE(check, nullptr) << format;
  for (const std::string_view text : texts) EXPECT_EQ(check(text), fits) << format << ": " << text;
}

TEST(Format, Names) {
  EXPECT_EQ(find_format("datetime"), nullptr);
  EXPECT_EQ(find_format(""), nullptr);
  EXPECT_EQ(format_names(), (std::vector<std::string>{"date-time", "uuid", "ipv4", "uri"}));
  for (const std::string& name : format_names()) EXPECT_NE(find_format(name), nullptr) << name;
}

TEST(Format, DateTime) {
  expect(
      "date-time", true,
      {"2024-03-15T14:30:00Z", "2024-03-15t14:30:00z", "2024-03-15T14:30:00.5Z", "2024-03-15T14:30:00.123456789+01:00",
       "2024-02-29T00:00:00-23:59", "2000-02-29T00:00:00Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
       // Leap seconds end a day in UTC, wherever the clock hangs
       "1998-12-31T23:59:60Z", "1998-12-31T15:59:60.123-08:00", "1999-01-01T00:59:60+01:00",
       "1999-01-01T05:29:60+05:30"});
  expect("date-time", false,
         {"",
          "2024-03-15",
          "14:30:00Z",
          "2024-03-15T14:30:00",
          "2024-03-15 14:30:00Z",
          "2024-03-15T14:30Z",
          "2024-03-15T14:30:00.Z",
          "2024-03-15T14:30:00,5Z",
          "2024-03-15T14:30:00Z ",
          " 2024-03-15T14:30:00Z",
          "2024-03-15T14:30:00Zx",
          "2024-3-15T14:30:00Z",
          "24-03-15T14:30:00Z",
          "2024-00-15T14:30:00Z",
          "2024-13-15T14:30:00Z",
          "2024-03-00T14:30:00Z",
          "2024-03-32T14:30:00Z",
          "2024-04-31T14:30:00Z",
          "2023-02-29T14:30:00Z",
          "1900-02-29T14:30:00Z",
          "2024-03-15T24:00:00Z",
          "2024-03-15T14:60:00Z",
          "2024-03-15T14:30:61Z",
          "2024-03-15T14:30:00+1:00",
          "2024-03-15T14:30:00+24:00",
          "2024-03-15T14:30:00+01:60",
          "2024-03-15T14:30:00+01",
          "2024-03-15T14:30:00+0100",
          "2024-03-15T-1:30:00Z",
          "1998-12-31T23:58:60Z",
          "1998-12-31T22:59:60Z",
          "1998-12-31T23:59:60+01:00",
          "1998-12-31T23:59:60-08:00"});
}

TEST(Format, Uuid) {
  expect("uuid", true,
         {"2eb8aa08-aa98-11ea-b4aa-73b441d16380", "2EB8AA08-AA98-11EA-B4AA-73B441D16380",
          "00000000-0000-0000-0000-000000000000"});
  expect("uuid", false,
         {"", "2eb8aa08-aa98-11ea-b4aa-73b441d1638", "2eb8aa08-aa98-11ea-b4aa-73b441d163800",
          "2eb8aa08aa98-11ea-b4aa73b441d16380----", "2eb8aa08-aa98-11ea-b4ga-73b441d16380",
          "{2eb8aa08-aa98-11ea-b4aa-73b441d1638}", "2eb8aa080aa98-11ea-b4aa-73b441d16380"});
}

TEST(Format, Ipv4) {
  expect("ipv4", true, {"0.0.0.0", "127.0.0.1", "255.255.255.255", "1.20.30.249"});
  expect(
      "ipv4", false,
      {"", "1.2.3", "1.2.3.4.5", "256.0.0.1", "1.2.3.256", "01.2.3.4", "1.2.3.00", "1.2.3.4 ", " 1.2.3.4", "1.2.3.",
       ".1.2.3", "1..2.3", "a.b.c.d", "1.2.3.-4", "1.2.3.+4", "0x7f.0.0.1", "2130706433", "1.2.3.4/24", "1000.1.1.1"});
}

TEST(Format, Uri) {
  expect("uri", true,
         {"http://example.com",
          "http://example.com/a/b?c=d&e=/?#f/?",
          "HTTPS://u:p@example.com:8080/",
          "http://",
          "http://example.com:",
          "mailto:a@example.com",
          "urn:isbn:0451450523",
          "tel:+1-816-555-1212",
          "a:",
          "a+b-c.1:x",
          "file:///etc/hosts",
          "http://[2001:db8::7]/c=GB?one",
          "http://[::1]:80",
          "http://[::]",
          "http://[1::]",
          "http://[1:2:3:4:5:6:7:8]",
          "http://[1:2:3:4:5:6:1.2.3.4]",
          "http://[::ffff:1.2.3.4]",
          "http://[1:2:3:4:5:6:7::]",
          "http://[v7.a:b]",
          "http://%41.example/%7e",
          "http://-.~_!$&'()*+,;=:%40:80%2f::::::@example.com"});
  expect("uri", false,
         {"",
          "example.com",
          "/path",
          "//example.com",
          "?a",
          "#a",
          ":",
          ":a",
          "1a:b",
          "-a:b",
          "a_b:c",
          "http:// x",
          "http://x y",
          "http://x/<y>",
          "http://x/\"",
          "http://x/\\y",
          "http://x/^",
          "http://x/`",
          "http://x/{a}",
          "http://x/a|b",
          "http://x/%",
          "http://x/%4",
          "http://x/%zz",
          "http://x?%g0",
          "http://x#a#b",
          "http://x/[a]",
          "http://x:8a",
          "http://a@b@c",
          "http://[::1",
          "http://[::1]a",
          "http://[1:2:3:4:5:6:7]",
          "http://[1:2:3:4:5:6:7:8:9]",
          "http://[1::2::3]",
          "http://[:1:2:3:4:5:6:7]",
          "http://[1:2:3:4:5:6:7:]",
          "http://[12345::]",
          "http://[g::]",
          "http://[1:2:3:4:5:6:7:1.2.3.4]",
          "http://[1.2.3.4::]",
          "http://[1:2:3:4:5:6:7:8::]",
          "http://[]",
          "http://[v.a]",
          "http://[v7.]",
          "http://[v7.%41]",
          "http://x/\xC3\xA4",
          "http://x/\n",
          "a:\x01"});
}

}  // namespace
}  // namespace counterpart::schema

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
  EXPECT_EQ(format_names().size(), 19u);
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

TEST(Format, DatesTimesAndDurations) {
  expect("date", true, {"2024-02-29", "0000-01-01"});
  expect("date", false, {"", "2023-02-29", "2024-1-01", "2024-01-01Z", "2024-01-01\n"});
  expect("time", true, {"14:30:00Z", "23:59:60Z", "14:30:00.5+01:00"});
  expect("time", false, {"", "14:30:00", "24:00:00Z", "22:59:60Z", "14:30:00.Z"});
  expect("duration", true, {"P1Y", "P1Y2M3DT4H5M6S", "PT0S", "P2W", "P1DT1M", "P0099999999999999999999D"});
  expect("duration", false,
         {"", "P", "PT", "P1", "P1YT", "P1D1Y", "P1Y1D", "P1W1D", "PT1H1S", "P1S", "PT1.5S", "1Y", "P1YP1Y", "P1D "});
}

TEST(Format, Addresses) {
  expect("ipv6", true, {"::", "::1", "1::", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "1:2:3:4:5:6:7::"});
  expect("ipv6", false, {"", ":", "1", "1:2:3:4:5:6:7", "1::2::3", "[::1]", "::1%eth0", "12345::", "1.2.3.4", ":1::"});
  expect("email", true,
         {"a@b", "a.b+c@example.com", "\"a b\\\"@\"@example.com", "a@[127.0.0.1]", "a@[IPv6:::1]",
          "!#$%&'*+-/=?^_`{|}~@x"});
  expect("email", false,
         {"", "a", "@b", "a@", ".a@b", "a.@b", "a..b@c", "a b@c", "a@b_c", "a@-b", "a@b..c", "a@[1.2.3]", "a@[::1]",
          "\"a@b", "\"a\"b\"@c", "a@b\n", "\xC3\xA4@b", "a@[1.2.3.4"});
  expect("idn-email", true, {"\xC3\xA4@\xC3\xB6.example", "\"\xC3\xA4\"@x"});
  expect("idn-email", false, {"\xC3\xA4", "\xC3\xA4 @x"});
}

TEST(Format, HostNames) {
  expect("hostname", true, {"a", "a.b", "1.example", "a--b", "xn--mnchen-3ya.de", "XN--MNCHEN-3YA.de"});
  expect("hostname", false,
         {"", ".", "a.", ".a", "a..b", "-a", "a-", "a_b", "a b", "m\xC3\xBCnchen.de", "xn--", "xn--a", "xn--a-",
          "xn--99999999"});
  expect("idn-hostname", true, {"m\u00fcnchen.de", "a\u3002b", "xn--mnchen-3ya", "\u05d0\u05d1", "\u0628\u200c\u0628"});
  expect(
      "idn-hostname", false,
      {"", "\u00dc", "-\u00fc", "ab--\u00fc", "\u0300x", "\xFF", "a\u05d0", "\u00b7", "\u00aa", "\u0627\u200c\u0628"});
}

TEST(Format, Pointers) {
  expect("json-pointer", true, {"", "/", "/a/b~0~1/0"});
  expect("json-pointer", false, {"a", "/~", "/~2", "#/a"});
  expect("relative-json-pointer", true, {"0", "0#", "10/a", "1/"});
  expect("relative-json-pointer", false, {"", "/a", "01", "-1", "1a", "1##", "1#/a"});
}

TEST(Format, References) {
  expect("uri-reference", true, {"", "a", "/a", "//a", "?a", "#a", "./a:b", "http://a"});
  expect("uri-reference", false, {"\\a", "1:b", "a b", "/%zz", "#a#", "//a@b@c", "/\u00e4"});
  expect("iri", true, {"http://\u00e4/\u00e4?\ue000#\u00e4"});
  expect("iri", false, {"/\u00e4", "http://a/\ue000", "http://a/\xFF", "http://a/\u0080", "http://[\u00e4]"});
  expect("iri-reference", true, {"/\u00e4", "\u00e4"});
  expect("iri-reference", false, {"\u00e4 ", "\\\u00e4"});
  expect("uri-template", true, {"", "a/{b}", "{+a,b:3,c*}", "{a.b%41}", "\u00e4"});
  expect("uri-template", false, {"{", "}", "{}", "{a,}", "{a:0}", "{a:12345}", "{a..b}", "{.}", "a b", "%4", "{a{b}}"});
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

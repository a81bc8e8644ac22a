#pragma once
/// Values at the edges of what JSON readers expect, as JSON tokens. Used by the tables of changes.

#include <string_view>

namespace counterpart::fuzz {

inline constexpr std::string_view integers[] = {"0",
                                                "-0",
                                                "-1",
                                                "1",
                                                "127",
                                                "128",
                                                "255",
                                                "256",
                                                "32767",
                                                "32768",
                                                "65535",
                                                "65536",
                                                "2147483647",
                                                "2147483648",
                                                "-2147483648",
                                                "-2147483649",
                                                "4294967295",
                                                "4294967296",
                                                "9007199254740991",
                                                "9007199254740993",
                                                "9223372036854775807",
                                                "9223372036854775808",
                                                "-9223372036854775808",
                                                "-9223372036854775809",
                                                "18446744073709551615",
                                                "18446744073709551616",
                                                "100000000000000000000000000000",
                                                "1e15",
                                                "1E+2",
                                                "10.0"};

inline constexpr std::string_view fractions[] = {"0.1",
                                                 "-0.0",
                                                 "0.30000000000000004",
                                                 "5e-324",
                                                 "1e-400",
                                                 "2.2250738585072011e-308",
                                                 "1.7976931348623157e308",
                                                 "-1.7976931348623157e308",
                                                 "3.141592653589793238462643383279502884197"};

/// String tokens as JSON has them.
inline constexpr std::string_view texts[] = {
    R"("")",
    R"(" ")",
    R"("\u0000")",
    R"("a\u0000b")",
    R"("\n")",
    R"("\r\n")",
    R"("\"")",
    R"("\\")",
    R"("\/")",
    R"("null")",
    R"("true")",
    R"("0")",
    R"("-1")",
    R"(" 1")",
    R"("+1")",
    R"("1e5")",
    R"("0x10")",
    R"("NaN")",
    R"("2147483648")",
    R"("99999999999999999999")",
    R"("1970-01-01T00:00:00Z")",
    R"("9999-12-31T23:59:60Z")",
    R"("2024-02-30T25:61:61Z")",
    R"("0000-00-00")",
    R"("%s%n%x")",
    R"("../../../etc/passwd")",
    R"("<script>alert(1)</script>")",
    R"("' OR '1'='1")",
    R"("${x}")",
    "\"\x7F\"",                                          // the last of ASCII, no control character for JSON
    "\"\xC2\x80\"",                                      // the first of two bytes
    "\"\xDF\xBF\"",                                      // the last of two
    "\"\xE0\xA0\x80\"",                                  // the first of three
    "\"\xEF\xBF\xBF\"",                                  // U+FFFF, no character
    "\"\xF0\x90\x80\x80\"",                              // the first of four
    "\"\xF4\x8F\xBF\xBF\"",                              // U+10FFFF
    "\"\xEF\xBB\xBF\"",                                  // a byte order mark inside
    "\"\xE2\x80\xAE\x61\x62\"",                          // right to left
    "\"e\xCC\x81\"",                                     // a combining accent
    "\"\xE2\x80\xA8\xE2\x80\xA9\"",                      // line and paragraph separators
    "\"\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7\"",  // one picture of three characters
    R"("\ud83d\ude00")"};

}  // namespace counterpart::fuzz

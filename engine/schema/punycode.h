#pragma once
/// Punycode (RFC 3492): the letters of a label as ASCII. Used by idna.cpp.

#include <optional>
#include <string>
#include <string_view>

namespace counterpart::schema {

/// Both are for labels: what is longer than `punycode_max` is refused.
inline constexpr size_t punycode_max = 256;

std::optional<std::u32string> punycode_decode(std::string_view text);
std::optional<std::string> punycode_encode(const std::u32string& label);

}  // namespace counterpart::schema

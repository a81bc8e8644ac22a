#pragma once
/// Internal to the formats: the checks, one file a family, and what they are written with.

#include <optional>
#include <string_view>

namespace counterpart::schema::formats {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
inline bool is_ascii(char c) { return (static_cast<unsigned char>(c) & 0x80) == 0; }
inline bool is_among(char c, std::string_view characters) { return characters.find(c) != std::string_view::npos; }

/// Takes one of `characters` from the front.
bool take(std::string_view& text, std::string_view characters);
/// Takes all digits from the front, as many as there are.
size_t take_digits(std::string_view& text);
/// Takes exactly `digits` digits from the front, as a number of at most `max`.
std::optional<int> take_number(std::string_view& text, size_t digits, int max);

// format_time.cpp
bool is_date_time(std::string_view text);
bool is_date(std::string_view text);
bool is_time(std::string_view text);
bool is_duration(std::string_view text);
// format_address.cpp
bool is_ipv4(std::string_view text);
bool is_ipv6(std::string_view text);
bool is_email(std::string_view text);
bool is_idn_email(std::string_view text);
// idna.cpp
bool is_hostname(std::string_view text);
bool is_idn_hostname(std::string_view text);
// format_uri.cpp
bool is_uri(std::string_view text);
bool is_uri_reference(std::string_view text);
bool is_iri(std::string_view text);
bool is_iri_reference(std::string_view text);
bool is_uri_template(std::string_view text);

}  // namespace counterpart::schema::formats

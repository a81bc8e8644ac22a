#pragma once
/// Media types (RFC 9110, 8.3.1) and the Prefer header (RFC 7240), taken apart.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace counterpart::http {

/// Whether a text is a token (RFC 9110, 5.6.2), as the names of headers and cookies are.
bool is_token(std::string_view text);

/// Whether a text is `type/subtype`, perhaps with well-formed parameters. `*/*` is one, in form.
bool is_media_type(std::string_view text);

/// "application/problem+json; charset=utf-8" -> "application/problem+json", in lower case, parameters left out.
std::string essence(std::string_view content_type);

/// application/json, text/json and every "+json" (RFC 6839).
bool is_json(std::string_view content_type);

/// The media type of a file by its extension (json, html, xml, txt, csv, js, css, png, ...);
/// application/octet-stream for an unknown one.
std::string_view media_type_of_file(std::string_view path);

/// RFC 7240, 2: `code=404, example="not-found"; foo` -> {{code,404},{example,not-found}}. Names in lower case,
/// values unquoted, parameters of a preference dropped. Malformed pieces are skipped, as the RFC asks; of a repeated
/// preference the first counts; past `preferences_max` nothing is read.
inline constexpr size_t preferences_max = 32;
std::vector<std::pair<std::string, std::string>> parse_prefer(std::string_view value);

}  // namespace counterpart::http

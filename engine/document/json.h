#pragma once
/// JSON text from the wire to Json, safely: nlohmann_json recurses when it copies and writes, so depth is
/// limited before a tree exists. Requests' bodies and targets' answers go through here.

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "engine/document/node.h"

namespace counterpart::document {

inline constexpr int json_depth_max = 256;

/// Parses RFC 8259 JSON text (UTF-8). On failure nullopt and, in `error` if given, one sentence with the byte offset.
/// Texts deeper than `json_depth_max` are refused. No exception leaves it.
std::optional<Json> parse_json(std::string_view text, std::string* error = nullptr);

/// Compact JSON text. Invalid UTF-8 is replaced by U+FFFD rather than thrown.
std::string write_json(const Json& value);

/// Appends `text` as a JSON string, quotes included, escaped as write_json escapes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace counterpart::document

#pragma once
/// Base64 (RFC 4648, 4), for bytes that JSON and YAML cannot hold.

#include <optional>
#include <string>
#include <string_view>

namespace counterpart::document {

std::string base64(std::string_view bytes);

/// nullopt for what base64() would not have written.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace counterpart::document

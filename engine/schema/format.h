#pragma once
/// The string formats the engine knows (JSON Schema 2020-12 validation, section 7.3): pure functions over text.

#include <string>
#include <string_view>
#include <vector>

namespace counterpart::schema {

using FormatCheck = bool (*)(std::string_view);

/// The check of a format ("date-time", "uuid", "ipv4", "uri"), or nullptr for one the engine does not know.
FormatCheck find_format(std::string_view name);

/// Every name find_format knows, for hints.
std::vector<std::string> format_names();

}  // namespace counterpart::schema

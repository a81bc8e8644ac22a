#pragma once
/// Values as text, equal for values that are equal as JSON Schema sees it: so that many can be compared by sorting or
/// looking up. Used by uniqueItems and enum.

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "engine/document/node.h"

namespace counterpart::schema {

using document::Json;

/// nullopt for what is deeper than any JSON text may be (document::json_depth_max).
std::optional<std::string> canonical(const Json& value);

}  // namespace counterpart::schema

#pragma once
/// What a plain YAML scalar means: the core schema of YAML 1.2 (section 10.3.2). Used by the YAML reader alone.

#include <string>
#include <string_view>

#include "engine/document/node.h"

namespace counterpart::document {

/// Sets `node`'s kind and value from a plain scalar's text; the text itself is the caller's. Returns "" or, for a
/// number that JSON cannot hold (.inf, .nan, 1e999), what is wrong with it; the node is then text.
std::string resolve_plain(std::string_view text, Node& node);

/// One of ~, null, Null, NULL. The empty scalar is null as well, but not spelled so.
bool is_spelled_null(std::string_view text);

}  // namespace counterpart::document

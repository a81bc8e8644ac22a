#pragma once
/// What `check` and `fuzz server` draw from a schema for their requests must fit it. Used by the target of JSON Schema.

#include <vector>

#include "engine/schema/schema.h"

namespace counterpart::fuzz {

/// Draws values, and ends the program when one does not fit. `known`: values of which some are drawn.
void require_drawn_fit(const schema::Schema& schema, const std::vector<document::Json>& known, uint64_t seed);

}  // namespace counterpart::fuzz

#pragma once
/// What to say of a value that fits none of several schemas. Used by anyOf and oneOf.

#include <vector>

#include "engine/schema/visit.h"

namespace counterpart::schema {

/// Reports that `value` fits none of `schemas`. When each schema has one thing against the value itself, these are said
/// in one violation; else the schema that the value comes closest to says what it has against it. Returns false.
bool fail_alternatives(const std::vector<const Compiled*>& schemas, const Json& value, const Visit& visit);

}  // namespace counterpart::schema

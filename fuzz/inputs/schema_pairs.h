#pragma once
/// Schemas made together with a value that fits them, or with one that does not, so that what a validator must say is known
/// without a validator. Used by the target of JSON Schema.

#include <nlohmann/json.hpp>

#include "engine/document/node.h"
#include "fuzz/inputs/input.h"

namespace counterpart::fuzz {

struct SchemaPair {
  document::Json schema;
  document::Json value;
  bool fits = true;
};

/// The same bytes give the same pair.
SchemaPair make_schema_pair(ByteReader& bytes);

}  // namespace counterpart::fuzz

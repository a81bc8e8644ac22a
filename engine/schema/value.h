#pragma once
/// JSON values as JSON Schema sees them: numbers by their mathematical value, objects without order. Used by the
/// keywords.

#include <compare>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/document/node.h"

namespace counterpart::schema {

using document::Json;

/// Compares two JSON numbers exactly, whatever their representation: 1 equals 1.0, and 2^63 is above every int64.
std::partial_ordering compare_numbers(const Json& a, const Json& b);

/// Equality of JSON Schema 2020-12, 4.2.2. Recursion is bounded by the shallower of the two.
bool equal(const Json& a, const Json& b);

/// A number without a fractional part: 1 and 1.0.
bool is_integer(const Json& value);

/// Whether the number `value` is `divisor` times an integer, judged by their shortest decimal text and exact from
/// there: 0.3 is a multiple of 0.1, and 1e308 is one of 0.5. `divisor` is above 0.
bool is_multiple_of(const Json& value, const Json& divisor);

/// The value for a message: a scalar as JSON, cut where it is long; "an object", "an empty array" and so on.
std::string summary(const Json& value);

}  // namespace counterpart::schema

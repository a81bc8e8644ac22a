#pragma once
/// A JSON Schema, compiled once and applied to many values. This part of the engine knows nothing of HTTP.
///
/// Supported here (JSON Schema 2020-12 validation, section 6): type, const, enum, minimum, maximum,
/// exclusiveMinimum, exclusiveMaximum, multipleOf, minLength, maxLength, pattern (RE2), format (date-time, uuid,
/// ipv4, uri), minItems, maxItems, items, properties, required, additionalProperties; annotations (title,
/// description, default, examples, deprecated, $comment) are accepted and mean nothing. Any other keyword is a
/// compile error: a keyword that is silently ignored would make a wrong value look right.

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "engine/document/node.h"

namespace counterpart::schema {

using document::Json;

/// Why a value does not fit.
struct Violation {
  std::string instance_path;  ///< JSON Pointer (RFC 6901) into the value; "" is the value itself
  std::string schema_path;    ///< JSON Pointer into the schema, to the keyword
  std::string expected;       ///< e.g. "at most 100"
  std::string actual;         ///< e.g. "101"; long values are cut

  /// "must be at most 100, is 101", with the instance path in front where there is one.
  std::string text() const;
};

/// Thread-safe once compiled: validate() changes nothing.
class Schema {
 public:
  Schema();
  ~Schema();
  Schema(Schema&&) noexcept;
  Schema& operator=(Schema&&) noexcept;

  /// Compiles the schema written at `node`. Errors (an unknown keyword, a pattern RE2 cannot take, a wrong type)
  /// go to `diagnostics` at the keyword's place; the schema then accepts what its good keywords accept.
  static Schema compile(const document::Node& node, const std::shared_ptr<const document::Source>& source,
                        document::Diagnostics& diagnostics);

  /// Every violation, the outermost first; empty when the value fits. At most `violations_max`.
  std::vector<Violation> validate(const Json& value) const;
  static constexpr size_t violations_max = 20;

  /// The types named by the `type` keyword ("integer", ...); empty when there is none. Parameters are coerced by it.
  const std::vector<std::string>& types() const;
  /// The schema of a list's items, or nullptr.
  const Schema* items() const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace counterpart::schema

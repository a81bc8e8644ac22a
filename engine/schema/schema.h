#pragma once
/// A JSON Schema, compiled once and applied to many values. This part of the engine knows nothing of HTTP.
///
/// Supported here (JSON Schema 2020-12 validation, section 6): type, const, enum, minimum, maximum,
/// exclusiveMinimum, exclusiveMaximum, multipleOf, minLength, maxLength, pattern (RE2), format (date-time, uuid,
/// ipv4, uri), minItems, maxItems, items, properties, required, additionalProperties; annotations (title,
/// description, default, examples, deprecated, readOnly, writeOnly, $comment) are accepted and mean nothing. A schema
/// may be true or false. Any other keyword is a compile error: a keyword that is silently ignored would make a wrong
/// value look right. A format that is not known is a warning, as JSON Schema wants it to be an annotation.
///
/// How it is built: each family of keywords is a file keywords_*.cpp with a table from name to compile function;
/// check.h says what a compiled keyword is.

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
  std::string expected;       ///< e.g. "at most 100", fit to follow "must be"
  std::string actual;         ///< e.g. "101", fit to follow "is"; long values are cut

  /// "must be at most 100, is 101", with the instance path in front where there is one.
  std::string text() const;
};

class Compiler;
class Visit;

inline constexpr int schema_depth_max = 64;

/// Thread-safe once compiled: validate() changes nothing. Its recursion is bounded by schema_depth_max.
class Schema {
 public:
  Schema();  ///< accepts everything
  ~Schema();
  Schema(Schema&&) noexcept;
  Schema& operator=(Schema&&) noexcept;

  /// Compiles the schema written at `node`. Errors (an unknown keyword, a pattern RE2 cannot take, a wrong type)
  /// go to `diagnostics` at the keyword's or its value's place; the schema then accepts what its good keywords accept.
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
  friend class Compiler;
  friend class Visit;
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;  ///< null: accepts everything
};

}  // namespace counterpart::schema

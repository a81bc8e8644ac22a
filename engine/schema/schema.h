#pragma once
/// JSON Schema, compiled once and applied to many values: draft 2020-12, and draft 7 where `$schema` says so. Used for
/// what requests carry and for what targets answer. This part of the engine knows nothing of HTTP.
///
/// Every keyword of both drafts is known; contentEncoding, contentMediaType, contentSchema and what describes (title,
/// default, ...) are accepted and mean nothing. What is not known is an error, as Options say: a keyword that is
/// silently ignored would make a wrong value look right. A format that is not known is a warning. Documents are never
/// fetched: a `$ref` leads into the schema's own document, into one of a Registry (registry.h), or to a metaschema.
///
/// Values are hostile: each validation has a budget of work and of depth, past which it fails and says so.
///
/// How it is built: library.h compiles the schemas of one document together, so that what several refer to is compiled
/// once. Each family of keywords is a file keywords_*.cpp with a table from name to compile function; check.h says what
/// a compiled keyword is, visit.h what it gets to judge a value. The official suite runs in suite_test.cpp.

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/document/node.h"

namespace counterpart::schema {

using document::Json;

class Registry;
struct Compiled;

/// Why a value does not fit.
struct Violation {
  std::string instance_path;  ///< JSON Pointer (RFC 6901) into the value; "" is the value itself
  std::string schema_path;    ///< JSON Pointer into the schema, to the keyword; `$ref` is a step like any other
  std::string expected;       ///< e.g. "at most 100", fit to follow "must be"
  std::string actual;         ///< e.g. "101", fit to follow "is"; long values are cut

  /// "must be at most 100, is 101", with the instance path in front where there is one.
  std::string text() const;
};

/// How schemas are compiled.
struct Options {
  bool formats = true;                 ///< `format` asserts; else it does where a vocabulary says so
  bool strict = true;                  ///< an unknown keyword is an error; else it is ignored
  const Registry* registry = nullptr;  ///< the documents a $ref may lead to; must outlive the compilation
};

inline constexpr int schema_depth_max = 64;                  ///< of schemas in schemas, as written
inline constexpr int application_depth_max = 1000;           ///< of schemas applied within each other to one value
inline constexpr uint64_t validation_work_max = 10'000'000;  ///< schemas applied, members and items looked at

/// Cheap to copy; copies share what was compiled. Thread-safe once compiled: validate() changes nothing.
class Schema {
 public:
  Schema();  ///< accepts everything
  /// For this folder: `compiled` keeps alive what it needs.
  explicit Schema(std::shared_ptr<const Compiled> compiled);

  /// Compiles the schema written at `node`, a document of its own: `$ref: '#/...'` leads into `node`. Errors (an
  /// unknown keyword, a pattern RE2 cannot take, a wrong type) go to `diagnostics` at the keyword's or its value's
  /// place; the schema then accepts what its good keywords accept.
  static Schema compile(const document::Node& node, const std::shared_ptr<const document::Source>& source,
                        document::Diagnostics& diagnostics, const Options& options = {});

  /// Every violation, the outermost first; empty when the value fits. At most `violations_max`. A value that takes more
  /// than `validation_work_max` or `application_depth_max` does not fit, and its one violation says so.
  std::vector<Violation> validate(const Json& value) const;
  static constexpr size_t violations_max = 20;

  /// The types named by the `type` keyword ("integer", ...), here or where `$ref` or `allOf` lead; empty when there is
  /// none. Parameters are coerced by it.
  const std::vector<std::string>& types() const;
  /// The schema of a list's items, found likewise, or nullptr. Lives as long as this schema or one of its copies do; a
  /// copy of it does not keep it alive.
  const Schema* items() const;

  /// For who walks over schemas, as a generator of values does: what was written, as JSON; `true` when this is no
  /// compiled schema. Lives as long as this schema or one of its copies.
  const Json& source() const;
  /// The schema compiled from a part of source(), by its address: source().at("properties").at("name").
  std::optional<Schema> part(const Json& written) const;
  /// Where a `$ref` or `$dynamicRef` that source() has leads to (the latter before any value is looked at).
  std::optional<Schema> resolve(std::string_view reference) const;

 private:
  std::shared_ptr<const Compiled> compiled_;  ///< null: accepts everything
};

}  // namespace counterpart::schema

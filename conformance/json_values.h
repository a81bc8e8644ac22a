#pragma once
/// Values that fit a schema, drawn by its keywords: parameters (values.h) and bodies (bodies.h) are made of them.

#include <optional>
#include <vector>

#include "conformance/report.h"
#include "engine/schema/schema.h"
#include "engine/state/random.h"

namespace counterpart::conformance {

/// What applies to a value whatever it is: a schema with all that `$ref` and `allOf` add to it.
struct Applied {
  std::vector<schema::Schema> schemas;
  /// Their keywords, the outermost first, but for those that hold schemas; `required` has the names of all.
  Json keywords = Json::object();

  /// The schema of a member; nullopt: there is none of its own.
  std::optional<schema::Schema> property(const std::string& name) const;
  /// The names of `properties`, in order.
  std::vector<std::string> properties() const;
  std::optional<schema::Schema> items() const;
};

Applied applied(const schema::Schema& schema);

enum class Optionals { none, some };  ///< members that are not required: left out, or drawn

/// A value that fits; `known` are values of the contract's world, of which some are drawn where they fit. nullopt when
/// none was found: the keywords contradict each other, or bound each other in a way that drawing does not meet.
std::optional<Json> legal_json(const schema::Schema& schema, const std::vector<Json>& known, Optionals optionals,
                               state::Random& random);

/// Up to `count` values that fit, each another; fewer where no more can be drawn.
std::vector<Json> different_values(const schema::Schema& schema, size_t count, state::Random& random);

/// A scalar by its keywords alone, `type` among them; a text where they say nothing.
Json drawn_scalar(const Json& keywords, state::Random& random);

}  // namespace counterpart::conformance

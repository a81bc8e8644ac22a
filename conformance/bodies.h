#pragma once
/// Bodies of requests, read from their schemas: legal ones to send, and those around each bound of each member. What
/// values.h is for parameters.

#include <optional>
#include <string>
#include <vector>

#include "conformance/case.h"
#include "engine/schema/schema.h"
#include "engine/state/random.h"

namespace counterpart::conformance {

/// The kind of body that the operation's requests are sent with: JSON where it takes that, else the first it names.
struct BodyKind {
  const std::string& media_type;
  const schema::Schema& schema;
  bool is_json;
};

/// nullopt: nothing is said of the operation's bodies.
std::optional<BodyKind> body_kind(const contract::Operation& operation);

/// A body that fits the schema, without the `const` members that a request gets by itself; `known` and `some` as in
/// json_values.h. nullopt when the operation takes none, or none was found.
std::optional<Json> legal_body(const contract::Operation& operation, const std::vector<Json>& known, bool some,
                               state::Random& random);
/// Whether the body fits, those `const` members added.
bool fits_body(const contract::Operation& operation, const Json& body);
/// Where the body has texts and numbers that the schema does not print: JSON Pointers.
std::vector<std::string> open_members(const contract::Operation& operation, const Json& body);

/// One way of sending a body.
struct BodyProbe {
  std::string member;  ///< a JSON Pointer; "": the whole body
  std::string bound;   ///< as Probe::bound
  std::optional<Json> body;
  std::optional<RawBody> raw;
  std::string omitted;  ///< a `const` member that is not to be sent
};

inline constexpr size_t body_probes_max = 300;  ///< of one operation

/// The base body with one member at, and one past, each of its bounds; of another type; a member more where none may be;
/// and the whole as what is no JSON, and as another media type.
std::vector<BodyProbe> body_probes(const contract::Operation& operation, const Json& base);
/// The base body without each required member in turn, and no body where there must be one.
std::vector<BodyProbe> bodies_left_out(const contract::Operation& operation, const Json& base);

/// The call with that body, about that member.
Call with_body(Call call, const BodyProbe& probe);
/// "/text", or "the body"
std::string name_of_member(const std::string& pointer);

}  // namespace counterpart::conformance

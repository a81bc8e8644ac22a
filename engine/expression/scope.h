#pragma once
/// What the names of an expression mean. The interpreter asks a Scope when a name is first used in a session and
/// remembers the answer until the session ends, so what nobody asks for is never computed.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/expression/program.h"

namespace counterpart::http {
class Headers;
}
namespace counterpart::state {
class Collection;
class Random;
}  // namespace counterpart::state

namespace counterpart::expression {

struct Absent {};  ///< Lua's nil: there is no such thing in this request
struct Let {
  SnippetId snippet;
};  ///< a name for an expression

/// A request's header fields, and by lower-case name those that a schema gave another type than text.
struct HeaderValues {
  const http::Headers* fields = nullptr;
  nlohmann::ordered_json typed;
};

/// Pointers and views are borrowed: the scope keeps what they point at until the session ends.
using Value = std::variant<Absent, bool, int64_t, std::string_view, const nlohmann::ordered_json*, const HeaderValues*,
                           state::Collection*, Let>;

class Scope {
 public:
  virtual ~Scope() = default;
  /// The meaning of a name, or nullopt for a name nobody declared (the expression then fails).
  virtual std::optional<Value> find(std::string_view name) = 0;
  /// Every name find() knows, for "did you mean".
  virtual std::vector<std::string> names() const = 0;
  virtual state::Random& random() = 0;
};

}  // namespace counterpart::expression

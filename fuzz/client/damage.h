#pragma once
/// One way of making the mock answer a command worse: what a scenario's `play` can say, and nothing else. So every
/// finding is a scenario. Made by plan.cpp and wire.cpp, made less by shrink.cpp.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/contract/contract.h"
#include "engine/http/message.h"
#include "fuzz/responses/variant.h"

namespace counterpart::fuzz::client {

using Json = contract::Json;

/// The classes of damage: three of the answer itself, three of its bytes on the wire.
enum class Family { legal, nearly_legal, broken, cut_short, slow, malformed };
inline constexpr size_t families = 6;

/// "legal", "nearly legal", "broken", "cut short", "slow", "malformed".
std::string_view name_of(Family family);
Family family_of(Legality legality);
inline bool is_on_the_wire(Family family) { return family > Family::broken; }

/// What stands under `fault`.
struct Fault {
  std::string name;  ///< "": none
  Json settings = Json::object();

  bool operator==(const Fault&) const = default;
};

struct Damage {
  const contract::Operation* operation = nullptr;
  uint64_t call = 0;                            ///< which of the operation's calls is answered so, from 1; 0: every one
  const contract::Response* respond = nullptr;  ///< given whatever the rules say; nullptr: theirs
  std::optional<Variant> variant;     ///< the answer that is given instead, where it differs from the documented one
  std::optional<Variant> documented;  ///< the first documented answer of that response; what differs is overridden
  bool as_bytes = false;              ///< its body cannot be written as a value
  Fault fault;
  Family family = Family::legal;
  uint64_t seed = 0;  ///< of the mock, for this run
};

/// What of a changed answer `override` can say: a header has one value and stays where it was documented, bytes that no
/// field has become spaces, and some statuses have no body.
http::Response sayable(const http::Response& documented, http::Response changed);

/// As it stands in a scenario: "{ truncate: { at: 3 } }".
std::string fault_text(const Fault& fault);

/// In words: "fetchAllSessions/retrieved, every time; /sessions: an empty list".
std::string describe(const Damage& damage);

/// The entries under `play`, as YAML; each line begins with `indent`. They say the same bytes wherever they are read.
std::string play_text(const Damage& damage, std::string_view indent = "");

/// A whole scenario of that name. `remarks` go above it as comments, a line each.
std::string scenario_text(const Damage& damage, const std::string& name, const std::vector<std::string>& remarks);

}  // namespace counterpart::fuzz::client

#pragma once
/// The executable contract at work: a pure step (state, request) -> (state', response, why). Every player is built
/// around it: the mock puts it behind sockets, conformance predicts with it, fuzzing judges with it. It touches no
/// socket, no real clock and no global.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/contract/contract.h"
#include "engine/contract/loader.h"
#include "engine/contract/router.h"
#include "engine/http/message.h"
#include "engine/state/space.h"

namespace counterpart::engine {

/// What was answered, and why.
struct Answer {
  http::Response response;
  const contract::Operation* operation = nullptr;  ///< nullptr: no operation is meant; the response is a problem
  const contract::Response* documented = nullptr;  ///< the contract's response; nullptr: the response is a problem
  size_t response_index = 0;   ///< of `documented`, among all responses of the contract, operation by operation
  bool is_documented = false;  ///< the source document has it, if not every part of it
  const contract::Rule* rule = nullptr;  ///< what chose it; nullptr: nothing, or a Prefer header

  /// When no operation is meant: the nearest one (nullptr: none comes near), how far it is, to compare contracts, and
  /// each difference as a sentence.
  const contract::Operation* nearest = nullptr;
  size_t near_miss_distance = SIZE_MAX;
  std::vector<std::string> differences;
};

/// Response headers that say what was answered (docs/format.md, "What the mock adds").
inline constexpr const char* operation_header = "Counterpart-Operation";
inline constexpr const char* response_header = "Counterpart-Response";
inline constexpr const char* undocumented_header = "Counterpart-Undocumented";

/// How a space starts.
struct SpaceOptions {
  uint64_t seed = 0;
  int64_t now_ms = 0;                   ///< where the clock stands when the contract does not say
  std::unique_ptr<state::Clock> clock;  ///< instead of the contract's own
};

struct Prepared;
class Director;

/// Plays one contract. Thread-safe: any number of answers at once, from any number of spaces.
class Engine {
 public:
  explicit Engine(contract::Loaded loaded);
  ~Engine();

  const contract::Contract& contract() const { return *loaded_.contract; }
  const contract::Router& router() const { return *loaded_.router; }

  /// A space in the contract's initial state. Errors of the state's templates go to `diagnostics`; then nullptr.
  std::unique_ptr<state::Space> make_space(SpaceOptions options, document::Diagnostics& diagnostics) const;

  /// Answers. Never throws; what goes wrong in the contract's own expressions is a 500 problem naming file and line.
  /// `director` (director.h) may decide before the rules do.
  Answer answer(const http::Request& request, state::Space& space, Director* director = nullptr) const;

  /// Lets the space learn what the answer of a real server tells of it: runs the operation's `observe`, if it has one.
  /// `response` is the answer's response_value(). Whether that stored anything, be it what was there already. Throws
  /// expression::Error.
  bool observe(const http::Request& request, document::Json response, state::Space& space) const;

  /// Whether some operation has this path, whatever its method.
  bool knows_path(const http::Request& request) const;

 private:
  contract::Loaded loaded_;
  std::unique_ptr<Prepared> prepared_;
};

}  // namespace counterpart::engine

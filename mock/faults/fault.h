#pragma once
/// Damage on the wire (docs/format.md, "Faults"): each kind is one file of this folder, with its settings, and does its
/// damage to the bytes of an answer that is ready to be sent. Nothing here knows sockets or time.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/contract/fields.h"
#include "engine/state/random.h"
#include "mock/transmission.h"

namespace counterpart::mock::faults {

/// An answer as it would be sent.
struct Wire {
  std::string head;         ///< status line and header fields, with the empty line that ends them
  std::string body;         ///< empty where none is sent (HEAD, 204)
  bool is_to_head = false;  ///< no fault may add a body: the client would take it for its next answer
};

class Fault {
 public:
  virtual ~Fault() = default;
  /// What is sent instead. The same wire and the same random numbers give the same transmission. Without a last `reset`
  /// or `close` the connection goes on as it would have.
  virtual Transmission damage(Wire wire, state::Random& random) const = 0;
};

/// What `fault:` says: a name ("connection-reset") or a map of one name to its settings ({truncate: {at: 40%}}).
/// Errors go to `reading`; then nullptr.
std::shared_ptr<const Fault> load(const document::Node& node, const contract::Reading& reading);

/// Whether the whole answer arrives in spite of the fault of that name, late or in pieces.
bool keeps_answer(std::string_view name);

/// The names of all faults, sorted.
std::vector<std::string> names();

}  // namespace counterpart::mock::faults

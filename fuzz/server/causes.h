#pragma once
/// What the server fuzzer found, each cause once. A failure of the server says nothing of its cause, so what the request
/// has that others do not have is part of it.

#include <set>
#include <string>
#include <vector>

#include "conformance/findings.h"
#include "conformance/play.h"
#include "fuzz/server/sequence.h"

namespace counterpart::fuzz::server {

/// One finding with the sequence that shows it.
struct Found {
  conformance::Finding finding;
  std::vector<conformance::Sent> sent;  ///< the shortest known; the last one shows it. Empty: `bytes` do
  std::string bytes;                    ///< of what is no HTTP request
  size_t requests = 0;                  ///< how many had been sent when it was seen first
  bool shows_again = true;
  bool is_gone = false;            ///< the target went with it: it could not be sent once more
  bool is_absence = false;         ///< the last one was answered: what shows it is that nobody listens afterwards
  bool is_interrupted = false;     ///< before it was as short as it could be, or was seen again
  std::set<std::string> features;  ///< of the last request
  /// What is odd in the request before the last one and is the cause: the server carries it over on their connection.
  std::set<std::string> carried;
};

/// What the call has that it need not have: tricks, odd values, optional parameters.
std::set<std::string> features_of(const conformance::Call& call);

/// What the request before the last one has that might show on the last one: tricks and a body.
std::set<std::string> carried_by(const std::vector<conformance::Sent>& sent);

class Causes {
 public:
  /// The one with this cause already, which it then counts with; nullptr: it is new. `sent`: the last one shows it.
  Found* count(const conformance::Finding& finding, const std::vector<conformance::Sent>& sent);
  /// Adds it, or counts it with one of the same cause: what shrinking has left shows only then. Whether it was added.
  bool add(Found found);

  const std::vector<Found>& all() const { return all_; }

 private:
  std::vector<Found> all_;
};

}  // namespace counterpart::fuzz::server

#pragma once
/// What the raw phase sends: requests of reading, damaged until they are no HTTP. Used by fuzzer.cpp, which sends them with
/// raw.h.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/state/random.h"

namespace counterpart::fuzz::server {

struct RawRequest {
  std::string bytes;
  std::string_view what;  ///< "a bad request line", ...
};

/// First everything that is listed, each once, in an order of the seed's that goes through all kinds again and again; then
/// any of them, half of them damaged.
class RawRequests {
 public:
  /// `good`: a request of reading as it would be sent. `random` must outlive it.
  RawRequests(std::string good, state::Random& random);

  RawRequest next();
  /// Whether something is listed that next() has not given yet.
  bool is_first_time() const { return !first_.empty(); }

 private:
  std::string drawn(size_t kind);

  const std::string good_;
  state::Random& random_;
  std::vector<std::vector<std::string>> listed_;  ///< by kind
  std::vector<std::pair<size_t, size_t>> first_;  ///< kind and number of what was not given yet, the next one last
};

}  // namespace counterpart::fuzz::server

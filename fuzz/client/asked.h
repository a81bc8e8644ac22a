#pragma once
/// What a command asks the mock for, as a clean run of it showed: only that is damaged. Used by plan.h and shrink.h.

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/suite.h"
#include "fuzz/client/wire.h"
#include "mock/spaces.h"

namespace counterpart::fuzz::client {

struct AskedOperation {
  const contract::Operation* operation = nullptr;
  uint64_t calls = 0;
  Sizes sizes;                                                     ///< of the largest answer it got
  std::set<const contract::Response*> given;                       ///< what it was answered
  std::vector<std::pair<const contract::Response*, Sizes>> could;  ///< every response, had it been given instead
};

/// From the journal of the space in which the command ran, in the order of first calls. Its requests are asked again in
/// another space to learn the sizes of other answers, so nothing about them is guessed. `suite` is of the contract that
/// the spaces' stage plays.
std::vector<AskedOperation> asked_in(mock::Spaces& spaces, const std::string& space, const conformance::Suite& suite);

}  // namespace counterpart::fuzz::client

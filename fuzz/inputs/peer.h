#pragma once
/// A connection of the mock without its socket, and what a client reads of it. Used by the connection target.

#include <string>
#include <string_view>
#include <vector>

#include "fuzz/inputs/pieces.h"

namespace counterpart::fuzz {

struct Conversation {
  std::string requests;  ///< each request that was found, and each refusal, as text
  std::string answers;   ///< each answer as it was read: status, headers and body
};

/// Gives the pieces to a connection, and ends it. Ends the program when an answer cannot be read, or when there are more
/// or fewer of them than requests.
Conversation converse(const std::vector<std::string_view>& pieces);

}  // namespace counterpart::fuzz

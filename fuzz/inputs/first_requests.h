#pragma once
/// What is asked of a contract nobody knows: requests that reach as much as possible of what it says. Used by the contract
/// target.

#include <vector>

#include "engine/contract/contract.h"
#include "engine/http/message.h"

namespace counterpart::fuzz {

/// For each of the first operations: with nothing, with every parameter, a body and a credential, with a preference for
/// each response, with other methods, and slightly beside its path.
std::vector<http::Request> first_requests(const contract::Contract& contract);

}  // namespace counterpart::fuzz

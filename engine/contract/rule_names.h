#pragma once
/// What a response needs of the rule that gives it: names that only a `do` assigns. Without its rule (a `play` entry, a
/// step of a strict scenario) such a response is its `example`.

#include <string>
#include <vector>

#include "engine/contract/contract.h"

namespace counterpart::contract {

/// The names that the response's body and headers need, themselves or through lets, and that nothing but a `do` gives
/// them; in the order of their use. Found in the code, without running it.
std::vector<std::string> rule_names(const Contract& contract, const Response& response);

}  // namespace counterpart::contract

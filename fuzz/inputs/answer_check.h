#pragma once
/// What must be true of every answer of an engine, whatever was asked: used by the engine target.

#include "fuzz/inputs/shipped_contracts.h"

namespace counterpart::fuzz {

/// What is wrong with the answer; "" when nothing is: it is one that its operation documents, with the body and type that
/// the contract says, or a problem that says so.
std::string complaint(const ShippedContract& contract, const engine::Answer& answer);

/// What is wrong with the state: "" when every collection and its indexes agree, and nothing is there that has expired.
std::string complaint(const state::Space& space);

}  // namespace counterpart::fuzz

#pragma once
/// Two opinions on one answer: the reference parser's and conformance's. Used by the targets of response parsers.

#include "fuzz/inputs/reference_parsers.h"
#include "fuzz/inputs/shipped_contracts.h"

namespace counterpart::fuzz {

/// Ends the program when the reference parser takes the body for one of the operation's responses and conformance for
/// another, or for none.
void require_agreement(const ShippedContract& contract, const contract::Operation& operation, int status,
                       std::string_view body, const ParsedAnswer& parsed);

}  // namespace counterpart::fuzz

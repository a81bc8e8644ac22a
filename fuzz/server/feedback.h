#pragma once
/// What of an answer is new: (operation, status, response, body shape). What keeps a sequence in the corpus.

#include <cstdint>
#include <string_view>

#include "conformance/report.h"

namespace counterpart::fuzz::server {

/// Two bodies of the same fields, types and lengths of lists (none, one, more) have the same. Looks at the first 64 KiB.
uint64_t body_shape(std::string_view body);

uint64_t tuple_of(const conformance::Exchange& exchange);

}  // namespace counterpart::fuzz::server

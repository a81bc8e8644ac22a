#pragma once
/// A sequence of requests as the server fuzzer keeps it: calls with tricks, and as text for corpora and for libFuzzer.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/case.h"
#include "conformance/suite.h"

namespace counterpart::fuzz::server {

using Sequence = std::vector<conformance::Call>;

inline constexpr size_t sequence_calls_max = 32;
inline constexpr size_t sequence_tricks_max = 4;  ///< of a call

/// One line of JSON.
std::string write_sequence(const Sequence& sequence);
/// What of it is a sequence of this contract: calls of unknown operations and unknown parameters are left out. nullopt when
/// it is no list.
std::optional<Sequence> read_sequence(const conformance::Suite& suite, std::string_view text);

}  // namespace counterpart::fuzz::server

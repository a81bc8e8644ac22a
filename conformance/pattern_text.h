#pragma once
/// A text that fits a `pattern`: what generated values and the probes of a pattern are made of.

#include <optional>
#include <string>
#include <string_view>

#include "engine/state/random.h"

namespace counterpart::conformance {

/// A text drawn from the pattern's own parts: literals, classes, groups, alternatives, repetitions. nullopt when it has
/// a part that nothing is drawn from (`\p{...}`, a class without ASCII), or would become longer than
/// `pattern_text_bytes_max`. Word boundaries are taken to hold: who needs to be sure asks the schema.
std::optional<std::string> text_of_pattern(std::string_view pattern, state::Random& random);
inline constexpr size_t pattern_text_bytes_max = 4096;

}  // namespace counterpart::conformance

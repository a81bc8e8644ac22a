#pragma once
/// Lengths of time as contracts and scenarios write them.

#include <cstdint>
#include <optional>
#include <string_view>

namespace counterpart::scenario {

inline constexpr const char* duration_hint = "for example 250ms, 5s, 2m, 1h or 30d";

/// "250ms", "5s", "2m", "1h", "30d" in milliseconds; nullopt for anything else.
std::optional<int64_t> duration_ms(std::string_view text);

}  // namespace counterpart::scenario

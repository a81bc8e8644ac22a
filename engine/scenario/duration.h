#pragma once
/// Lengths of time as contracts and scenarios write them.

#include <cstdint>
#include <optional>
#include <string_view>

namespace counterpart::scenario {

inline constexpr const char* duration_hint = "for example 250ms, 5s, 2m, 1h or 30d";

inline constexpr int64_t day_ms = 86'400'000;
inline constexpr int64_t duration_ms_max = 1'000'000'000 * day_ms;  ///< however it is written

/// "250ms", "5s", "2m", "1h", "30d" in milliseconds; nullopt for anything else, and for more than the most.
std::optional<int64_t> duration_ms(std::string_view text);

}  // namespace counterpart::scenario

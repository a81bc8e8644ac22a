#pragma once
/// Instants as text: RFC 3339 date-times to milliseconds since the Unix epoch and back, UTC.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace counterpart::state {

/// 2024-03-15T14:30:00.000Z, as JavaScript's toISOString writes it. Years 0000 to 9999; others give "".
std::string to_iso(int64_t epoch_ms);

/// RFC 3339, 5.6, with any offset; digits past milliseconds are cut. nullopt for anything else.
std::optional<int64_t> from_iso(std::string_view text);

}  // namespace counterpart::state

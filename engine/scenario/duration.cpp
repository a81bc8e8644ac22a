#include "engine/scenario/duration.h"

#include <charconv>
#include <utility>

namespace counterpart::scenario {

std::optional<int64_t> duration_ms(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
  if (error != std::errc() || number < 0) return std::nullopt;
  static constexpr std::pair<std::string_view, int64_t> units[] = {
      {"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", day_ms}};
  for (const auto& [name, ms] : units) {
    if (unit == name) return number <= duration_ms_max / ms ? std::optional(number * ms) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace counterpart::scenario

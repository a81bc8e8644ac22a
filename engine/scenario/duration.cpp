#include "engine/scenario/duration.h"

#include <charconv>

namespace counterpart::scenario {

std::optional<int64_t> duration_ms(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
  constexpr int64_t number_max = 1'000'000'000;
  if (error != std::errc() || number < 0 || number > number_max) return std::nullopt;
  if (unit == "ms") return number;
  if (unit == "s") return number * 1'000;
  if (unit == "m") return number * 60'000;
  if (unit == "h") return number * 3'600'000;
  if (unit == "d") return number * 86'400'000;
  return std::nullopt;
}

}  // namespace counterpart::scenario

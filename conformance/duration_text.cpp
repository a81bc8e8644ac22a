#include "conformance/duration_text.h"

#include <fmt/format.h>

namespace counterpart::conformance {

std::string duration_text(int64_t ms) {
  struct Unit {
    int64_t ms;
    const char* name;
  };
  constexpr Unit units[] = {{86'400'000, "day"}, {3'600'000, "h"}, {60'000, "min"}, {1'000, "s"}, {1, "ms"}};
  for (const Unit& unit : units) {
    if (ms < unit.ms && unit.ms > 1) continue;
    const int64_t whole = ms / unit.ms;
    const int64_t tenths = ms % unit.ms * 10 / unit.ms;
    const bool plural = unit.ms == units[0].ms && ms != unit.ms;
    return fmt::format("{}{} {}{}", whole, tenths == 0 ? "" : fmt::format(".{}", tenths), unit.name, plural ? "s" : "");
  }
  return {};
}

}  // namespace counterpart::conformance

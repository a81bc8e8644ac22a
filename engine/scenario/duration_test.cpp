#include "engine/scenario/duration.h"

#include <gtest/gtest.h>

namespace counterpart::scenario {
namespace {

TEST(Duration, IsANumberAndItsUnit) {
  const struct {
    const char* text;
    std::optional<int64_t> ms;
  } cases[] = {
      {"0ms", 0},
      {"250ms", 250},
      {"5s", 5'000},
      {"2m", 120'000},
      {"1h", 3'600'000},
      {"30d", 30 * day_ms},
      {"2592000000ms", 30 * day_ms},  // 30d, as a hook is told it
      {"1000000000d", duration_ms_max},
      {"1000000001d", std::nullopt},
      {"86400000000000000ms", duration_ms_max},
      {"86400000000000001ms", std::nullopt},
      {"9223372036854775808ms", std::nullopt},
      {"-1s", std::nullopt},
      {"1.5s", std::nullopt},
      {"1 s", std::nullopt},
      {"1w", std::nullopt},
      {"s", std::nullopt},
      {"5", std::nullopt},
      {"", std::nullopt},
  };
  for (const auto& row : cases) EXPECT_EQ(duration_ms(row.text), row.ms) << row.text;
}

}  // namespace
}  // namespace counterpart::scenario

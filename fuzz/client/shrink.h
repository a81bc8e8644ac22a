#pragma once
/// The least damage that still shows a finding, found by trying. Used by fuzzer.cpp.

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "fuzz/client/asked.h"
#include "fuzz/responses/judge.h"

namespace counterpart::fuzz::client {

/// The index of the first of these that still shows the finding.
using TryAll = std::function<std::optional<size_t>(const std::vector<Damage>& candidates)>;

struct ShrinkLimits {
  std::chrono::milliseconds timeout{0};  ///< of a run: what stalls, stalls for longer
  size_t tries_max = 120;
};

/// `tries` is how many candidates were tried up to the result.
Damage shrink(Damage found, const AskedOperation& asked, const Judge& judge, const ShrinkLimits& limits,
              const TryAll& try_all, size_t& tries);

}  // namespace counterpart::fuzz::client

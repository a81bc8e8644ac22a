#pragma once
/// The least damage that still shows a finding, found by trying. Used by fuzzer.cpp.

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "fuzz/client/asked.h"
#include "fuzz/responses/judge.h"

namespace counterpart::fuzz::client {

struct Tried {
  std::optional<size_t> shown;  ///< the index of the first candidate that still shows the finding
  size_t count = 0;             ///< candidates up to that one, or up to where trying ended
};
using TryAll = std::function<Tried(const std::vector<Damage>& candidates)>;

struct ShrinkLimits {
  std::chrono::milliseconds timeout{0};  ///< of a run: what stalls, stalls for longer
  size_t tries_max = 120;
};

/// `tries` is how many candidates were tried up to the result.
Damage shrink(Damage found, const AskedOperation& asked, const Judge& judge, const ShrinkLimits& limits,
              const TryAll& try_all, size_t& tries);

}  // namespace counterpart::fuzz::client

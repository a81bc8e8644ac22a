#pragma once
/// The faults that `fuzz client` plays, with offsets that fit the answer: a fixed list, all cuts, random ones, and what
/// is less damage of the same family. Knows what the faults mean (docs/format.md, "Faults"), not how they are done.

#include <chrono>
#include <vector>

#include "engine/state/random.h"
#include "fuzz/client/damage.h"

namespace counterpart::fuzz::client {

/// Of an answer as it is sent.
struct Sizes {
  size_t head = 0, body = 0;

  size_t all() const { return head + body; }
};

Family family_of(const Fault& fault);

/// A number of each kind, at several offsets. What stalls does so for longer than `timeout`.
std::vector<Fault> wire_faults(const Sizes& sizes, std::chrono::milliseconds timeout);
Fault random_fault(const Sizes& sizes, std::chrono::milliseconds timeout, state::Random& random);

/// The answer cut behind `at` bytes, and sent in two pieces there; `at` counts from the status line.
Fault cut_at(size_t at, const Sizes& sizes);
Fault split_at(size_t at, const Sizes& sizes);

/// What is less damage and may show the same, the least first: more of the answer comes, or it is more like itself.
/// Asked again from each that still shows it, this ends.
std::vector<Fault> less_damaged(const Fault& fault, const Sizes& sizes, std::chrono::milliseconds timeout);

}  // namespace counterpart::fuzz::client

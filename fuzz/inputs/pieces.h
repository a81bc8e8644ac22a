#pragma once
/// Bytes as a network brings them: cut anywhere. Used by targets whose parser must not care where.

#include <string_view>
#include <vector>

#include "engine/state/random.h"

namespace counterpart::fuzz {

/// `bytes` in pieces, none empty; the same for the same seed. Seed 0: each byte is a piece.
inline std::vector<std::string_view> pieces_of(std::string_view bytes, uint8_t seed) {
  constexpr size_t piece_bytes_max = 40;
  state::SeededRandom random(seed);
  std::vector<std::string_view> pieces;
  while (!bytes.empty()) {
    const size_t size = seed == 0 ? 1 : 1 + random.below(random.below(4) == 0 ? bytes.size() : piece_bytes_max);
    pieces.push_back(bytes.substr(0, size));
    bytes.remove_prefix(pieces.back().size());
  }
  return pieces;
}

}  // namespace counterpart::fuzz

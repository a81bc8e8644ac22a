#pragma once
/// How the bytes of one answer go out, when they do not simply go: made from a Reply's delay and fault, carried out
/// step by step by Session.

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace counterpart::mock {

struct Step {
  enum class Kind {
    send,   ///< the bytes up to `until`; with `chunk_bytes`, so many at a time with a pause of `time` between them
    wait,   ///< for `time`
    reset,  ///< the connection ends with an RST; the last step
    close,  ///< the connection ends after what was sent; the last step
  };
  Kind kind = Kind::send;
  size_t until = 0;        ///< send: an offset into Transmission::bytes
  size_t chunk_bytes = 0;  ///< send: 0 for all at once
  std::chrono::milliseconds time{0};
};

struct Transmission {
  std::string bytes;
  std::vector<Step> steps;
};

}  // namespace counterpart::mock

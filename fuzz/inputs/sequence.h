#pragma once
/// A byte string read as requests to a shipped contract, one after the other, so that a fuzzer that changes bytes changes
/// operations, parameters and credentials. Used by the engine target, its mutator and its seeds.
///
/// The first byte chooses the contract. Then, for each request: the operation (or one that is written out), what is odd
/// about it (bits of Oddity), the credential, and for each parameter a byte: left out, one of words(), or a text that follows.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/contract/request_builder.h"
#include "fuzz/inputs/input.h"
#include "fuzz/inputs/shipped_contracts.h"

namespace counterpart::fuzz {

enum Oddity : uint8_t {
  moves_clock = 1,     ///< a byte follows: the clock moves by so many thirds of an hour before the request
  other_method = 2,    ///< a byte follows: instead of the operation's
  extra_header = 4,    ///< two texts follow
  has_body = 8,        ///< a text follows
  target_suffix = 16,  ///< a text follows, appended to the target as it is
};

struct SequenceStep {
  http::Request request;
  int64_t clock_moves_ms = 0;
  size_t begin = 0, end = 0;  ///< where it stands in the bytes
};

class SequenceReader {
 public:
  static constexpr size_t requests_max = 24;

  explicit SequenceReader(std::string_view bytes);

  const ShippedContract& contract() const { return contract_; }
  /// The next request, or nullopt at the end.
  std::optional<SequenceStep> next();

 private:
  http::Request documented(const contract::Operation& operation);
  std::optional<contract::Json> value();

  ByteReader bytes_;
  const ShippedContract& contract_;
  size_t requests_ = 0;
};

/// What a scenario's step sends, as a sequence says it.
struct Sending {
  const contract::Operation* operation =
      nullptr;  ///< nullptr: `raw` is sent, its method and target, one header, its body
  contract::RequestParts parts;
  int64_t clock_moves_ms = 0;
  http::Request raw{};
};

/// The bytes that are read as these requests to the contract of that place in shipped_contracts(), texts cut at 255 bytes.
std::string write_sequence(size_t contract, const std::vector<Sending>& sendings);

/// Values that a parameter or a credential may have: the contract's variables and keys, and what is often read wrongly.
const std::vector<contract::Json>& words_of(const ShippedContract& contract);

}  // namespace counterpart::fuzz

#pragma once
/// What the generator draws from: words of the contract, values that programs trip over, and tricks of HTTP. Tables and a
/// few functions; generator.h puts them together.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/suite.h"
#include "conformance/tricks.h"
#include "engine/state/random.h"

namespace counterpart::fuzz::server {

struct Dictionary {
  std::vector<std::string> words;  ///< names and values of the contract, none that a destructive operation is known by
  std::vector<std::string> headers;  ///< names
};

Dictionary dictionary_of(const conformance::Suite& suite);

/// A value that no schema asks for: bounds of number types, odd texts and encodings, long ones, other types. Text of it is
/// UTF-8.
conformance::Json odd_value(const Dictionary& dictionary, state::Random& random);

/// A trick for a request with this target.
conformance::Trick odd_trick(const Dictionary& dictionary, const std::string& target, state::Random& random);

template <typename Range>
const auto& one_of(const Range& range, state::Random& random) {
  return *(std::begin(range) + static_cast<std::ptrdiff_t>(random.below(std::size(range))));
}

}  // namespace counterpart::fuzz::server

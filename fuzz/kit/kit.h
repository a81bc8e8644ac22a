#pragma once
/// The kit for others' parsers, without a fuzzer: a contract's answers as inputs, and how they change. Stands behind
/// include/counterpart/fuzz.hpp (targets.cpp) and `counterpart kit` (project.h).

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "conformance/suite.h"
#include "fuzz/responses/mutator.h"

namespace counterpart::fuzz {

/// Thread-safe.
class Kit {
 public:
  /// nullptr, with errors in `diagnostics`, when there is no valid contract in the folder.
  static std::unique_ptr<Kit> load(const std::string& folder, document::Diagnostics& diagnostics);

  const conformance::Suite& suite() const { return *suite_; }
  const Mutator& mutator() const { return mutator_; }

  /// The answer that the bytes are (message_text.h), judged.
  Variant read(std::string_view bytes) const;

  /// Changes bytes at random; returns how many there are then. nullptr: none.
  using ChangeBytes = std::function<size_t(uint8_t* bytes, size_t size, size_t size_max)>;
  /// Another input, of at most `size_max` bytes. The same bytes, seed and `change_bytes` give the same.
  std::string mutate(std::string_view bytes, size_t size_max, uint64_t seed, const ChangeBytes& change_bytes) const;
  /// An answer with parts of both.
  std::string cross_over(std::string_view a, std::string_view b, size_t size_max, uint64_t seed) const;

 private:
  explicit Kit(std::unique_ptr<conformance::Suite> suite) : suite_(std::move(suite)), mutator_(*suite_) {}

  Variant parsed(std::string_view bytes) const;

  std::unique_ptr<conformance::Suite> suite_;
  Mutator mutator_;
};

}  // namespace counterpart::fuzz

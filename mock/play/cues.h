#pragma once
/// A `play` that is ready to be carried out: its entries with their faults, and interpreters for their expressions.
/// Shared by every space that plays it; which entries still hold is each space's own (script.h).

#include <memory>
#include <unordered_map>
#include <vector>

#include "engine/interpreters.h"
#include "engine/scenario/play.h"
#include "mock/faults/fault.h"

namespace counterpart::mock {

class Cues {
 public:
  /// Errors of the faults go to `diagnostics`; then nullptr.
  static std::shared_ptr<Cues> make(std::shared_ptr<const scenario::Play> play, const contract::Contract& contract,
                                    document::Diagnostics& diagnostics);

  /// A `play` as text, YAML or JSON: a list of entries. `name` is what diagnostics call it.
  static std::shared_ptr<Cues> parse(const std::string& name, const std::string& text,
                                     const contract::Contract& contract, document::Diagnostics& diagnostics);

  const std::vector<scenario::Entry>& entries() const { return play_->entries; }
  /// The indexes of the entries for an operation, in order.
  const std::vector<size_t>& entries_for(const contract::Operation& operation) const;
  const document::Source& source() const { return *play_->source; }
  /// Of the entry of that index; nullptr where it has none.
  const std::shared_ptr<const faults::Fault>& fault(size_t entry) const { return faults_[entry]; }
  /// Thread-safe.
  engine::Interpreters& interpreters() { return interpreters_; }

 private:
  explicit Cues(std::shared_ptr<const scenario::Play> play) : play_(std::move(play)), interpreters_(play_->program) {}

  std::shared_ptr<const scenario::Play> play_;
  std::vector<std::shared_ptr<const faults::Fault>> faults_;
  std::unordered_map<const contract::Operation*, std::vector<size_t>> by_operation_;
  engine::Interpreters interpreters_;
};

}  // namespace counterpart::mock

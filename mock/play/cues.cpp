#include "mock/play/cues.h"

#include "engine/document/yaml.h"

namespace counterpart::mock {

std::shared_ptr<Cues> Cues::make(std::shared_ptr<const scenario::Play> play, const contract::Contract& contract,
                                 document::Diagnostics& diagnostics) {
  const size_t errors_before = diagnostics.errors();
  const contract::Reading reading{play->source, diagnostics};
  std::shared_ptr<Cues> cues(new Cues(std::move(play)));
  for (const scenario::Entry& entry : cues->entries()) {
    cues->faults_.push_back(entry.fault ? faults::load(*entry.fault, reading) : nullptr);
  }
  for (const contract::Operation& operation : contract.operations) {
    std::vector<size_t> entries;
    for (size_t i = 0; i < cues->entries().size(); ++i) {
      if (cues->entries()[i].is_for(operation)) entries.push_back(i);
    }
    if (!entries.empty()) cues->by_operation_.emplace(&operation, std::move(entries));
  }
  return diagnostics.errors() > errors_before ? nullptr : cues;
}

const std::vector<size_t>& Cues::entries_for(const contract::Operation& operation) const {
  static const std::vector<size_t> none;
  const auto found = by_operation_.find(&operation);
  return found == by_operation_.end() ? none : found->second;
}

std::shared_ptr<Cues> Cues::parse(const std::string& name, const std::string& text, const contract::Contract& contract,
                                  document::Diagnostics& diagnostics) {
  const auto source = std::make_shared<const document::Source>(document::Source{name, text});
  const auto root = document::parse_yaml(source, diagnostics);
  if (!root) return nullptr;
  const size_t errors_before = diagnostics.errors();
  auto play = scenario::load_play(*root, source, contract, diagnostics);
  return diagnostics.errors() > errors_before ? nullptr : make(std::move(play), contract, diagnostics);
}

}  // namespace counterpart::mock

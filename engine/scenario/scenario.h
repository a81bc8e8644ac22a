#pragma once
/// Scenarios: named stories over one contract (docs/format.md, "Scenarios"), loaded and checked against it. Played in
/// process by player.h; other players read the same model.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/contract/contract.h"
#include "engine/document/diagnostic.h"
#include "engine/expression/program.h"
#include "engine/expression/template.h"
#include "engine/scenario/play.h"

namespace counterpart::scenario {

inline constexpr const char* scenario_suffix = ".scenario.yaml";

/// An expression that must hold, as written.
struct Condition {
  expression::SnippetId expression;
  std::string text;
};

/// One call and what it is expected to get.
struct Step {
  const contract::Operation* operation = nullptr;
  std::vector<std::pair<std::string, expression::Template>> parameters;  ///< `with`; each renders JSON
  std::vector<std::string> omitted;                                      ///< `without`: `const` parameters left out
  std::optional<expression::Template> body;                              ///< renders JSON
  std::optional<expression::Template> credential;                        ///< `as`; renders text
  bool without_credential = false;                                       ///< `as: none`
  std::vector<std::string> responses;                                    ///< `expect`: any of these,
  std::vector<int> statuses;                                             ///< or any of these
  std::vector<Condition> assume;
  std::vector<Condition> assertions;
  std::vector<std::pair<std::string, expression::SnippetId>> capture;
  int64_t after_ms = 0;  ///< the clock moves so far before the call
  document::Location where;
};

struct Scenario {
  std::string name;
  std::string summary;
  std::vector<std::string> tags;
  bool parallel = false;            ///< it may be played beside others on one target: it meets nobody else's items
  std::optional<int64_t> clock_ms;  ///< `given`
  std::vector<std::pair<size_t, contract::Items>> given_items;  ///< by the collection's index in the contract
  std::vector<Step> steps;
  std::shared_ptr<const Play> play;  ///< nullptr: there is none
  expression::Program program;
  document::Location where;
};

/// Reads every *.scenario.yaml of the contract's folder, sorted by file name. Files with errors are reported and left
/// out. The contract must outlive the scenarios.
std::vector<std::unique_ptr<Scenario>> load_scenarios(const contract::Contract& contract,
                                                      document::Diagnostics& diagnostics);

/// One scenario from a file, wherever it stands, or nullptr.
std::unique_ptr<Scenario> load_scenario_file(const std::string& file, const contract::Contract& contract,
                                             document::Diagnostics& diagnostics);

/// One scenario from text, or nullptr.
std::unique_ptr<Scenario> load_scenario(const std::shared_ptr<const document::Source>& source,
                                        const contract::Contract& contract, document::Diagnostics& diagnostics);

}  // namespace counterpart::scenario

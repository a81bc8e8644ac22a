#pragma once
/// Mutants of a contract: each with one thing wrong, made systematically from its YAML. What a check that finds them all
/// is proved by.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/contract/loader.h"
#include "engine/document/node.h"

namespace counterpart::conformance {

struct Mutant {
  std::string id;  ///< stable: the path of what is changed and how, "responses.killed.status: 200 -> 201"
  document::Position at;
  /// Makes the change in a copy of the contract's document.
  std::function<void(document::Node&)> apply;
};

/// All mutants of the document of a contract: statuses, responses that rules give, literals and fields of bodies,
/// headers, media types, rules, state changes, paging, defaults, bounds, credentials.
std::vector<Mutant> mutants_of(const document::Node& contract);

}  // namespace counterpart::conformance

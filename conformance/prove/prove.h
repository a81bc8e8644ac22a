#pragma once
/// Proves that the check of a contract is sharp: plays it against the contract's own engine, where it must find nothing,
/// and against every mutant, where it must find something. In process.

#include <memory>
#include <string>
#include <vector>

#include "conformance/report.h"
#include "engine/document/diagnostic.h"

namespace counterpart::conformance {

inline constexpr const char* equivalents_file = "equivalents.yaml";

struct MutantResult {
  enum class Kind {
    killed,
    survived,
    equivalent,  ///< survived, and listed with a reason: no client can tell it from the contract
    invalid,     ///< the loader refuses it: no mutant
  };
  std::string id;
  Place where;
  Kind kind = Kind::survived;
  std::string by;  ///< killed: "check at subject: message"; equivalent: the reason; invalid: the first error
};

struct Proof {
  Report clean;                       ///< the run against the contract itself; its findings are false alarms
  std::vector<MutantResult> mutants;  ///< none where the contract itself is not clean
  std::vector<StaleKnown> stale;      ///< entries of the list of equivalents that name no survivor
  size_t exchanges = 0;

  size_t count(MutantResult::Kind kind) const;
  /// Killed of those that can be killed, in percent.
  double score() const;
  bool is_clean() const;  ///< the run against the contract itself found nothing
  bool holds() const;
};

struct ProofOptions {
  size_t generate = 100;
  uint64_t seed = 1;
  unsigned threads = 2;
};

/// nullopt, with errors in `diagnostics`, when the contract, a scenario or the list of equivalents is invalid.
std::optional<Proof> prove(const std::string& folder, const ProofOptions& options, document::Diagnostics& diagnostics);

}  // namespace counterpart::conformance

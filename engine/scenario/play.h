#pragma once
/// `play:` of a scenario: what a mock is scripted to do, before any rule (docs/format.md, "Play"). The model and its
/// loader; who carries it out is the player (mock/play/).

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/contract/contract.h"
#include "engine/document/node.h"
#include "engine/expression/program.h"
#include "engine/expression/template.h"
#include "engine/state/random.h"

namespace counterpart::scenario {

/// How long an answer waits.
struct Delay {
  enum class Kind { none, fixed, uniform, lognormal };
  Kind kind = Kind::none;
  int64_t ms = 0;      ///< fixed; the least of uniform; the median of lognormal
  int64_t ms_max = 0;  ///< the most of uniform
  double sigma = 0;    ///< of lognormal: the standard deviation of the logarithm

  static constexpr int64_t delay_ms_max = 3'600'000;  ///< no sample is longer

  int64_t sample(state::Random& random) const;
};

/// What replaces parts of the answer.
struct Override {
  std::optional<int> status;
  std::vector<std::pair<std::string, expression::Template>> headers;  ///< each renders text
  std::optional<expression::Template> body;
  std::string content_type;  ///< "": as it was
};

/// One entry. An entry without `respond` leaves the answer to the entries' and the contract's rules that follow.
struct Entry {
  const contract::Operation* operation = nullptr;  ///< nullptr: every operation, "*"
  std::optional<expression::SnippetId> when;
  std::optional<uint64_t> times;  ///< none: for ever
  double chance = 1;
  std::string respond;  ///< a response's name; "": whatever the rules say
  std::optional<Override> override_;
  Delay delay;
  std::optional<document::Node> fault;  ///< as written: the mock knows the faults
  document::Location where;

  /// Whether it is for requests of that operation: those it names, that have its response.
  bool is_for(const contract::Operation& candidate) const;
};

struct Play {
  std::vector<Entry> entries;
  expression::Program program;  ///< of their expressions
  std::shared_ptr<const document::Source> source;
};

/// Loads a list of entries. Errors go to `diagnostics`; the result is then not to be used.
std::shared_ptr<const Play> load_play(const document::Node& list, const std::shared_ptr<const document::Source>& source,
                                      const contract::Contract& contract, document::Diagnostics& diagnostics);

}  // namespace counterpart::scenario

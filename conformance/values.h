#pragma once
/// Values for parameters, read from their schemas: legal ones to generate requests of, and the ones around each bound.

#include <optional>
#include <string>
#include <vector>

#include "conformance/keyword_probes.h"
#include "conformance/suite.h"
#include "engine/state/random.h"

namespace counterpart::conformance {

/// What lies at, and one past, each bound that the parameter's schema has, and that of a list's items; a value of another
/// type; none; two. Without those that the contract reads as something else once they are sent: a list without items is
/// no parameter, a text a list of one text.
std::vector<Probe> probes_of(const contract::Parameter& parameter);
/// The ones that probes_of() is without.
std::vector<Probe> unsendable_probes_of(const contract::Parameter& parameter);

/// A value that fits the schema; `known` are values of the contract's world, of which some are drawn and the first that
/// fits is taken, most of the time.
Json legal_value(const contract::Parameter& parameter, const std::vector<Json>& known, state::Random& random);

/// Texts and numbers that items of the contract's world have: keys and indexed fields, those of a space.
std::vector<Json> known_values(const Suite& suite, const state::Space& space);

}  // namespace counterpart::conformance

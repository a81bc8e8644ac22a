#pragma once
/// All cases of a contract: its scenarios, the cases of each check, generated sequences.

#include <optional>
#include <vector>

#include "conformance/case.h"
#include "conformance/suite.h"

namespace counterpart::conformance {

struct PlanOptions {
  size_t generate = 100;  ///< sequences
  uint64_t seed = 0;
};

/// In the order of playing: what may go beside others first, what is destructive last.
std::vector<Case> plan(const Suite& suite, const PlanOptions& options);

/// Suite::base_calls and base_refusals; all else of the suite must be there.
void make_base_calls(Suite& suite);
/// Why the contract's refusal of this call, made of the base call, shows nothing: it refuses the base call alike. "": it
/// does not.
std::string doubt_of(const Suite& suite, const Call& call);
/// The parameter's value of a call, or nullptr.
Json* find_value(Call& call, std::string_view parameter);

/// Whether it only reads: no rule changes the state, and the method is safe (RFC 9110, 9.2.1).
bool is_read(const contract::Operation& operation);
/// A check's case "OPERATION/CHECK/WHAT" around one call; where the operation does more than read, looks follow that
/// show what became of the state.
Case case_of(const Suite& suite, const contract::Operation& operation, std::string_view check, std::string_view what,
             std::string summary, Call call, const document::Location& where);
/// The reading operations, called with a credential, to see what became of the state.
void add_looks(const Suite& suite, const std::optional<std::string>& credential, std::vector<Call>& calls);

/// The request a call makes.
http::Request request_of(const Suite& suite, const Call& call);
/// The same without its tricks.
http::Request plain_request_of(const Suite& suite, const Call& call);
/// The parameter that the operation's credential goes into, if it goes into one.
bool carries_credential(const Suite& suite, const contract::Operation& operation, const contract::Parameter& parameter);

}  // namespace counterpart::conformance

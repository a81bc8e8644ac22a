#pragma once
/// What a run plays: cases, each a story of the contract's folder or calls made for a check.

#include <string>
#include <string_view>
#include <vector>

#include "conformance/report.h"
#include "conformance/tricks.h"
#include "engine/contract/request_builder.h"
#include "engine/scenario/scenario.h"

namespace counterpart::conformance {

/// A body that is sent byte for byte, whatever the operation takes.
struct RawBody {
  std::string content_type;
  std::string text;
};

/// What of a request a call is about: a parameter, or a member of the body by its JSON Pointer.
struct About {
  contract::Place in = contract::Place::query;
  std::string name;
};

/// One request that a case sends.
struct Call {
  const contract::Operation* operation = nullptr;
  contract::RequestParts parts;
  std::string method;               ///< instead of the operation's; "": the operation's
  std::vector<Trick> tricks;        ///< laid over the request
  std::optional<RawBody> raw_body;  ///< instead of the parts' body
  std::optional<About> about;       ///< for coverage, and
  std::string bound;                ///< which value of it
  /// The case's own call: judged by its check. Others only lead there, or look what became of it.
  bool is_subject = true;
};

struct Case {
  std::string name;
  std::string summary;
  std::string_view check;  ///< "" for scenarios and generated sequences
  const scenario::Scenario* scenario = nullptr;
  std::vector<Call> calls;  ///< when there is no scenario
  /// Generated while it is played, from this seed, where there are no calls.
  std::optional<uint64_t> seed;
  bool destructive = false;  ///< calls an operation that removes more than it names
  bool parallel = false;
  /// Why passing would show nothing: the case is then inconclusive. "": it would.
  std::string doubt;
  Place where;
};

}  // namespace counterpart::conformance

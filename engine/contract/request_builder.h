#pragma once
/// The other direction: an operation and some values made into the request a client would send. Scenarios are played
/// with it, and generated requests are made with it.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/contract/contract.h"
#include "engine/http/message.h"

namespace counterpart::contract {

/// What to put into a request. Parameters are found by name; `const` ones need not be given.
struct RequestParts {
  std::vector<std::pair<std::string, Json>> parameters;
  std::vector<std::string> omitted;       ///< `const` parameters that are not to be sent
  std::optional<Json> body;               ///< sent as JSON, text as it is when the operation takes no JSON
  std::optional<std::string> credential;  ///< presented under the operation's first security scheme
};

/// A request of that operation, with a Host of "localhost". A path parameter that is not given is an empty segment.
http::Request build_request(const Contract& contract, const Operation& operation, const RequestParts& values);

}  // namespace counterpart::contract

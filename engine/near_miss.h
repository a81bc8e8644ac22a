#pragma once
/// The closest operation to a request that no operation answers, and what differs: what turns a 404 into help.

#include <optional>
#include <string>
#include <vector>

#include "engine/contract/contract.h"
#include "engine/http/message.h"
#include "engine/http/url.h"
#include "engine/request_values.h"

namespace counterpart::engine {

struct NearMiss {
  const contract::Operation* operation = nullptr;
  std::vector<std::string> differences;  ///< e.g. `path segment 2 is "selller", expected "seller"`
  size_t distance = 0;                   ///< 0 would be a match
};

/// Which operations come into question.
enum class Nearness {
  any,
  same_path,  ///< those that have the request's path
};

/// The nearest of the first operations_looked_at_max operations; nullopt when none is near.
std::optional<NearMiss> nearest_operation(const contract::Contract& contract, const http::Request& request,
                                          const http::Target& target, RequestValues& values,
                                          Nearness nearness = Nearness::any);
inline constexpr size_t operations_looked_at_max = 1'000;

}  // namespace counterpart::engine

#pragma once
/// Findings as files: a scenario where a scenario can say it, else the bytes.

#include <string>

#include "conformance/suite.h"
#include "conformance/target_url.h"
#include "fuzz/server/causes.h"

namespace counterpart::fuzz::server {

struct Saved {
  std::string file;
  std::string repeat;  ///< a line that shows it again
};

/// Writes `folder`/found-`number`.scenario.yaml or .http. `url`: nullptr for a target in process. Throws
/// std::runtime_error.
Saved save(const conformance::Suite& suite, const Found& found, const std::string& folder, size_t number,
           const conformance::TargetUrl* url, const std::string& target);

/// The scenario's text, or "" when no scenario says it: it must load, and the contract's own engine must pass it.
std::string scenario_of(const conformance::Suite& suite, const Found& found, const std::string& name);
/// What is sent, one request after the other.
std::string bytes_of(const conformance::Suite& suite, const Found& found, const conformance::TargetUrl* url);

}  // namespace counterpart::fuzz::server

#pragma once
/// Findings as files: a scenario where a scenario can say it, else the bytes.

#include <string>
#include <vector>

#include "conformance/suite.h"
#include "conformance/target_url.h"
#include "fuzz/server/causes.h"

namespace counterpart::fuzz::server {

struct Saved {
  std::string file;
  std::string repeat;  ///< a line that shows it again
};

/// A folder of findings. What earlier runs have left there stays.
class Folder {
 public:
  /// Makes it. Throws std::runtime_error when nothing can be written there.
  explicit Folder(std::string path);

  /// Writes found-N.scenario.yaml or found-N.http with the next free number. `url`: nullptr for a target in process.
  /// Throws std::runtime_error.
  Saved save(const conformance::Suite& suite, const Found& found, const conformance::TargetUrl* url,
             const std::string& target);

 private:
  std::string next_name();

  const std::string path_;
  size_t next_ = 1;
};

/// The scenario's text, or "" when no scenario says it: it must load, and the contract's own engine must pass it.
std::string scenario_of(const conformance::Suite& suite, const Found& found, const std::string& name);
/// What is sent, one request after the other.
std::string bytes_of(const conformance::Suite& suite, const Found& found, const conformance::TargetUrl* url);

/// What is odd in each request: "request 1 has: trick body, 24 bytes: GET /x"; none where there is one request.
std::vector<std::string> oddities_of(const Found& found);

}  // namespace counterpart::fuzz::server

#pragma once
/// Findings as files: a scenario where a scenario can say it; else the sequence, or the bytes, for `fuzz server --replay`.

#include <optional>
#include <string>
#include <vector>

#include "conformance/suite.h"
#include "fuzz/findings_folder.h"
#include "fuzz/server/causes.h"
#include "fuzz/server/fuzzer.h"

namespace counterpart::fuzz::server {

struct Saved {
  std::string file;
  std::string repeat;  ///< a line that shows it again
};

/// How the user's command line reached the target.
struct Reached {
  std::string target;
  bool insecure = false;
  bool i_am_allowed = false;
  int64_t timeout_ms = 0;  ///< 0: the target's own
};

/// Writes it with the next free name. Throws std::runtime_error.
Saved save(FindingsFolder& folder, const conformance::Suite& suite, const Found& found, const Reached& reached);

/// What was saved, but for scenarios, to be sent once more. nullopt: `problem` says why not. A file is at most 64 MiB.
std::optional<Replay> load_replay(const conformance::Suite& suite, const std::string& file, bool allow_destructive,
                                  std::string& problem);

/// The scenario's text, or "" when no scenario says it: it must load, and the contract's own engine must pass it.
std::string scenario_of(const conformance::Suite& suite, const Found& found, const std::string& name);

/// What is odd in each request: "request 1 has: trick body, 24 bytes: GET /x"; none where there is one request.
std::vector<std::string> oddities_of(const Found& found);

}  // namespace counterpart::fuzz::server

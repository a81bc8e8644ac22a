#pragma once
/// The server fuzzer's own engine: makes sequences anew or of such as have shown something new, until time, requests or the
/// target are used up. What `counterpart fuzz server` runs.

#include <cstdint>
#include <functional>
#include <string>

#include "fuzz/server/raw.h"
#include "fuzz/server/session.h"

namespace counterpart::fuzz::server {

struct FuzzOptions {
  SessionOptions session;
  uint64_t seed = 0;
  int64_t time_max_ms = 60'000;  ///< no sequence begins after this time
  size_t requests_max = 0;       ///< no sequence begins after so many; 0: no limit
  bool raw = false;
  bool fail_fast = false;        ///< ends with the first finding
  std::vector<Sequence> corpus;  ///< of earlier runs; every second turn is one of these until all were played
  /// Told of each finding as soon as it is settled, in the order of FuzzReport::found; may be empty. Says what went wrong,
  /// which ends the run, or "".
  std::function<std::string(const Found&)> on_found;
};

struct FuzzProgress {
  size_t requests = 0;
  size_t sequences = 0;
  size_t corpus = 0;
  size_t tuples = 0;
  size_t found = 0;
  int64_t milliseconds = 0;
};

struct FuzzReport {
  std::vector<Found> found;
  std::vector<Sequence> corpus;
  FuzzProgress progress;
  size_t planned = 0, unsent = 0;           ///< calls of the sequences, and those that were not sent
  size_t absences = 0;                      ///< how often the target had to be waited for
  size_t responses_met = 0;                 ///< of the contract's
  std::vector<std::string> never_accepted;  ///< operations, as Session::never_accepted
  std::string environment_error;  ///< the target was never there, or has gone for good; a finding could not be saved
};

/// What is sent once more: a sequence, or, where that is empty, bytes.
struct Replay {
  std::string name;  ///< of its file
  Sequence sequence;
  std::string bytes;
};

/// Never throws. `raw`: nullptr for a target in process. `on_progress` may be empty.
FuzzReport fuzz_server(const conformance::Suite& suite, conformance::Target& target, RawSender* raw,
                       const FuzzOptions& options, const std::function<void(const FuzzProgress&)>& on_progress);

struct Replayed {
  std::vector<std::vector<Found>> found;  ///< of each, in their order; fewer where the run ended early
  std::string environment_error;
};

/// Sends each once, and judges it as the first that was ever sent. Never throws. Bytes need `raw`.
Replayed replay(const conformance::Suite& suite, conformance::Target& target, RawSender* raw,
                const FuzzOptions& options, const std::vector<Replay>& replays);

}  // namespace counterpart::fuzz::server

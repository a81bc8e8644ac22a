#pragma once
/// What a conformance run found out: plain values that stand for themselves, without a contract or a target behind them,
/// so that every kind of report is written from them alone and reports of shards can be read back and merged.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/http/message.h"

namespace counterpart::conformance {

using Json = nlohmann::ordered_json;

/// Who says what a check demands: the document the contract was read from, or the contract's author (`undocumented`).
/// Findings that are only assumed fail a run under `--level assumed` alone.
enum class Level { documented, assumed };

/// A line of a file; line 0: unknown.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
};

/// What became of one request.
struct Reply {
  enum class Kind {
    answered,
    unreachable,  ///< no connection
    timed_out,
    broken,  ///< the connection ended early, or what came is not HTTP
  };
  Kind kind = Kind::answered;
  http::Response response;   ///< when answered
  std::string error;         ///< else one sentence; of an answer that is kept in part: how much is left out
  int64_t microseconds = 0;  ///< from the first byte sent to the last received
  int attempts = 1;          ///< more than one: it was sent again after a failure
  bool is_refused = false;   ///< unreachable, since nobody listens there
};

/// One request and what came of it.
struct Exchange {
  http::Request request;  ///< its target as the contract has it, without the target's base path
  std::string url;        ///< absolute; "" in process
  Reply reply;
  std::string operation;  ///< the one that was meant
  std::string expected;   ///< the name of the response that was expected; "" for none
  std::string got;        ///< the name of the response that came; "" for none of the operation's
  int64_t at_ms = 0;      ///< real time of sending, ms since the epoch
};

/// What tells findings apart.
struct Cause {
  std::string check;
  std::string subject;
  std::string message;
  size_t count = 1;
};

/// A check that failed. Twenty times the same cause is one finding with a count.
struct Finding {
  std::string check;  ///< the check's id, "literal-body"
  Level level = Level::documented;
  std::string subject;      ///< "operation/response", or "operation" where no response is meant
  std::string requirement;  ///< the check's sentence, with what the contract says
  std::string message;      ///< what is wrong in one line; the same for the same cause, so without values that change
  std::string case_name;    ///< the first case that showed it
  Place where;              ///< in the contract
  std::string expected;     ///< text; JSON (indented) where it is a body
  std::string actual;
  std::optional<Json> expected_body;  ///< both present: a diff of the two shows more than the texts
  std::optional<Json> actual_body;
  std::vector<Exchange> exchanges;  ///< the shortest sequence that shows it; the last one is the wrong one
  std::string curl;                 ///< repeats the last exchange in a shell
  std::string reproducer;           ///< a scenario file's text; "" where a scenario cannot say it,
  std::string no_reproducer;        ///< and why
  std::string known;                ///< the reason, when the target file lists it as known
  size_t count = 1;
  /// What it showed itself as, besides or instead of check, subject and message, where the server did one thing wherever it
  /// was asked.
  std::vector<Cause> also;
};

/// How a case ended.
enum class Outcome {
  passed,
  failed,        ///< with findings that count
  known,         ///< only with findings that the target file lists
  inconclusive,  ///< an assumption does not hold
  skipped,       ///< it could not be played: a variable is missing, the clock cannot be moved
};

/// One thing that was played: a scenario, a check of an operation, a generated sequence.
struct CaseResult {
  std::string name;  ///< "scenario/killed-session-is-gone", "killSession/credential-required/none", "generated/17"
  std::string summary;
  Outcome outcome = Outcome::passed;
  std::string reason;            ///< when skipped or inconclusive
  std::vector<size_t> findings;  ///< into Report::findings
  size_t exchanges = 0;
  size_t retries = 0;  ///< how many of the exchanges needed more than one attempt
  int64_t microseconds = 0;
  Place where;
  size_t foretold = 0;  ///< how many of the exchanges state-agrees could judge: their bodies were predicted
};

/// One documented response, and how often the target gave it.
struct ResponseCoverage {
  std::string operation;
  std::string response;
  int status = 0;
  Level level = Level::documented;
  size_t count = 0;
  std::string why_not;  ///< when 0: why it could not be had, as far as known
  Place where;
};

/// One value class of a parameter, and how often it was sent.
struct ParameterCoverage {
  std::string operation;
  std::string parameter;
  std::string in;     ///< "query", ...
  std::string bound;  ///< "minimum", "past minimum", "wrong type", "left out", ...
  size_t count = 0;
  std::string why_not{};  ///< when 0: why it could not be exercised, as far as known
};

/// A list entry of the target file that hid nothing, or not what it says.
struct StaleKnown {
  std::string check;
  std::string on;
  std::string
      problem;  ///< "no longer occurs", "its message changed: ...", "there is no check \"...\"", "not decided: ..."
  Place where;
};

struct Report {
  std::string contract;
  std::string title;
  std::string target;   ///< a URL, or "the contract's own engine"
  std::string version;  ///< of this program
  uint64_t seed = 0;
  int64_t started_ms = 0;  ///< real time, ms since the epoch
  int64_t microseconds = 0;
  Level level = Level::documented;  ///< findings below it do not fail the run
  std::vector<CaseResult> cases;
  std::vector<Finding> findings;
  std::vector<ResponseCoverage> responses;
  std::vector<ParameterCoverage> parameters;
  std::vector<StaleKnown> stale;
  size_t shard = 1, shards = 1;    ///< which part of the run this is
  std::vector<StaleKnown> unseen;  ///< of a part: known failures that did not occur in it; stale if in no part
  /// Known failures that did not occur in a whole run, but might have: `problem` says what was not played.
  std::vector<StaleKnown> undecided;
  std::vector<Exchange> exchanges;  ///< for HAR; the first exchanges_max
  size_t exchanges_left_out = 0;
  std::string environment_error;  ///< the target could not be reached, or a hook failed: the run is void

  static constexpr size_t exchanges_max = 10'000;
  static constexpr size_t body_bytes_max = 256 * 1024;  ///< what is kept of one answer's body

  /// Whether the finding makes the run fail.
  bool counts(const Finding& finding) const {
    return finding.known.empty() && (finding.level == Level::documented || level == Level::assumed);
  }
  size_t failures() const;
  /// Documented responses that were had at least once, in percent; 100 when there are none.
  double coverage_percent() const;
};

/// As reports keep it: of a body longer than Report::body_bytes_max the beginning, and Reply::error says so.
Exchange in_part(Exchange exchange);

std::string_view name_of(Outcome outcome);
std::string_view name_of(Level level);

}  // namespace counterpart::conformance

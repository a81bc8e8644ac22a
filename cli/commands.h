#pragma once
/// The subcommands of the program, one file each, and what they share.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace counterpart::cli {

/// Exit codes of every subcommand (docs/architecture.md, "Errors").
enum ExitCode { exit_ok = 0, exit_findings = 1, exit_usage = 2, exit_environment = 3, exit_interrupted = 130 };

/// Says it on stderr, and returns the code.
int complain(const std::string& message, int exit_code);

/// What `mock` and `exec` serve, and how.
struct MockOptions {
  std::vector<std::string> folders;
  std::string host = "127.0.0.1";
  uint16_t port = 4010;
  uint64_t seed = 0;
  bool cors = false;
  bool port_per_contract = false;
  bool json = false;
  bool quiet = false;
  bool watch = false;
  std::vector<std::string> scenarios;
  bool strict = false;
  size_t journal_entries_max = 1'000;
  size_t journal_bytes_max = 32u << 20;
  size_t spaces_max = 10'000;
  int64_t space_idle_s = 60;
  std::string admin_token, admin_token_file;  ///< at most one of them
  std::optional<uint16_t> admin_port;
  bool tls = false;
  std::string certificate, key, client_ca;  ///< paths
  int64_t stop_time_ms = 5'000;             ///< how long a stop waits for answers that are on their way
};

/// Serves until SIGINT or SIGTERM.
int run_mock(const MockOptions& options);

struct ExecOptions {
  MockOptions mock;
  std::vector<std::string> command;
  std::vector<std::string> fail_on{"violation"};  ///< of "unmatched", "undocumented", "violation"
  bool isolate = false;
};

/// Serves while a command runs.
int run_exec(const ExecOptions& options);

struct LintOptions {
  std::vector<std::string> folders;
};

int run_lint(const LintOptions& options);

struct CheckOptions {
  std::string folder;
  std::string target;  ///< a URL, a *.target.yaml, or "engine"
  bool assumed = false;
  size_t generate = 100;
  uint64_t seed = 0;
  int64_t time_max_ms = 0;
  double coverage_min = 0;  ///< percent
  std::vector<std::string> reports;
  std::string reproducers;             ///< a folder to write the findings' scenarios to; "": none
  std::vector<std::string> filters;    ///< globs over the cases' names; none: all
  std::vector<std::string> scenarios;  ///< names and files of those to be played alone; none: all
  size_t shard = 1, shards = 1;
  bool fail_fast = false;
  bool list = false;
  bool update_known = false;
  bool insecure = false;
  bool quiet = false;
  std::optional<int> retries, concurrency;
};

/// Checks a target against a contract.
int run_check(const CheckOptions& options);

struct MergeOptions {
  std::vector<std::string> files;
  double coverage_min = 0;  ///< percent
  std::vector<std::string> reports;
};

/// Merges JSON reports of shards.
int run_merge_reports(const MergeOptions& options);

struct ProveOptions {
  std::string folder;
  size_t generate = 100;
  uint64_t seed = 1;
  bool list = false;  ///< every mutant, not the survivors alone
};

/// Checks the check: every mutant of the contract must be found.
int run_prove(const ProveOptions& options);

struct FuzzServerOptions {
  std::string folder;
  std::string target;  ///< a URL, a *.target.yaml, or "engine"
  bool assumed = false;
  uint64_t seed = 0;
  int64_t time_max_ms = 60'000;
  size_t requests_max = 0;  ///< 0: no limit
  int64_t timeout_ms = 0;   ///< for one exchange; 0: the target's
  bool raw = false;
  bool fail_fast = false;
  bool allow_destructive = false;
  bool allowed = false;  ///< --i-am-allowed: the target may be another machine
  bool insecure = false;
  std::string out;                   ///< "": ./counterpart-findings
  std::vector<std::string> replays;  ///< files of findings, which are then all that is sent
  bool quiet = false;
};

/// Sends generated sequences of requests to a server, and judges every answer.
int run_fuzz_server(const FuzzServerOptions& options);

struct FuzzClientOptions {
  std::string folder;
  std::vector<std::string> command;
  uint64_t seed = 0;
  size_t runs_max = 1000;
  int64_t time_max_ms = 0;  ///< 0: no limit
  int64_t timeout_ms = 10'000;
  size_t jobs = 0;                          ///< 0: as many as there are cores
  std::vector<int> expect_exit;             ///< none: any
  std::vector<std::string> fail_on_output;  ///< RE2
  bool cut_everywhere = false;
  std::string out;  ///< "": ./counterpart-findings
  bool json = false;
  bool quiet = false;
};

/// Runs a command against the mock again and again, with damaged answers.
int run_fuzz_client(const FuzzClientOptions& options);

struct KitOptions {
  std::string folder;
  std::string out;
  uint64_t seed = 1;
  size_t of_each_class = 2;  ///< changed answers of each class for each documented one
  bool force = false;
};

/// Writes a project that fuzzes a parser of the contract's answers.
int run_kit(const KitOptions& options);

/// Whether output to this descriptor is coloured: a terminal, and NO_COLOR (no-color.org) is not set.
bool wants_colour(int descriptor);

/// The whole program; main() calls it.
int run(int argc, char** argv);

}  // namespace counterpart::cli

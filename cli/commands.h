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
  std::string admin_token;
  std::optional<uint16_t> admin_port;
  bool tls = false;
  std::string certificate, key, client_ca;  ///< paths
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
  std::vector<std::string> filters;  ///< globs over the cases' names; none: all
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

/// Whether output to this descriptor is coloured: a terminal, and NO_COLOR (no-color.org) is not set.
bool wants_colour(int descriptor);

/// The whole program; main() calls it.
int run(int argc, char** argv);

}  // namespace counterpart::cli

#pragma once
/// The subcommands of the program, one file each, and what they share.

#include <cstdint>
#include <string>
#include <vector>

namespace counterpart::cli {

/// Exit codes of every subcommand (docs/architecture.md, "Errors").
enum ExitCode { exit_ok = 0, exit_findings = 1, exit_usage = 2, exit_environment = 3 };

struct MockOptions {
  std::vector<std::string> folders;
  std::string host = "127.0.0.1";
  uint16_t port = 4010;
  uint64_t seed = 0;
  bool cors = false;
  bool port_per_contract = false;
  bool json = false;
  bool quiet = false;
};

/// Serves until SIGINT or SIGTERM.
int run_mock(const MockOptions& options);

struct LintOptions {
  std::vector<std::string> folders;
};

int run_lint(const LintOptions& options);

/// Whether output to this descriptor is coloured: a terminal, and NO_COLOR (no-color.org) is not set.
bool wants_colour(int descriptor);

/// The whole program; main() calls it.
int run(int argc, char** argv);

}  // namespace counterpart::cli

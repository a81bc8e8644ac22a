#pragma once
/// A shell command with bounds. Used by hooks.cpp.

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace counterpart::conformance {

struct CommandResult {
  std::string output;  ///< stdout and stderr as they came; the first output_bytes_max
  int exit_code = -1;
  int signal = 0;          ///< that ended it, when not 0
  bool timed_out = false;  ///< and its process group was killed
  std::string error;       ///< it could not be started

  bool good() const { return exit_code == 0; }
};

inline constexpr size_t output_bytes_max = 64 * 1024;

/// Runs `/bin/sh -c command` with these variables added to the environment, in a process group of its own and with
/// nothing to read. Ends with the shell: what the command leaves in the background lives on, and its output is not read.
CommandResult run_command(const std::string& command, const std::vector<std::pair<std::string, std::string>>& variables,
                          std::chrono::milliseconds timeout);

}  // namespace counterpart::conformance

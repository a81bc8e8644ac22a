#pragma once
/// Other programs as child processes, for the tests of this folder: clients that are run under `counterpart exec`, and
/// files for what a child writes.

#include <string>
#include <vector>

namespace counterpart::tests {

/// A descriptor of a fresh file that no folder has, closed in children. The caller closes it.
int nameless_file();
/// All that is in such a file.
std::string contents(int file);

/// What a program left behind.
struct Ended {
  int exit_code = 0;  ///< or minus the signal that killed it
  std::string out, err;
};

/// Runs a program, found as the shell finds it, in the repository's root until it ends; stdin is empty.
Ended run_program(const std::vector<std::string>& command);
/// Whether such a program is there and answers that option with 0.
bool is_installed(const std::string& program, const std::string& option = "--version");

}  // namespace counterpart::tests

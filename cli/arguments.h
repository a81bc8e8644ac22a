#pragma once
/// The command line: each subcommand's options are declared in *_arguments.cpp, which fill the structs of commands.h and
/// run the command.

#include <CLI/CLI.hpp>
#include <charconv>
#include <string>
#include <vector>

#include "cli/commands.h"

namespace counterpart::cli {

/// What the subcommands share of one call of the program. Must outlive the parsing.
struct Invocation {
  std::vector<std::string> command;  ///< what is behind the first --
  uint64_t fresh_seed = 0;           ///< for who is given none
  int exit_code = exit_ok;
};

/// Each adds its subcommand; when that is the one that is asked for, it is run, and its exit code is the invocation's.
void add_mock(CLI::App& app, Invocation& invocation);
void add_exec(CLI::App& app, Invocation& invocation);
void add_lint(CLI::App& app, Invocation& invocation);
void add_check(CLI::App& app, Invocation& invocation);
void add_merge_reports(CLI::App& app, Invocation& invocation);
void add_prove(CLI::App& app, Invocation& invocation);
void add_fuzz(CLI::App& app, Invocation& invocation);
void add_kit(CLI::App& app, Invocation& invocation);

/// A validator that says what was expected and what was found.
CLI::Validator checked(const std::string& shown, const std::string& expected, bool (*good)(const std::string&));

template <typename Number>
bool is_number(const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

/// `--seed`, with `what` as its help.
void add_seed(CLI::App* command, uint64_t& seed, const std::string& what);
/// Says in the usage that a command follows behind "--".
void add_command_behind(CLI::App* command);
/// A time with its unit ("60s", "250ms") into milliseconds.
CLI::Option* add_duration(CLI::App* command, const std::string& name, int64_t& ms, const std::string& what);

/// The exit code of what wrote to stdout: a report that nobody got is no success.
int written(int exit_code);

}  // namespace counterpart::cli

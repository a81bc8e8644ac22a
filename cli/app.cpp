#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <random>
#include <system_error>

#include "cli/arguments.h"
#include "engine/document/diagnostic.h"

namespace counterpart::cli {

namespace {

constexpr const char* examples = R"(Examples:
  counterpart mock scenarios/keyauth-seller                     serve one contract on 127.0.0.1:4010
  counterpart mock scenarios/* --port 0 --format json           a free port, told as JSON on stdout
  curl 'http://127.0.0.1:4010/api/seller?sellerkey=sellerkeyhere&type=fetchallsessions'
  curl -H 'Prefer: code=404' 'http://127.0.0.1:4010/api/seller?type=kill'
  counterpart exec scenarios/keyauth-seller -- npm test         a mock for as long as a command runs
  counterpart lint scenarios/*                                  every diagnostic, and what each contract covers

Exit codes: 0 all well, 1 findings, 2 wrong usage or invalid contract, 3 environment (a taken port).)";

uint64_t fresh_seed() {
  std::random_device device;
  return device();  // 32 bits: short enough to be typed again
}

/// CLI11 would take a command's own options for ours: what is behind the first -- is not for it. How many of the words
/// are.
int take_command(int argc, char** argv, std::vector<std::string>& command) {
  const std::string_view first = argc > 1 ? argv[1] : "", second = argc > 2 ? argv[2] : "";
  if (first != "exec" && !(first == "fuzz" && second == "client")) return argc;
  const auto own = static_cast<int>(std::find(argv, argv + argc, std::string_view("--")) - argv);
  if (own < argc) command.assign(argv + own + 1, argv + argc);
  return own;
}

/// The subcommand that was named last.
const CLI::App& innermost(const CLI::App& app) {
  const CLI::App* found = &app;
  while (!found->get_subcommands().empty()) found = found->get_subcommands().front();
  return *found;
}

/// "counterpart fuzz server".
std::string full_name(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : full_name(*parent) + " " + command.get_name();
}

/// The first word that looks like an option and is none of the command's, as a sentence; "" when there is none.
std::string unknown_option(const CLI::App& command, int argc, char** argv) {
  std::vector<std::string> known;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  }
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--") break;
    const std::string name = word.substr(0, word.find('='));
    const size_t dashes = std::min(name.find_first_not_of('-'), name.size());
    const bool is_option = dashes > 0 && dashes < name.size() && (name[dashes] < '0' || name[dashes] > '9');
    if (!is_option || command.get_option_no_throw(name) != nullptr) continue;
    const std::string meant = document::nearest("--" + name.substr(dashes), known);
    return fmt::format("unknown option {}{}", name, meant.empty() ? "" : fmt::format(": did you mean \"{}\"?", meant));
  }
  return "";
}

/// What is wrong where a subcommand is missing.
std::string missing_subcommand(const CLI::App& command, int argc, char** argv) {
  std::vector<std::string> names;
  for (const CLI::App* subcommand : command.get_subcommands({})) names.push_back(subcommand->get_name());
  int at = 1;
  for (const CLI::App* parent = command.get_parent(); parent != nullptr; parent = parent->get_parent()) ++at;
  if (argc <= at) return fmt::format("a subcommand is required: {}", fmt::join(names, " or "));
  return fmt::format("unknown subcommand \"{}\": {}", argv[at], document::suggestion(argv[at], names));
}

/// CLI11's error in this program's words.
std::string explain(const CLI::App& command, const CLI::ParseError& error, int argc, char** argv) {
  if (const std::string unknown = unknown_option(command, argc, argv); !unknown.empty()) return unknown;
  if (!command.get_subcommands({}).empty()) return missing_subcommand(command, argc, argv);
  const std::string text = error.what();
  constexpr std::string_view not_expected = "The following argument was not expected: ";
  return text.starts_with(not_expected) ? "unexpected argument " + text.substr(not_expected.size()) : text;
}

}  // namespace

bool wants_colour(int descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  return ::isatty(descriptor) != 0 && (no_colour == nullptr || no_colour[0] == '\0');
}

int run(int argc, char** argv) {
  CLI::App app("Whichever side of an HTTP API you have, Counterpart plays the other one.", "counterpart");
  app.set_version_flag("--version", "counterpart " COUNTERPART_VERSION);
  app.footer(examples);
  app.require_subcommand(1);
  Invocation invocation;
  invocation.fresh_seed = fresh_seed();
  argc = take_command(argc, argv, invocation.command);
  for (const auto add : {add_mock, add_exec, add_lint, add_check, add_merge_reports, add_prove, add_fuzz, add_kit}) {
    add(app, invocation);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --help, --version
      const int code = app.exit(error);
      std::cout.flush();
      return written(std::cout ? code : exit_environment);
    }
    const CLI::App& command = innermost(app);
    const std::string said = explain(command, error, argc, argv);
    std::fprintf(stderr, "counterpart: %s\nTry: %s --help\n", said.c_str(), full_name(command).c_str());
    return exit_usage;
  } catch (const std::system_error& error) {  // fmt's, of a write that failed
    if (std::ferror(stdout) != 0) return written(exit_environment);
    std::fprintf(stderr, "counterpart: %s\n", error.what());
    return exit_environment;
  }
  return invocation.exit_code;
}

}  // namespace counterpart::cli

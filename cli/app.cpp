#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <random>
#include <system_error>

#include "cli/commands.h"
#include "engine/document/diagnostic.h"

namespace counterpart::cli {

namespace {

constexpr const char* examples = R"(Examples:
  counterpart mock scenarios/keyauth-seller                     serve one contract on 127.0.0.1:4010
  counterpart mock scenarios/* --port 0 --format json           a free port, told as JSON on stdout
  curl 'http://127.0.0.1:4010/api/seller?sellerkey=sellerkeyhere&type=fetchallsessions'
  curl -H 'Prefer: code=404' 'http://127.0.0.1:4010/api/seller?type=kill'
  counterpart lint scenarios/*                                  every diagnostic, and what each contract covers

Exit codes: 0 all well, 1 findings, 2 wrong usage or invalid contract, 3 environment (a taken port).)";

constexpr const char* lint_examples = R"(Examples:
  counterpart lint scenarios/keyauth-seller     every diagnostic, what the contract covers, what is undocumented
  counterpart lint scenarios/*                  the same of several, and whether one port can serve them all

Exit codes: 0 all well, 2 wrong usage or invalid contract, 3 environment (stdout cannot be written).)";

uint64_t fresh_seed() {
  std::random_device device;
  return device();  // 32 bits: short enough to be typed again
}

template <typename Number>
bool is_number(const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

/// A validator that says what was expected and what was found.
CLI::Validator checked(const std::string& shown, const std::string& expected, bool (*good)(const std::string&)) {
  return {
      [=](const std::string& text) { return good(text) ? "" : "expected " + expected + ", found \"" + text + "\""; },
      shown};
}

/// The exit code of what wrote to stdout: a report that nobody got is no success.
int written(int exit_code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_code;
  std::fprintf(stderr, "counterpart: stdout cannot be written: %s\n", std::strerror(errno));
  return exit_environment;
}

void add_mock(CLI::App& app, MockOptions& options, int& exit_code) {
  CLI::App* command = app.add_subcommand("mock", "Play the server of one or more contracts");
  command->add_option("FOLDER", options.folders, "Folders with a contract.yaml each")->required();
  command->add_option("--host", options.host, "Address to listen on")
      ->capture_default_str()
      ->check(checked("", "an address or a name", [](const std::string& text) { return !text.empty(); }));
  command->add_option("--port", options.port, "Port to listen on; 0 for a free one")
      ->capture_default_str()
      ->check(checked("", "a number from 0 to 65535", is_number<uint16_t>));
  command->add_option("--seed", options.seed, "Makes random values repeatable; printed at start (default: a fresh one)")
      ->check(checked("", "a number from 0 to 18446744073709551615", is_number<uint64_t>));
  command->add_flag("--cors", options.cors, "Let browsers of every origin call it");
  command->add_flag("--port-per-contract", options.port_per_contract, "A port for each contract: PORT, PORT+1, ...");
  command
      ->add_option_function<std::string>(
          "--format", [&options](const std::string& format) { options.json = format == "json"; },
          "What stdout gets: text or json (default: text)")
      ->check(checked("{text,json}", "text or json",
                      [](const std::string& text) { return text == "text" || text == "json"; }));
  command->add_flag("--quiet", options.quiet, "No line for each request");
  command->callback([&] { exit_code = run_mock(options); });
}

void add_lint(CLI::App& app, LintOptions& options, int& exit_code) {
  CLI::App* command = app.add_subcommand("lint", "Check contracts and their scenarios, and show what they cover");
  command->add_option("FOLDER", options.folders, "Folders with a contract.yaml each")->required();
  command->footer(lint_examples);
  command->callback([&] {
    try {
      exit_code = written(run_lint(options));
    } catch (const std::system_error& error) {  // fmt's, of a write that failed
      exit_code = written(exit_environment);
      if (std::ferror(stdout) == 0) std::fprintf(stderr, "counterpart: %s\n", error.what());
    }
  });
}

/// CLI11's error in this program's words.
std::string explain(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  std::vector<std::string> names;
  for (const CLI::App* subcommand : app.get_subcommands({})) names.push_back(subcommand->get_name());
  if (app.get_subcommands().empty()) {
    if (argc < 2) return fmt::format("a subcommand is required: {}", fmt::join(names, " or "));
    const std::string first = argv[1];
    if (first.starts_with('-')) return "unknown option " + first;
    return fmt::format("unknown subcommand \"{}\": {}", first, document::suggestion(first, names));
  }
  const std::string text = error.what();
  constexpr std::string_view not_expected = "The following argument was not expected: ";
  return text.starts_with(not_expected) ? "unknown option " + text.substr(not_expected.size()) : text;
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
  int exit_code = exit_ok;
  MockOptions mock;
  mock.seed = fresh_seed();
  LintOptions lint;
  add_mock(app, mock, exit_code);
  add_lint(app, lint, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --help, --version
      const int code = app.exit(error);
      std::cout.flush();
      return written(std::cout ? code : exit_environment);
    }
    const std::string said = explain(app, error, argc, argv);
    std::string command = "counterpart";
    for (const CLI::App* subcommand : app.get_subcommands()) command += " " + subcommand->get_name();
    std::fprintf(stderr, "counterpart: %s\nTry: %s --help\n", said.c_str(), command.c_str());
    return exit_usage;
  }
  return exit_code;
}

}  // namespace counterpart::cli

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
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
  counterpart exec scenarios/keyauth-seller -- npm test         a mock for as long as a command runs
  counterpart lint scenarios/*                                  every diagnostic, and what each contract covers

Exit codes: 0 all well, 1 findings, 2 wrong usage or invalid contract, 3 environment (a taken port).)";

/// More than there are formats, so that one can be written to several files.
constexpr int reports_max = 64;

constexpr const char* check_examples = R"(Examples:
  counterpart check scenarios/keyauth-seller --target http://127.0.0.1:4010
  counterpart check scenarios/keyauth-seller --target staging.target.yaml --report junit=report.xml html=report.html
  counterpart check scenarios/keyauth-seller --list          every check and case; nothing is sent

Exit codes: 0 all well, 1 findings, 2 wrong usage or invalid contract, 3 the target cannot be reached, 130 interrupted.)";

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

/// "2/5" into the options; whether it is one.
bool parse_shard(const std::string& text, CheckOptions& options) {
  const size_t slash = text.find('/');
  if (slash == std::string::npos || !is_number<uint16_t>(text.substr(0, slash)) ||
      !is_number<uint16_t>(text.substr(slash + 1))) {
    return false;
  }
  options.shard = static_cast<size_t>(std::atoi(text.c_str()));
  options.shards = static_cast<size_t>(std::atoi(text.c_str() + slash + 1));
  return options.shard >= 1 && options.shard <= options.shards;
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

/// What is served, and how: the options of both `mock` and `exec`.
void add_serving(CLI::App* command, MockOptions& options) {
  command->add_option("--host", options.host, "Address to listen on")
      ->capture_default_str()
      ->check(checked("", "an address or a name", [](const std::string& text) { return !text.empty(); }));
  command->add_option("--seed", options.seed, "Makes random values repeatable; printed at start (default: a fresh one)")
      ->check(checked("", "a number from 0 to 18446744073709551615", is_number<uint64_t>));
  command->add_flag("--cors", options.cors, "Let browsers of every origin call it");
  command->add_flag("--port-per-contract", options.port_per_contract, "A port for each contract");
  CLI::Option* scenario = command
                              ->add_option("--scenario", options.scenarios,
                                           "Begin as this scenario gives, and play its `play` (repeatable)")
                              ->expected(1)
                              ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_flag("--strict", options.strict, "The scenarios' steps are what the client must send, in order")
      ->needs(scenario);
  command->add_option("--journal-entries", options.journal_entries_max, "Exchanges that each space remembers; 0: none")
      ->capture_default_str()
      ->check(checked("", "a number", is_number<uint32_t>));
  command->add_option("--journal-bytes", options.journal_bytes_max, "Bytes that all journals may hold together")
      ->capture_default_str()
      ->check(checked("", "a number of bytes", is_number<uint64_t>));
  command->add_option("--spaces", options.spaces_max, "How many spaces there may be")
      ->capture_default_str()
      ->check(checked("", "a number", is_number<uint32_t>));
  command->add_option("--space-idle", options.space_idle_s, "Seconds after which an unused space may make place")
      ->capture_default_str()
      ->check(checked("", "a number of seconds", is_number<uint32_t>));
  command->add_option("--admin-token", options.admin_token, "What the admin API's callers must know (Bearer)");
  command->add_flag("--tls", options.tls, "Serve HTTPS, with a certificate made for this run");
  CLI::Option* certificate = command->add_option("--cert", options.certificate, "Serve HTTPS with this one (PEM)");
  command->add_option("--key", options.key, "Its key (PEM; default: in the same file)")->needs(certificate);
  command->add_option("--client-ca", options.client_ca,
                      "Demand certificates of clients that one of these signed (PEM)");
}

void add_mock(CLI::App& app, MockOptions& options, int& exit_code) {
  CLI::App* command = app.add_subcommand("mock", "Play the server of one or more contracts");
  command->add_option("FOLDER", options.folders, "Folders with a contract.yaml each")->required();
  command->add_option("--port", options.port, "Port to listen on (with --port-per-contract the first); 0: a free one")
      ->capture_default_str()
      ->check(checked("", "a number from 0 to 65535", is_number<uint16_t>));
  add_serving(command, options);
  command->add_option("--admin-port", options.admin_port, "Serve the admin API here, on 127.0.0.1; 0: a free one")
      ->check(checked("", "a number from 0 to 65535", is_number<uint16_t>));
  command->add_flag("--watch", options.watch, "Reload when files of the folders change");
  command
      ->add_option_function<std::string>(
          "--format", [&options](const std::string& format) { options.json = format == "json"; },
          "What stdout gets: text or json (default: text)")
      ->check(checked("{text,json}", "text or json",
                      [](const std::string& text) { return text == "text" || text == "json"; }));
  command->add_flag("--quiet", options.quiet, "No line for each request");
  command->callback([&] { exit_code = run_mock(options); });
}

void add_exec(CLI::App& app, ExecOptions& options, int& exit_code) {
  CLI::App* command = app.add_subcommand("exec", "Serve on a free port while a command runs, then sum up");
  command->footer(
      "Usage: counterpart exec FOLDER... [OPTIONS] -- COMMAND...\n\nThe command finds the mock at $COUNTERPART_URL, "
      "and each contract at $<NAME>_URL.\n\n"
      "Example:\n  counterpart exec scenarios/keyauth-seller --fail-on unmatched -- npm test\n\n"
      "Exit code: the command's own; 1 when it is 0 but the client did what --fail-on names, or failed a strict "
      "scenario.");
  command->add_option("FOLDER", options.mock.folders, "Folders with a contract.yaml each")->required();
  add_serving(command, options.mock);
  command->add_option("--fail-on", options.fail_on, "unmatched, undocumented, violation (comma-separated)")
      ->delimiter(',')
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->check(checked("", "unmatched, undocumented or violation", [](const std::string& text) {
        return text == "unmatched" || text == "undocumented" || text == "violation";
      }));
  command->add_flag("--isolate", options.isolate, "Let the command use a space of its own");
  command->callback([&] {
    if (options.command.empty()) {
      exit_code = complain("exec: there is no command; put it behind --", exit_usage);
      return;
    }
    options.mock.port = 0;
    exit_code = run_exec(options);
  });
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

void add_check(CLI::App& app, CheckOptions& options, int& exit_code) {
  CLI::App* command = app.add_subcommand("check", "Play the client of a real server, and judge its answers");
  command->footer(check_examples);
  command->add_option("FOLDER", options.folder, "A folder with a contract.yaml")->required();
  command->add_option("--target", options.target, "A URL, a *.target.yaml, or \"engine\": the contract itself");
  command
      ->add_option_function<std::string>(
          "--level", [&options](const std::string& level) { options.assumed = level == "assumed"; },
          "Findings that fail the run: documented, or assumed as well (default: documented)")
      ->check(checked("{documented,assumed}", "documented or assumed",
                      [](const std::string& text) { return text == "documented" || text == "assumed"; }));
  command->add_option("--generate", options.generate, "How many sequences of requests to generate; 0: none")
      ->capture_default_str()
      ->check(checked("", "a number", is_number<uint32_t>));
  command->add_option("--seed", options.seed, "Makes generated requests repeatable; printed (default: a fresh one)")
      ->check(checked("", "a number from 0 to 18446744073709551615", is_number<uint64_t>));
  command->add_option("--max-time", options.time_max_ms, "Milliseconds that an answer may take")
      ->check(checked("MS", "a number of milliseconds", is_number<uint32_t>));
  command->add_option("--min-coverage", options.coverage_min, "Percent of the documented responses that must be met")
      ->check(CLI::Range(0.0, 100.0));
  command->add_option("--report", options.reports, "junit=FILE, json=FILE, html=FILE, har=FILE, sarif=FILE, github")
      ->expected(1, reports_max)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--filter", options.filters, "Play only cases whose names fit this glob (repeatable)")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command
      ->add_option_function<std::string>(
          "--shard", [&options](const std::string& text) { parse_shard(text, options); }, "Play part I of N: 2/5")
      ->check(checked("I/N", "I/N with I from 1 to N", [](const std::string& text) {
        CheckOptions unused;
        return parse_shard(text, unused);
      }));
  command->add_flag("--fail-fast", options.fail_fast, "End with the first case that fails");
  command->add_flag("--list", options.list, "Print every check and case, and send nothing");
  command->add_flag("--update-known", options.update_known, "List what fails in the target file as known");
  command->add_flag("--insecure", options.insecure, "Do not verify the target's certificate");
  command->add_option("--retries", options.retries, "Repeat requests that got no answer, where that is safe")
      ->check(CLI::Range(0, 100));
  command->add_option("--concurrency", options.concurrency, "How many parallel scenarios at once")
      ->check(CLI::Range(1, 256));
  command->add_flag("--quiet", options.quiet, "No line for each case");
  command->callback([&] { exit_code = written(run_check(options)); });
}

void add_merge_reports(CLI::App& app, MergeOptions& options, int& exit_code) {
  CLI::App* command = app.add_subcommand("merge-reports", "Make one report of the JSON reports of shards");
  command->add_option("FILE", options.files, "Reports that `check --report json=FILE` wrote")->required();
  command->add_option("--report", options.reports, "junit=FILE, json=FILE, html=FILE, har=FILE, sarif=FILE, github")
      ->expected(1, reports_max)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->callback([&] { exit_code = written(run_merge_reports(options)); });
}

void add_prove(CLI::App& app, ProveOptions& options, int& exit_code) {
  CLI::App* command = app.add_subcommand("prove", "Check the check: every mutant of the contract must be found");
  command->add_option("FOLDER", options.folder, "A folder with a contract.yaml")->required();
  command->add_option("--generate", options.generate, "How many sequences of requests to generate for each mutant")
      ->capture_default_str()
      ->check(checked("", "a number", is_number<uint32_t>));
  command->add_option("--seed", options.seed, "Of the generated requests")
      ->capture_default_str()
      ->check(checked("", "a number from 0 to 18446744073709551615", is_number<uint64_t>));
  command->add_flag("--list", options.list, "Print every mutant and what became of it");
  command->callback([&] { exit_code = written(run_prove(options)); });
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
  CheckOptions check;
  check.seed = mock.seed;
  MergeOptions merge;
  ProveOptions prove;
  ExecOptions exec;
  exec.mock.seed = mock.seed;
  // CLI11 would take the command's own options for ours: what is behind the first -- is not for it.
  const int own = static_cast<int>(std::find(argv, argv + argc, std::string_view("--")) - argv);
  if (argc > 1 && std::string_view(argv[1]) == "exec" && own < argc) {
    exec.command.assign(argv + own + 1, argv + argc);
    argc = own;
  }
  add_mock(app, mock, exit_code);
  add_exec(app, exec, exit_code);
  add_lint(app, lint, exit_code);
  add_check(app, check, exit_code);
  add_merge_reports(app, merge, exit_code);
  add_prove(app, prove, exit_code);
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

// `lint`, `check`, `merge-reports` and `prove`.
#include <cstdlib>
#include <memory>

#include "cli/arguments.h"
#include "engine/scenario/duration.h"

namespace counterpart::cli {

namespace {

/// More than there are formats, so that one can be written to several files.
constexpr int reports_max = 64;

constexpr const char* check_examples = R"(Examples:
  counterpart check scenarios/keyauth-seller --target http://127.0.0.1:4010
  counterpart check scenarios/keyauth-seller --target staging.target.yaml --report junit=report.xml html=report.html
  counterpart check scenarios/keyauth-seller --target $URL --scenario found/found-1.scenario.yaml    that one alone
  counterpart check scenarios/keyauth-seller --list          every check and case; nothing is sent

Exit codes: 0 all well, 1 findings, 2 wrong usage or invalid contract, 3 the target cannot be reached, 130 interrupted.)";

constexpr const char* merge_examples = R"(Examples:
  counterpart check scenarios/keyauth-seller --target $URL --shard 1/2 --report json=1.json    and 2/2 elsewhere
  counterpart merge-reports 1.json 2.json --report junit=report.xml html=report.html

Exit codes: 0 all well, 1 findings, or a shard is missing, 2 wrong usage or no such report, 3 a report cannot be written.)";

constexpr const char* prove_examples = R"(Examples:
  counterpart prove scenarios/keyauth-seller            how many mutants of the contract a check finds, and which live
  counterpart prove scenarios/keyauth-seller --list     each mutant, and what found it

Exit codes: 0 every mutant was found, 1 one was not, 2 wrong usage or invalid contract.)";

constexpr const char* lint_examples = R"(Examples:
  counterpart lint scenarios/keyauth-seller     every diagnostic, what the contract covers, what is undocumented
  counterpart lint scenarios/*                  the same of several, and whether one port can serve them all

Exit codes: 0 all well, 2 wrong usage or invalid contract, 3 environment (stdout cannot be written).)";

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

/// "500ms" or "30s", and "500" as milliseconds; nullopt for anything else, and for no time at all.
std::optional<int64_t> limit_ms(const std::string& text) {
  const auto ms = scenario::duration_ms(is_number<uint32_t>(text) ? text + "ms" : text);
  return ms && *ms > 0 ? ms : std::nullopt;
}

}  // namespace

void add_lint(CLI::App& app, Invocation& invocation) {
  const auto owned = std::make_shared<LintOptions>();
  LintOptions& options = *owned;
  CLI::App* command = app.add_subcommand("lint", "Check contracts and their scenarios, and show what they cover");
  command->add_option("FOLDER", options.folders, "Folders with a contract.yaml each")->required();
  command->footer(lint_examples);
  command->callback([owned, &invocation] { invocation.exit_code = written(run_lint(*owned)); });
}

void add_check(CLI::App& app, Invocation& invocation) {
  const auto owned = std::make_shared<CheckOptions>();
  CheckOptions& options = *owned;
  options.seed = invocation.fresh_seed;
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
  add_seed(command, options.seed, "Makes generated requests repeatable; printed (default: a fresh one)");
  command
      ->add_option_function<std::string>(
          "--max-time", [&options](const std::string& text) { options.time_max_ms = *limit_ms(text); },
          "How long an answer may take; a bare number is in milliseconds (default: no limit)")
      ->check(checked("TIME", "a time of at least 1ms, such as 500ms, 30s or 5m",
                      [](const std::string& text) { return limit_ms(text).has_value(); }));
  command->add_option("--min-coverage", options.coverage_min, "Percent of the documented responses that must be met")
      ->check(CLI::Range(0.0, 100.0));
  command->add_option("--report", options.reports, "junit=FILE, json=FILE, html=FILE, har=FILE, sarif=FILE, github")
      ->expected(1, reports_max)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--reproducers", options.reproducers, "Write a scenario file for each finding into this folder");
  command->add_option("--filter", options.filters, "Play only cases whose names fit this glob (repeatable)")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--scenario", options.scenarios, "Play this scenario alone: its name, or its file (repeatable)")
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
  command->callback([owned, &invocation] { invocation.exit_code = written(run_check(*owned)); });
}

void add_merge_reports(CLI::App& app, Invocation& invocation) {
  const auto owned = std::make_shared<MergeOptions>();
  MergeOptions& options = *owned;
  CLI::App* command = app.add_subcommand("merge-reports", "Make one report of the JSON reports of shards");
  command->footer(merge_examples);
  command->add_option("--min-coverage", options.coverage_min, "Percent of the documented responses that must be met")
      ->check(CLI::Range(0.0, 100.0));
  command->add_option("FILE", options.files, "Reports that `check --report json=FILE` wrote")->required();
  command->add_option("--report", options.reports, "junit=FILE, json=FILE, html=FILE, har=FILE, sarif=FILE, github")
      ->expected(1, reports_max)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->callback([owned, &invocation] { invocation.exit_code = written(run_merge_reports(*owned)); });
}

void add_prove(CLI::App& app, Invocation& invocation) {
  const auto owned = std::make_shared<ProveOptions>();
  ProveOptions& options = *owned;
  CLI::App* command = app.add_subcommand("prove", "Check the check: every mutant of the contract must be found");
  command->footer(prove_examples);
  command->add_option("FOLDER", options.folder, "A folder with a contract.yaml")->required();
  command->add_option("--generate", options.generate, "How many sequences of requests to generate for each mutant")
      ->capture_default_str()
      ->check(checked("", "a number", is_number<uint32_t>));
  add_seed(command, options.seed, "Of the generated requests (default: 1)");
  command->add_flag("--list", options.list, "Print every mutant and what became of it");
  command->callback([owned, &invocation] { invocation.exit_code = written(run_prove(*owned)); });
}

}  // namespace counterpart::cli

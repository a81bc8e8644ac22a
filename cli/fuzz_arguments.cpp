// `fuzz client`, `fuzz server` and `kit`.
#include <memory>

#include "cli/arguments.h"
#include "engine/scenario/duration.h"

namespace counterpart::cli {

namespace {

constexpr const char* fuzz_examples = R"(Examples:
  counterpart fuzz client scenarios/keyauth-seller -- ./my-client      damaged answers for a client
  counterpart fuzz server scenarios/keyauth-seller --target URL        odd requests for a server

Both have a --help of their own.)";

constexpr const char* kit_examples = R"(Examples:
  counterpart kit scenarios/keyauth-seller my-parser-fuzz     then see my-parser-fuzz/README.md
  counterpart kit scenarios/keyauth-seller my-parser-fuzz --seed 2 --force

--force removes the files that kit generated in OUT earlier, and no others, and makes them anew: the contract's copy, the
corpus, the dictionary. my_parser_fuzz.cpp, CMakeLists.txt and README.md are never written over.

Exit codes: 0 written, 2 wrong usage or invalid contract, 3 the folder cannot be written.)";

constexpr const char* client_examples =
    R"(The command is run again and again; it finds the mock at $COUNTERPART_URL, and the contract at $<NAME>_URL.

Examples:
  counterpart fuzz client scenarios/keyauth-seller -- python3 my_client.py
  counterpart fuzz client scenarios/keyauth-seller --cut-everywhere --expect-exit 0 --expect-exit 1 -- ./my_client
  counterpart exec scenarios/keyauth-seller --scenario counterpart-findings/found-1.scenario.yaml -- ./my_client

Exit codes: 0 nothing found, 1 findings, 2 wrong usage, or the command fails without damage, 3 environment,
130 interrupted.)";

constexpr const char* server_examples = R"(Examples:
  counterpart fuzz server scenarios/keyauth-seller --target http://127.0.0.1:8080 --max-time 5m
  counterpart fuzz server scenarios/keyauth-seller --target my.target.yaml --raw --out findings
  counterpart fuzz server scenarios/keyauth-seller --target my.target.yaml --replay findings/found-*.json
  counterpart check scenarios/keyauth-seller --target my.target.yaml     the documents' promises first

Exit codes: 0 nothing found, 1 findings, 2 wrong usage or invalid contract, 3 the target cannot be reached, 130 interrupted.)";

void add_time(CLI::App* command, const std::string& name, int64_t& ms, const std::string& what) {
  add_duration(command, name, ms, what)->check(checked("", "a time longer than 0s", [](const std::string& text) {
    return scenario::duration_ms(text) != 0;
  }));
}

void add_fuzz_client(CLI::App& fuzz, Invocation& invocation) {
  const auto owned = std::make_shared<FuzzClientOptions>();
  FuzzClientOptions& options = *owned;
  options.seed = invocation.fresh_seed;
  CLI::App* command = fuzz.add_subcommand("client", "Run a client again and again with damaged answers");
  add_command_behind(command);
  command->footer(client_examples);
  command->add_option("FOLDER", options.folder, "A folder with a contract.yaml")->required();
  add_seed(command, options.seed, "Makes the damages repeatable; printed (default: a fresh one)");
  command
      ->add_option("--runs", options.runs_max,
                   "How often the command is run at most; 0: as --cut-everywhere alone says")
      ->capture_default_str()
      ->check(checked("", "a number", is_number<uint32_t>));
  add_time(command, "--max-time", options.time_max_ms, "No new run begins after this time (default: no limit)");
  add_time(command, "--timeout", options.timeout_ms, "A run that takes longer hangs (default: 10s)");
  command->add_option("--jobs", options.jobs, "How many commands at once (default: as many as there are cores)")
      ->check(CLI::Range(1, 256));
  command->add_option("--expect-exit", options.expect_exit, "Any other exit code is a finding (repeatable)")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->check(CLI::Range(0, 255));
  command
      ->add_option("--fail-on-output", options.fail_on_output,
                   "Output that this RE2 pattern finds is a finding (repeatable)")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_flag("--cut-everywhere", options.cut_everywhere, "Cut and split every documented answer at every byte");
  command->add_option("--out", options.out, "Where findings are saved (default: counterpart-findings)");
  command->add_flag("--json", options.json, "Print the findings as JSON");
  command->add_flag("--quiet", options.quiet, "No progress");
  command->callback([owned, &invocation] {
    owned->command = invocation.command;
    invocation.exit_code = owned->command.empty()
                               ? complain("fuzz client: there is no command; put it behind --", exit_usage)
                               : written(run_fuzz_client(*owned));
  });
}

void add_fuzz_server(CLI::App& fuzz, Invocation& invocation) {
  const auto owned = std::make_shared<FuzzServerOptions>();
  FuzzServerOptions& options = *owned;
  options.seed = invocation.fresh_seed;
  CLI::App* command = fuzz.add_subcommand("server", "Send a server legal and illegal requests, and judge every answer");
  command->footer(server_examples);
  command->add_option("FOLDER", options.folder, "A folder with a contract.yaml")->required();
  command->add_option("--target", options.target, "A URL, a *.target.yaml, or \"engine\": the contract itself")
      ->required();
  command
      ->add_option_function<std::string>(
          "--level", [&options](const std::string& level) { options.assumed = level == "assumed"; },
          "What counts as a finding: documented, or assumed as well (default: documented)")
      ->check(checked("{documented,assumed}", "documented or assumed",
                      [](const std::string& text) { return text == "documented" || text == "assumed"; }));
  add_seed(command, options.seed, "Makes the requests repeatable; printed (default: a fresh one)");
  add_time(command, "--max-time", options.time_max_ms, "No new sequence begins after this time (default: 60s)");
  command
      ->add_option("--max-requests", options.requests_max,
                   "No new sequence begins after so many requests (default: no limit)")
      ->check(checked("", "a number from 1", [](const std::string& text) {
        return is_number<uint32_t>(text) && text.find_first_not_of('0') != std::string::npos;
      }));
  add_time(command, "--timeout", options.timeout_ms, "For one exchange (default: the target's)");
  command->add_flag("--fail-fast", options.fail_fast, "End with the first sequence that finds something");
  command->add_flag("--raw", options.raw, "Send malformed HTTP as well");
  command->add_flag("--allow-destructive", options.allow_destructive, "Call operations marked destructive as well");
  command->add_flag("--i-am-allowed", options.allowed, "The target may be another machine than this one");
  command->add_flag("--insecure", options.insecure, "Do not verify the target's certificate");
  command->add_option("--out", options.out, "Where findings and corpus are saved (default: counterpart-findings)");
  command->add_option("--replay", options.replays, "Send nothing but these findings (*.json, *.http) once more")
      ->type_name("FILE");
  command->add_flag("--quiet", options.quiet, "No progress");
  command->callback([owned, &invocation] { invocation.exit_code = written(run_fuzz_server(*owned)); });
}

}  // namespace

void add_fuzz(CLI::App& app, Invocation& invocation) {
  CLI::App* fuzz = app.add_subcommand("fuzz", "Play the hostile peer of a client or a server");
  fuzz->footer(fuzz_examples);
  fuzz->require_subcommand(1);
  add_fuzz_client(*fuzz, invocation);
  add_fuzz_server(*fuzz, invocation);
}

void add_kit(CLI::App& app, Invocation& invocation) {
  const auto owned = std::make_shared<KitOptions>();
  KitOptions& options = *owned;
  CLI::App* command = app.add_subcommand("kit", "Write a project that fuzzes a parser of the contract's answers");
  command->footer(kit_examples);
  command->add_option("FOLDER", options.folder, "A folder with a contract.yaml")->required();
  command->add_option("OUT", options.out, "Where the project is written: an empty or new folder")->required();
  add_seed(command, options.seed, "Of the corpus (default: 1)");
  command->add_flag("--force", options.force, "Write into a folder that is not empty; your files there stay");
  command->callback([owned, &invocation] { invocation.exit_code = written(run_kit(*owned)); });
}

}  // namespace counterpart::cli

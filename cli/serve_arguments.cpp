// `mock` and `exec`.
#include <memory>

#include "cli/arguments.h"

namespace counterpart::cli {

namespace {

/// What is served, and how: the options of both `mock` and `exec`.
void add_serving(CLI::App* command, MockOptions& options) {
  command->add_option("--host", options.host, "Address to listen on")
      ->capture_default_str()
      ->check(checked("", "an address or a name", [](const std::string& text) { return !text.empty(); }));
  add_seed(command, options.seed, "Makes random values repeatable; printed at start (default: a fresh one)");
  command->add_flag("--cors", options.cors, "Let browsers of every origin call it");
  command->add_flag("--port-per-contract", options.port_per_contract, "A port for each contract");
  CLI::Option* scenario =
      command
          ->add_option("--scenario", options.scenarios,
                       "Begin as this scenario gives, and play it: its name, or its file (repeatable)")
          ->expected(1)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_flag("--strict", options.strict, "The scenarios' steps are what the client must send, in order")
      ->needs(scenario);
  command->add_option("--journal-entries", options.journal_entries_max, "Exchanges that each space remembers; 0: none")
      ->capture_default_str()
      ->check(checked("", "a number", is_number<uint32_t>));
  command
      ->add_option("--journal-bytes", options.journal_bytes_max,
                   "Bytes that all journals may hold together, 16 KiB each at least")
      ->capture_default_str()
      ->check(checked("", "a number of bytes", is_number<uint64_t>));
  command->add_option("--spaces", options.spaces_max, "How many spaces there may be")
      ->capture_default_str()
      ->check(checked("", "a number", is_number<uint32_t>));
  command->add_option("--space-idle", options.space_idle_s, "Seconds after which an unused space may make place")
      ->capture_default_str()
      ->check(checked("", "a number of seconds", is_number<uint32_t>));
  CLI::Option* token =
      command->add_option("--admin-token", options.admin_token, "What the admin API's callers must know (Bearer)");
  command->add_option("--admin-token-file", options.admin_token_file, "The same, from the first line of this file")
      ->excludes(token);
  command->add_flag("--tls", options.tls, "Serve HTTPS, with a certificate made for this run");
  CLI::Option* certificate = command->add_option("--cert", options.certificate, "Serve HTTPS with this one (PEM)");
  command->add_option("--key", options.key, "Its key (PEM; default: in the same file)")->needs(certificate);
  command->add_option("--client-ca", options.client_ca,
                      "Demand certificates of clients that one of these signed (PEM)");
}

}  // namespace

void add_mock(CLI::App& app, Invocation& invocation) {
  const auto owned = std::make_shared<MockOptions>();
  MockOptions& options = *owned;
  options.seed = invocation.fresh_seed;
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
  command->callback([owned, &invocation] { invocation.exit_code = run_mock(*owned); });
}

void add_exec(CLI::App& app, Invocation& invocation) {
  const auto owned = std::make_shared<ExecOptions>();
  ExecOptions& options = *owned;
  options.mock.seed = invocation.fresh_seed;
  CLI::App* command = app.add_subcommand("exec", "Serve on a free port while a command runs, then sum up");
  add_command_behind(command);
  command->footer(
      "The command finds in its environment:\n"
      "  COUNTERPART_URL          where the mock is; with --isolate, of its own space\n"
      "  <NAME>_URL               where a contract is: KEYAUTH_SELLER_URL for keyauth-seller\n"
      "  COUNTERPART_CERTIFICATE  with --tls: the file with the certificate that was made, for trust stores\n"
      "  NODE_EXTRA_CA_CERTS      the same file, which Node trusts in addition to its own\n\n"
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
  command->callback([owned, &invocation] {
    owned->command = invocation.command;
    owned->mock.port = 0;
    invocation.exit_code =
        owned->command.empty() ? complain("exec: there is no command; put it behind --", exit_usage) : run_exec(*owned);
  });
}

}  // namespace counterpart::cli

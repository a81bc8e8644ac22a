#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "cli/commands.h"
#include "cli/mock_sites.h"
#include "mock/request_log.h"

namespace counterpart::cli {

int run_mock(const MockOptions& options) {
  std::optional<mock::RequestLog> log;
  std::function<void(const mock::Exchange&)> on_exchange;
  if (!options.quiet) on_exchange = [&log](const mock::Exchange& exchange) { log->exchange(exchange); };
  MockSites sites(options, std::move(on_exchange));
  if (const int failed = sites.load(); failed != exit_ok) return failed;  // a signal still ends the program at once

  std::signal(SIGPIPE, SIG_IGN);  // a reader of stdout that goes away does not end the mock
  const sigset_t signals = block_signals({SIGINT, SIGTERM});
  log.emplace(options.json ? mock::LogFormat::json : mock::LogFormat::text, wants_colour(STDOUT_FILENO));
  if (const int failed = sites.listen(); failed != exit_ok) return failed;
  if (const int failed = sites.start(); failed != exit_ok) return failed;
  for (const auto& site : sites.sites()) {
    log->listening(
        {site->server->url(), site->contracts, options.seed, sites.admin_url(*site), sites.certificate_file()});
  }
  if (!sites.admin_port_url().empty()) log->note("admin", sites.admin_port_url());
  if (!options.json && !sites.admin_off().empty()) log->note("note", sites.admin_off());
  if (!sites.certificate_file().empty()) log->note("certificate", sites.certificate_file());

  int signal = 0;
  sigwait(&signals, &signal);
  // A second signal ends the program at once.
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  sites.stop();
  if (const size_t dropped = log->flush(); dropped > 0) {
    fmt::print(stderr, "counterpart: {} request lines were dropped because stdout was too slow\n", dropped);
  }
  return exit_ok;
}

}  // namespace counterpart::cli

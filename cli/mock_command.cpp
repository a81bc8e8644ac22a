#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <future>
#include <memory>

#include "cli/commands.h"
#include "engine/engine.h"
#include "mock/player.h"
#include "mock/request_log.h"
#include "mock/server.h"
#include "mock/system_clock.h"

namespace counterpart::cli {

namespace {

/// A player behind a port.
struct Site {
  std::unique_ptr<mock::Player> player;
  std::unique_ptr<mock::Server> server;
  std::vector<std::string> contracts;
};

/// Blocks the signals that end the mock, in this thread and those it starts, so that sigwait can take them.
sigset_t block_ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

int complain(const std::string& message, int exit_code) {
  fmt::print(stderr, "counterpart: {}\n", message);
  return exit_code;
}

class MockCommand {
 public:
  explicit MockCommand(const MockOptions& options)
      : options_(options),
        log_(options.json ? mock::LogFormat::json : mock::LogFormat::text, wants_colour(STDOUT_FILENO)) {}

  /// `signals` end it; every thread must have blocked them before.
  int run(const sigset_t& signals) {
    std::signal(SIGPIPE, SIG_IGN);  // a reader of stdout that goes away does not end the mock
    if (const int failed = load(); failed != exit_ok) return failed;
    for (Site& site : sites_) {
      if (!site.server->listen()) return complain(site.server->error(), exit_environment);
    }
    for (Site& site : sites_) {
      site.server->start();
      log_.listening(site.server->url(), site.contracts, options_.seed);
    }
    int signal = 0;
    sigwait(&signals, &signal);
    // A second signal ends the program at once.
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
    for (Site& site : sites_) site.server->stop();
    if (const size_t dropped = log_.flush(); dropped > 0) {
      fmt::print(stderr, "counterpart: {} request lines were dropped because stdout was too slow\n", dropped);
    }
    return exit_ok;
  }

 private:
  /// A contract that was loaded; without a space when it has errors.
  struct Loading {
    document::Diagnostics diagnostics;
    std::shared_ptr<const engine::Engine> engine;
    std::shared_ptr<state::Space> space;
  };

  static Loading load_one(const std::string& folder, uint64_t seed) {
    Loading loading;
    const contract::Loaded loaded = contract::load(folder, loading.diagnostics);
    if (!loaded) return loading;
    loading.engine = std::make_shared<const engine::Engine>(loaded);
    const mock::SystemClock real;
    auto clock = loaded.contract->clock_is_real ? std::make_unique<mock::SystemClock>() : nullptr;
    loading.space = loading.engine->make_space({seed, real.now_ms(), std::move(clock)}, loading.diagnostics);
    return loading;
  }

  /// Loads every contract, side by side, and seats it; nothing is started unless all is well.
  int load() {
    std::vector<std::future<Loading>> contracts;
    for (const std::string& folder : options_.folders) {
      contracts.push_back(std::async(std::launch::async, load_one, folder, options_.seed));
    }
    document::Diagnostics diagnostics;
    std::string clash;
    for (std::future<Loading>& contract : contracts) {
      Loading loading = contract.get();
      diagnostics.add_all(loading.diagnostics);
      if (loading.space == nullptr) continue;
      const auto problem = seat(std::move(loading.engine), std::move(loading.space));
      if (problem && clash.empty()) clash = *problem;
    }
    if (const std::string report = diagnostics.render(wants_colour(STDERR_FILENO)); !report.empty())
      fmt::print(stderr, "{}", report);
    if (diagnostics.has_errors()) return exit_usage;
    constexpr size_t port_max = 65'535;
    if (options_.port != 0 && options_.port + sites_.size() > port_max + 1) {
      return complain(fmt::format("there is no port {} for the last of {} contracts, the first being on {}",
                                  options_.port + sites_.size() - 1, sites_.size(), options_.port),
                      exit_usage);
    }
    return clash.empty() ? exit_ok : complain(clash, exit_usage);
  }

  std::optional<std::string> seat(std::shared_ptr<const engine::Engine> engine, std::shared_ptr<state::Space> space) {
    if (sites_.empty() || options_.port_per_contract) add_site();
    Site& site = sites_.back();
    site.contracts.push_back(engine->contract().name);
    return site.player->add(std::move(engine), std::move(space));
  }

  void add_site() {
    mock::PlayerOptions player;
    player.cors = options_.cors;
    if (!options_.quiet) player.on_exchange = [this](const mock::Exchange& exchange) { log_.exchange(exchange); };
    mock::ServerOptions server;
    server.host = options_.host;
    server.port = options_.port == 0 ? uint16_t{0} : static_cast<uint16_t>(options_.port + sites_.size());
    Site& site = sites_.emplace_back();
    site.player = std::make_unique<mock::Player>(std::move(player));
    site.server = std::make_unique<mock::Server>(std::move(server), *site.player);
  }

  const MockOptions& options_;
  mock::RequestLog log_;
  std::vector<Site> sites_;
};

}  // namespace

int run_mock(const MockOptions& options) {
  const sigset_t signals = block_ending_signals();  // before the log starts its thread
  return MockCommand(options).run(signals);
}

}  // namespace counterpart::cli

#pragma once
/// The ports of a mock with all that stands behind them: what `mock` and `exec` have in common.

#include <csignal>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "mock/player.h"
#include "mock/server.h"
#include "mock/watcher.h"

namespace counterpart::cli {

/// Blocks the signals that end the program, in this thread and those it starts, so that sigwait can take them.
sigset_t block_signals(std::initializer_list<int> signals);

class MockSites {
 public:
  /// A port.
  struct Site {
    std::vector<std::string> contracts;
    std::vector<std::string> folders;
    std::unique_ptr<mock::Spaces> spaces;
    std::unique_ptr<mock::Admin> admin;
    std::unique_ptr<mock::Player> player;
    std::unique_ptr<mock::Server> server;
  };

  /// `on_exchange` is told of every exchange, on a worker's thread; may be empty. `options` must outlive this.
  MockSites(const MockOptions& options, std::function<void(const mock::Exchange&)> on_exchange);
  ~MockSites();  ///< removes the certificate's file, however the run ended

  /// Loads every contract; nothing is served unless all is well. Says on stderr what is not. An ExitCode.
  int load();
  /// Binds the ports. An ExitCode.
  int listen();
  /// Serves, and reloads when files change, where that is wanted. An ExitCode.
  int start();
  void stop();

  const std::vector<std::unique_ptr<Site>>& sites() const { return sites_; }
  /// Where a site's admin API is; "" where it is off.
  std::string admin_url(const Site& site) const;
  /// Why there is no admin API, as a sentence; "" when there is one.
  std::string admin_off() const;
  /// Of the port for the admin API alone; "" without one.
  std::string admin_port_url() const { return admin_server_ == nullptr ? "" : admin_server_->url(); }
  /// Where the certificate made for this run is; "" for none.
  const std::string& certificate_file() const { return certificate_file_; }

 private:
  int name_scenarios(const std::vector<mock::Seat>& seats, std::vector<std::string>& names) const;
  /// The stages of the sites, from `seats` by folder.
  int make_stages(std::vector<mock::Seat> seats, std::vector<std::shared_ptr<mock::Stage>>& stages) const;
  int load_stages(std::vector<std::shared_ptr<mock::Stage>>& stages) const;
  int prepare_tls();
  int read_admin_token();
  std::vector<std::string> watched_paths() const;
  void add_site(std::shared_ptr<const mock::Stage> stage);
  void reload();

  const MockOptions& options_;
  const std::function<void(const mock::Exchange&)> on_exchange_;
  std::shared_ptr<const mock::tls::Context> tls_;
  std::string certificate_file_;
  std::string admin_token_;
  std::vector<std::unique_ptr<Site>> sites_;
  std::unique_ptr<mock::AdminPlayer> admin_player_;
  std::unique_ptr<mock::Server> admin_server_;
  std::unique_ptr<mock::Watcher> watcher_;
};

}  // namespace counterpart::cli

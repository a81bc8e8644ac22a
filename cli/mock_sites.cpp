#include "cli/mock_sites.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <future>

#include "mock/admin/guard.h"
#include "mock/certificate.h"
#include "mock/stage.h"
#include "mock/tls.h"

namespace counterpart::cli {

namespace {

constexpr size_t token_bytes_max = 4'096;

struct Loading {
  document::Diagnostics diagnostics;
  mock::Seat seat;
};

int complain_of(const document::Diagnostics& diagnostics) {
  fmt::print(stderr, "{}", diagnostics.render(wants_colour(STDERR_FILENO)));
  return exit_usage;
}

/// Writes the text to a fresh file only this user can change. Its path, or "".
std::string write_temporary(const std::string& text) {
  std::error_code failed;
  std::string path = (std::filesystem::temp_directory_path(failed) / "counterpart-XXXXXX.pem").string();
  const int file = ::mkstemps(path.data(), 4);
  if (file < 0) return {};
  const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(file);
  if (written) return path;
  ::unlink(path.c_str());
  return {};
}

}  // namespace

int complain(const std::string& message, int exit_code) {
  fmt::print(stderr, "counterpart: {}\n", message);
  return exit_code;
}

sigset_t block_signals(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return set;
}

MockSites::MockSites(const MockOptions& options, std::function<void(const mock::Exchange&)> on_exchange)
    : options_(options), on_exchange_(std::move(on_exchange)) {}

MockSites::~MockSites() {
  if (!certificate_file_.empty()) ::unlink(certificate_file_.c_str());
}

/// Every contract, side by side.
int MockSites::load_stages(std::vector<std::shared_ptr<mock::Stage>>& stages) const {
  std::vector<std::future<Loading>> contracts;
  for (const std::string& folder : options_.folders) {
    contracts.push_back(std::async(std::launch::async, [&folder, this] {
      Loading loading;
      loading.seat = mock::Stage::load_seat(folder, options_.seed, !options_.scenarios.empty(), loading.diagnostics);
      return loading;
    }));
  }
  document::Diagnostics diagnostics;
  std::vector<mock::Seat> seats;
  for (std::future<Loading>& contract : contracts) {
    Loading loading = contract.get();
    diagnostics.add_all(loading.diagnostics);
    if (loading.seat.engine != nullptr) seats.push_back(std::move(loading.seat));
  }
  if (const std::string report = diagnostics.render(wants_colour(STDERR_FILENO)); !report.empty())
    fmt::print(stderr, "{}", report);
  return diagnostics.has_errors() ? exit_usage : make_stages(std::move(seats), stages);
}

/// The scenarios to play by name, where the options have files: each is loaded for the one contract it fits.
int MockSites::name_scenarios(const std::vector<mock::Seat>& seats, std::vector<std::string>& names) const {
  for (const std::string& wanted : options_.scenarios) {
    if (!wanted.ends_with(scenario::scenario_suffix)) {
      names.push_back(wanted);
      continue;
    }
    std::vector<document::Diagnostics> problems(seats.size());
    std::vector<std::string> fitting;
    for (size_t i = 0; i < seats.size(); ++i) {
      std::string name = seats[i].shelf->add_file(wanted, problems[i]);
      if (!name.empty()) fitting.push_back(std::move(name));
    }
    if (fitting.empty()) return complain_of(problems.front());
    if (fitting.size() > 1) {
      return complain(fmt::format("{} fits {} of the contracts; serve one of them", wanted, fitting.size()),
                      exit_usage);
    }
    names.push_back(fitting.front());
  }
  return exit_ok;
}

int MockSites::make_stages(std::vector<mock::Seat> seats, std::vector<std::shared_ptr<mock::Stage>>& stages) const {
  mock::Casting casting{{}, options_.strict};
  if (const int failed = name_scenarios(seats, casting.scenarios); failed != exit_ok) return failed;
  mock::Stage all;  // a scenario belongs to some contract, whichever port that has
  for (mock::Seat& seat : seats) {
    if (stages.empty() || options_.port_per_contract) stages.push_back(std::make_shared<mock::Stage>());
    if (options_.port_per_contract) static_cast<void>(all.add(seat));
    if (const auto clash = stages.back()->add(std::move(seat))) return complain(*clash, exit_usage);
  }
  const mock::Stage& known = options_.port_per_contract ? all : *stages.front();
  if (const auto refused = known.refusal(casting)) return complain(*refused, exit_usage);
  for (const auto& stage : stages) {
    document::Diagnostics diagnostics;
    stage->cast(casting, diagnostics);
    if (diagnostics.has_errors()) return complain_of(diagnostics);
  }
  return exit_ok;
}

int MockSites::prepare_tls() {
  const bool is_tls = options_.tls || !options_.certificate.empty();
  if (!is_tls && !options_.client_ca.empty()) return complain("--client-ca needs --tls or --cert", exit_usage);
  if (!is_tls) return exit_ok;
  std::string error;
  if (!options_.certificate.empty()) {
    const std::string& key = options_.key.empty() ? options_.certificate : options_.key;
    tls_ = mock::tls::Context::from_files({options_.certificate, key, options_.client_ca}, error);
    return tls_ == nullptr ? complain(error, exit_usage) : exit_ok;
  }
  const auto made = mock::tls::make_certificate(options_.host, error);
  if (!made) return complain(error, exit_environment);
  certificate_file_ = write_temporary(made->pem);
  if (certificate_file_.empty()) return complain("cannot write the certificate to a temporary file", exit_environment);
  tls_ = mock::tls::Context::from_pem(made->pem, made->key_pem, options_.client_ca, error);
  return tls_ == nullptr ? complain(error, exit_usage) : exit_ok;
}

/// The first line of --admin-token-file: what is on the command line, everybody on the machine can read.
int MockSites::read_admin_token() {
  admin_token_ = options_.admin_token;
  if (options_.admin_token_file.empty()) return exit_ok;
  std::ifstream file(options_.admin_token_file, std::ios::binary);
  std::string line(token_bytes_max + 1, '\0');
  file.read(line.data(), static_cast<std::streamsize>(line.size()));
  line.resize(static_cast<size_t>(file.gcount()));
  admin_token_ = line.substr(0, line.find_first_of("\r\n"));
  if (!admin_token_.empty() && admin_token_.size() <= token_bytes_max) return exit_ok;
  const char* problem = admin_token_.empty() ? "there is no token in the first line of" : "the token is too long in";
  return complain(fmt::format("{} {}", file.is_open() ? problem : "cannot read", options_.admin_token_file),
                  exit_usage);
}

/// Whoever reaches a port that is not this machine's alone must know the token.
std::string MockSites::admin_off() const {
  if (options_.admin_port || !admin_token_.empty() || mock::admin::is_loopback(options_.host)) return {};
  return fmt::format("the admin API is off: others than this machine reach {}; it needs --admin-token-file",
                     options_.host);
}

std::string MockSites::admin_url(const Site& site) const {
  if (!admin_off().empty()) return {};
  const mock::Server& server = admin_server_ == nullptr ? *site.server : *admin_server_;
  return fmt::format("{}{}", server.url(), mock::Admin::prefix);
}

int MockSites::load() {
  if (const int failed = read_admin_token(); failed != exit_ok) return failed;
  std::vector<std::shared_ptr<mock::Stage>> stages;
  if (const int failed = load_stages(stages); failed != exit_ok) return failed;
  if (const int failed = prepare_tls(); failed != exit_ok) return failed;
  constexpr size_t port_max = 65'535;
  if (options_.port != 0 && options_.port + stages.size() > port_max + 1) {
    return complain(fmt::format("there is no port {} for the last of {} contracts, the first being on {}",
                                options_.port + stages.size() - 1, stages.size(), options_.port),
                    exit_usage);
  }
  for (auto& stage : stages) add_site(std::move(stage));
  if (options_.admin_port) {
    if (sites_.size() > 1) return complain("--admin-port is for one port, not for --port-per-contract", exit_usage);
    admin_player_ = std::make_unique<mock::AdminPlayer>(*sites_[0]->admin);
    mock::ServerOptions server;
    server.host = "127.0.0.1";
    server.port = *options_.admin_port;
    server.workers = 1;
    admin_server_ = std::make_unique<mock::Server>(std::move(server), *admin_player_);
  }
  return exit_ok;
}

void MockSites::add_site(std::shared_ptr<const mock::Stage> stage) {
  mock::ServerOptions server;
  server.host = options_.host;
  server.port = options_.port == 0 ? uint16_t{0} : static_cast<uint16_t>(options_.port + sites_.size());
  server.tls = tls_;
  server.limits.stop_time = std::chrono::milliseconds(options_.stop_time_ms);
  Site& site = *sites_.emplace_back(std::make_unique<Site>());
  for (const mock::Seat& seat : stage->seats()) site.contracts.push_back(seat.name());
  mock::SpacesOptions spaces;
  spaces.seed = options_.seed;
  spaces.spaces_max = options_.spaces_max;
  spaces.idle_ms = options_.space_idle_s * 1000;
  spaces.journal = {options_.journal_entries_max, options_.journal_bytes_max};
  site.spaces = std::make_unique<mock::Spaces>(spaces, std::move(stage));
  site.admin = std::make_unique<mock::Admin>(mock::AdminOptions{admin_token_}, *site.spaces);
  mock::PlayerOptions player{tls_ != nullptr, options_.cors, admin_off(), on_exchange_};
  if (options_.admin_port) player.no_admin = "the admin API is on a port of its own (--admin-port)";
  mock::Admin* admin = player.no_admin.empty() ? site.admin.get() : nullptr;
  site.player = std::make_unique<mock::Player>(std::move(player), *site.spaces, admin);
  site.server = std::make_unique<mock::Server>(std::move(server), *site.player);
}

int MockSites::listen() {
  for (const auto& site : sites_) {
    if (!site->server->listen()) return complain(site->server->error(), exit_environment);
  }
  if (admin_server_ != nullptr && !admin_server_->listen()) return complain(admin_server_->error(), exit_environment);
  return exit_ok;
}

int MockSites::start() {
  for (const auto& site : sites_) site->server->start();
  if (admin_server_ != nullptr) admin_server_->start();
  if (!options_.watch) return exit_ok;
  watcher_ = std::make_unique<mock::Watcher>(watched_paths(), [this] { reload(); });
  if (!watcher_->error().empty()) return complain(watcher_->error(), exit_environment);
  if (!watcher_->watches_all()) fmt::print(stderr, "counterpart: there are too many folders to watch all of them\n");
  return exit_ok;
}

/// The contracts' folders, and scenarios that stand elsewhere.
std::vector<std::string> MockSites::watched_paths() const {
  std::vector<std::string> paths;
  std::error_code failed;
  for (const std::string& folder : options_.folders) {
    const bool is_file = std::filesystem::is_regular_file(folder, failed);
    paths.push_back(is_file ? std::filesystem::absolute(folder).parent_path().string() : folder);
  }
  for (const std::string& scenario : options_.scenarios) {
    if (scenario.ends_with(scenario::scenario_suffix)) paths.push_back(scenario);
  }
  return paths;
}

/// A valid change is played from the next request on; of another its diagnostics are told, and nothing changes.
void MockSites::reload() {
  std::vector<std::shared_ptr<mock::Stage>> stages;
  if (load_stages(stages) != exit_ok || stages.size() != sites_.size()) {
    fmt::print(stderr, "counterpart: not reloaded; what was loaded before is still played\n");
    return;
  }
  for (size_t i = 0; i < stages.size(); ++i) sites_[i]->spaces->set_stage(std::move(stages[i]));
  fmt::print(stderr, "counterpart: reloaded\n");
}

void MockSites::stop() {
  watcher_.reset();
  size_t cut = 0;
  for (const auto& site : sites_) cut += site->server->stop();
  if (admin_server_ != nullptr) cut += admin_server_->stop();
  if (cut == 0 || options_.stop_time_ms == 0) return;
  fmt::print(stderr, "counterpart: {} that had not gone out {} cut\n",
             cut == 1 ? "an answer" : fmt::format("{} answers", cut), cut == 1 ? "was" : "were");
}

}  // namespace counterpart::cli

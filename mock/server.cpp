#include "mock/server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <atomic>
#include <cerrno>
#include <future>
#include <thread>
#include <utility>
#include <vector>

#include "mock/worker.h"

namespace counterpart::mock {
namespace {

using asio::ip::tcp;

constexpr size_t refused_connections_max = 256;  // past connections_max, so many at a time are told so
constexpr std::chrono::milliseconds accept_pause_time{100};

/// A connection is a descriptor, and the soft limit is often 1024.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : fmt::format("[{}]", host);
}

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, Handler& handler);
  ~Impl() { stop(); }

  bool listen();
  void start();
  size_t stop();

  const ServerOptions options_;
  Handler& handler_;
  std::string error_;
  std::string url_;
  uint16_t port_ = 0;

 private:
  bool open(const tcp::endpoint& endpoint);
  bool fail(const asio::error_code& error);
  void accept();
  void on_accept(const asio::error_code& error, tcp::socket socket);
  void pause_accepting();

  std::atomic<size_t> connections_{0};
  std::vector<std::unique_ptr<Worker>> workers_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  bool is_v6_ = false;
  bool started_ = false;
  size_t next_worker_ = 0;
};

Server::Impl::Impl(ServerOptions options, Handler& handler)
    : options_(std::move(options)),
      handler_(handler),
      workers_([this] {
        const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
        std::vector<std::unique_ptr<Worker>> workers(options_.workers == 0 ? cores : options_.workers);
        for (auto& worker : workers)
          worker = std::make_unique<Worker>(options_, workers.size(), handler_, connections_);
        return workers;
      }()),
      acceptor_(workers_[0]->context()),
      pause_(workers_[0]->context()) {}

bool Server::Impl::listen() {
  raise_descriptor_limit();
  asio::error_code error;
  tcp::resolver resolver(workers_[0]->context());
  const auto found = resolver.resolve(options_.host, std::to_string(options_.port),
                                      tcp::resolver::passive | tcp::resolver::numeric_service, error);
  if (error || found.empty()) {
    error_ = fmt::format("cannot resolve the host \"{}\"{}", options_.host, error ? ": " + error.message() : "");
    return false;
  }
  return open(found.begin()->endpoint());
}

bool Server::Impl::open(const tcp::endpoint& endpoint) {
  asio::error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) ::fcntl(acceptor_.native_handle(), F_SETFD, FD_CLOEXEC);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  tcp::endpoint local;
  if (!error) local = acceptor_.local_endpoint(error);
  if (error) return fail(error);
  is_v6_ = endpoint.protocol() == tcp::v6();
  port_ = local.port();
  // A wildcard is an address to listen on, not one to connect to.
  const bool any = local.address().is_unspecified();
  url_ = fmt::format("{}://{}:{}", options_.tls == nullptr ? "http" : "https",
                     any ? (is_v6_ ? "[::1]" : "127.0.0.1") : bracketed(options_.host), port_);
  return true;
}

bool Server::Impl::fail(const asio::error_code& error) {
  const std::string where = fmt::format("{}:{}", bracketed(options_.host), options_.port);
  if (error == asio::error::address_in_use) {
    error_ = fmt::format("{} is already in use", where);
  } else if (error.value() == EADDRNOTAVAIL) {
    error_ = fmt::format("cannot listen on {}: this machine does not have that address", where);
  } else if (error == asio::error::access_denied) {
    error_ = fmt::format("cannot listen on {}: not permitted", where);
  } else {
    error_ = fmt::format("cannot listen on {}: {}", where, error.message());
  }
  asio::error_code ignored;
  acceptor_.close(ignored);
  return false;
}

void Server::Impl::start() {
  started_ = true;
  accept();
  for (auto& worker : workers_) worker->start();
}

void Server::Impl::accept() {
  acceptor_.async_accept(
      [this](const asio::error_code& error, tcp::socket socket) { on_accept(error, std::move(socket)); });
}

void Server::Impl::on_accept(const asio::error_code& error, tcp::socket socket) {
  if (!acceptor_.is_open()) return;
  if (error) {
    // Out of descriptors, or of memory for them: trying again at once would only burn a core.
    if (error != asio::error::connection_aborted) return pause_accepting();
    return accept();
  }
  const size_t count = ++connections_;
  if (count > options_.limits.connections_max + refused_connections_max) {
    --connections_;
    return accept();
  }
  ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
  asio::error_code release_error;
  const int descriptor = socket.release(release_error);
  workers_[next_worker_]->adopt(descriptor, is_v6_, count > options_.limits.connections_max);
  next_worker_ = (next_worker_ + 1) % workers_.size();
  accept();
}

void Server::Impl::pause_accepting() {
  pause_.expires_after(accept_pause_time);
  pause_.async_wait([this](const asio::error_code&) {
    if (acceptor_.is_open()) accept();
  });
}

size_t Server::Impl::stop() {
  if (!started_) return 0;
  started_ = false;
  // First no more sockets are dealt, then the workers end: none is dealt to a worker that is gone.
  std::promise<void> closed;
  asio::post(workers_[0]->context(), [this, &closed] {
    asio::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    closed.set_value();
  });
  closed.get_future().wait();
  for (auto& worker : workers_) worker->stop();
  size_t cut_answers = 0;
  for (auto& worker : workers_) {
    worker->join();
    cut_answers += worker->cut_answers();
  }
  return cut_answers;
}

Server::Server(ServerOptions options, Handler& handler) : impl_(std::make_unique<Impl>(std::move(options), handler)) {}
Server::~Server() = default;

bool Server::listen() { return impl_->listen(); }
const std::string& Server::error() const { return impl_->error_; }
uint16_t Server::port() const { return impl_->port_; }
std::string Server::url() const { return impl_->url_; }
void Server::start() { impl_->start(); }
size_t Server::stop() { return impl_->stop(); }

}  // namespace counterpart::mock

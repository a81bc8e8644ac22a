#pragma once
/// A server for tests of this folder: raw sockets on loopback, one thread a connection, and a script that says what each
/// does. Nothing of it outlives the object.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace counterpart::conformance {

/// The server's side of a connection. Calls return false when the other side is gone or the test is over.
class PeerSocket {
 public:
  PeerSocket(int descriptor, SSL_CTX* tls, const std::atomic<bool>& over) : descriptor_(descriptor), over_(over) {
    const timeval look_up{0, 20'000};  // whether the test is over
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &look_up, sizeof look_up);
    setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &look_up, sizeof look_up);
    const int at_once = 1;
    setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    if (tls == nullptr) return;
    ssl_ = SSL_new(tls);
    SSL_set_fd(ssl_, descriptor_);
    greeted_ = until_done([&] { return SSL_accept(ssl_); }) == 1;
  }
  PeerSocket(const PeerSocket&) = delete;
  PeerSocket& operator=(const PeerSocket&) = delete;
  ~PeerSocket() {
    if (ssl_ != nullptr) SSL_free(ssl_);
    if (descriptor_ >= 0) close(descriptor_);
  }

  /// A handshake took place, if there had to be one.
  bool greeted() const { return greeted_; }
  bool over() const { return over_; }

  bool send(std::string_view bytes) {
    while (!bytes.empty() && !over_) {
      const auto size = std::min<size_t>(bytes.size(), 1 << 20);
      const ssize_t sent = until_done([&] {
        return ssl_ != nullptr ? SSL_write(ssl_, bytes.data(), static_cast<int>(size))
                               : ::send(descriptor_, bytes.data(), size, MSG_NOSIGNAL);
      });
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return !over_;
  }

  /// A whole request as it came; "" when there is none.
  std::string read_request() {
    for (;;) {
      const size_t head = received_.find("\r\n\r\n");
      const size_t length = received_.find("Content-Length: ");
      const size_t body = length < head ? std::stoul(received_.substr(length + 16, 20)) : 0;
      if (head != std::string::npos && received_.size() >= head + 4 + body) {
        const std::string request = received_.substr(0, head + 4 + body);
        received_.erase(0, request.size());
        return request;
      }
      char buffer[4096];
      const ssize_t bytes = until_done([&] {
        return ssl_ != nullptr ? SSL_read(ssl_, buffer, sizeof buffer) : recv(descriptor_, buffer, sizeof buffer, 0);
      });
      if (bytes <= 0 || over_) return {};
      received_.append(buffer, static_cast<size_t>(bytes));
    }
  }

  /// A short while; false when the test is over.
  bool pause(int ms = 5) {
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
    return !over_;
  }
  void wait_for_the_end_of_the_test() {
    while (pause()) {
    }
  }
  void end_tls() { SSL_shutdown(ssl_); }
  /// Nothing more will be sent.
  void end_sending() { shutdown(descriptor_, SHUT_WR); }
  void reset() {
    const linger at_once{1, 0};
    setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    SSL_free(std::exchange(ssl_, nullptr));
    close(std::exchange(descriptor_, -1));
  }

 private:
  template <typename Call>
  ssize_t until_done(const Call& call) {
    for (;;) {
      errno = 0;
      const ssize_t result = call();
      if (result > 0 || errno != EAGAIN || over_) return result;
    }
  }

  int descriptor_;
  const std::atomic<bool>& over_;
  SSL* ssl_ = nullptr;
  bool greeted_ = true;
  std::string received_;
};

class TestPeer {
 public:
  /// `connection` counts from 0.
  using Script = std::function<void(PeerSocket& socket, int connection)>;

  explicit TestPeer(Script script, SSL_CTX* tls = nullptr) : script_(std::move(script)), tls_(tls) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(listener_, 64), 0);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  TestPeer(const TestPeer&) = delete;
  TestPeer& operator=(const TestPeer&) = delete;
  ~TestPeer() {
    over_ = true;
    shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    close(listener_);
    for (std::thread& thread : threads_) thread.join();
  }

  std::string url(const std::string& scheme = "http", const std::string& host = "127.0.0.1") const {
    return scheme + "://" + host + ":" + std::to_string(port_);
  }
  uint16_t port() const { return port_; }
  int connections() const { return connections_; }

  /// Requests that scripts noted, in order.
  void note(std::string request) {
    const std::lock_guard lock(mutex_);
    notes_.push_back(std::move(request));
  }
  std::vector<std::string> notes() const {
    const std::lock_guard lock(mutex_);
    return notes_;
  }

 private:
  void accept_all() {
    for (;;) {
      const int descriptor = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (descriptor < 0 || over_) {
        if (descriptor >= 0) close(descriptor);
        return;
      }
      const int connection = connections_++;
      threads_.emplace_back([this, descriptor, connection] {
        sigset_t broken_pipe;  // OpenSSL writes without MSG_NOSIGNAL
        sigemptyset(&broken_pipe);
        sigaddset(&broken_pipe, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
        PeerSocket peer(descriptor, tls_, over_);
        script_(peer, connection);
      });
    }
  }

  const Script script_;
  SSL_CTX* const tls_;
  int listener_ = -1;
  uint16_t port_ = 0;
  std::thread acceptor_;
  std::atomic<bool> over_ = false;
  std::atomic<int> connections_ = 0;
  std::vector<std::thread> threads_;
  mutable std::mutex mutex_;
  std::vector<std::string> notes_;
};

}  // namespace counterpart::conformance

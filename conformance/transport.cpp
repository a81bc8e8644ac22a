#include "conformance/transport.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <array>
#include <asio.hpp>
#include <asio/ssl.hpp>
#include <mutex>
#include <optional>
#include <vector>

#include "conformance/target.h"

namespace counterpart::conformance {
namespace {

using asio::ip::tcp;
using Code = asio::error_code;
using Stream = asio::ssl::stream<tcp::socket>;

void check(const Code& code, const std::string& file, std::string_view what) {
  if (code) throw EnvironmentError(fmt::format("{}: {} ({})", file, what, code.message()));
}

bool is_address(const std::string& host) {
  Code code;
  asio::ip::make_address(host, code);
  return !code;
}

/// A server on the same machine answers sooner than a processor that was put to sleep is awake again.
constexpr std::chrono::microseconds awake_for{100};

bool is_end(const Code& code) { return code == asio::error::eof; }

}  // namespace

struct Trust::Impl {
  /// For a stream; the streams only look at it. Reading the system's authorities takes a while, and without TLS nobody
  /// needs them.
  asio::ssl::context& ready() {
    std::call_once(ready_, [this] {
      Code ignored;
      if (trusts_system && !insecure) context.set_default_verify_paths(ignored);
    });
    return context;
  }

  asio::ssl::context context{asio::ssl::context::tls_client};
  bool insecure = false;
  bool trusts_system = true;

 private:
  std::once_flag ready_;
};

Trust::Trust(const TargetSettings& settings) : impl_(std::make_unique<Impl>()) {
  asio::ssl::context& context = impl_->context;
  impl_->insecure = settings.insecure;
  impl_->trusts_system = settings.authorities.empty();
  Code code;
  if (!settings.authorities.empty()) {
    context.load_verify_file(settings.authorities, code);
    check(code, settings.authorities, "the certificates of authorities cannot be read");
  }
  if (settings.client_certificate.empty()) return;
  // In place of OpenSSL's own, which asks at the terminal.
  context.set_password_callback([](size_t, asio::ssl::context::password_purpose) { return std::string(); }, code);
  context.use_certificate_chain_file(settings.client_certificate, code);
  check(code, settings.client_certificate, "the client certificate cannot be read");
  context.use_private_key_file(settings.client_key, asio::ssl::context::pem, code);
  check(code, settings.client_key, "the client key cannot be read, or is not the certificate's");
}

Trust::~Trust() = default;

/// One read is under way at most, and may stay so over many calls: that is how a connection that ends while nobody uses
/// it is noticed, under TLS too. Handlers run only inside of these calls.
struct Transport::Impl {
  asio::io_context io;
  tcp::socket plain{io};
  std::optional<Stream> tls;
  std::string error;
  bool failed_in_tls = false;
  bool was_refused = false;

  std::array<char, 16 * 1024> buffer;
  bool reading = false;  ///< a read is under way
  size_t ready = 0;      ///< bytes of `buffer` that wait to be taken
  Code read_code;        ///< how reading ended

  tcp::socket& socket() { return tls ? tls->next_layer() : plain; }

  /// Runs handlers until `done`; false when the deadline came first.
  bool run(const bool& done, Deadline deadline) {
    io.restart();
    while (!done && io.run_one_until(deadline) > 0) {
    }
    return done;
  }

  Result fail(const Code& code) {
    failed_in_tls = code.category() == asio::error::get_ssl_category();
    was_refused = code == asio::error::connection_refused;
    error =
        code == asio::ssl::error::stream_truncated ? "the TLS connection ended without a close_notify" : code.message();
    return Result::failed;
  }

  /// The same for all operations but reading. After a deadline the operation is still under way: the socket closes.
  template <typename Start>
  Result perform(Deadline deadline, const Start& start) {
    bool done = false;
    Code code;
    start([&](const Code& result, const auto&...) {
      code = result;
      done = true;
    });
    if (!run(done, deadline)) {
      Code ignored;
      socket().close(ignored);
      io.restart();
      while (!done && io.run_one() > 0) {
      }
      return Result::timed_out;
    }
    return code ? fail(code) : Result::done;
  }

  Result resolve(const TargetUrl& url, Deadline deadline, std::vector<tcp::endpoint>& found) {
    Code code;
    const auto address = asio::ip::make_address(url.host, code);
    if (!code) {
      found.emplace_back(address, url.port);
      return Result::done;
    }
    tcp::resolver resolver(io);
    bool done = false;
    resolver.async_resolve(url.host, std::to_string(url.port), tcp::resolver::numeric_service,
                           [&](const Code& result, const tcp::resolver::results_type& results) {
                             code = result;
                             for (const auto& one : results) found.push_back(one.endpoint());
                             done = true;
                           });
    if (!run(done, deadline)) {
      // The system's lookup cannot be stopped; its own limits end it.
      resolver.cancel();
      io.restart();
      while (!done && io.run_one() > 0) {
      }
      return Result::timed_out;
    }
    return code ? fail(code) : Result::done;
  }

  Result connect(const TargetUrl& url, Deadline deadline) {
    std::vector<tcp::endpoint> found;
    const Result resolved = resolve(url, deadline, found);
    if (resolved != Result::done) return resolved;
    return perform(deadline, [&](auto handler) { asio::async_connect(plain, found, handler); });
  }

  Result shake_hands(const TargetUrl& url, Trust::Impl& trust, Deadline deadline) {
    tls.emplace(std::move(plain), trust.ready());
    SSL* ssl = tls->native_handle();
    static constexpr unsigned char protocols[] = "\x08http/1.1";
    SSL_set_alpn_protos(ssl, protocols, sizeof protocols - 1);
    SSL_set_verify(ssl, trust.insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
    if (is_address(url.host)) {
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), url.host.c_str());
    } else {
      SSL_set1_host(ssl, url.host.c_str());
      SSL_set_tlsext_host_name(ssl, url.host.c_str());
    }
    const Result result = perform(deadline, [&](auto handler) { tls->async_handshake(Stream::client, handler); });
    if (result != Result::failed) return result;
    failed_in_tls = true;
    const long verified = SSL_get_verify_result(ssl);
    if (verified != X509_V_OK && !trust.insecure) {
      error = fmt::format("its certificate was refused: {}", X509_verify_cert_error_string(verified));
    } else {
      error = fmt::format("the TLS handshake failed: {}", error);
    }
    return result;
  }

  void start_reading() {
    if (reading || ready > 0 || read_code) return;
    reading = true;
    const auto handler = [this](const Code& code, size_t bytes) {
      reading = false;
      ready = bytes;
      read_code = code;
    };
    if (tls) {
      tls->async_read_some(asio::buffer(buffer), handler);
    } else {
      plain.async_read_some(asio::buffer(buffer), handler);
    }
  }
};

Transport::Transport() : impl_(std::make_unique<Impl>()) {}
Transport::~Transport() = default;

Transport::Result Transport::open(const TargetUrl& url, const Trust& trust, Deadline deadline) {
  const Result connected = impl_->connect(url, deadline);
  if (connected != Result::done) return connected;
  Code ignored;
  impl_->plain.set_option(tcp::no_delay(true), ignored);
  fcntl(impl_->plain.native_handle(), F_SETFD, FD_CLOEXEC);  // hooks must not keep it open
  return url.tls ? impl_->shake_hands(url, *trust.impl_, deadline) : Result::done;
}

Transport::Result Transport::write(std::string_view bytes, Deadline deadline) {
  return impl_->perform(deadline, [&](auto handler) {
    if (impl_->tls) {
      asio::async_write(*impl_->tls, asio::buffer(bytes), handler);
    } else {
      asio::async_write(impl_->plain, asio::buffer(bytes), handler);
    }
  });
}

Transport::Result Transport::read(std::string& bytes, Deadline deadline) {
  Impl& impl = *impl_;
  impl.start_reading();
  impl.io.restart();
  const Deadline awake_until = std::min(deadline, Deadline::clock::now() + awake_for);
  while (impl.reading && Deadline::clock::now() < awake_until) {
    impl.io.poll_one();
  }
  while (impl.reading && impl.io.run_one_until(deadline) > 0) {
  }
  if (impl.reading) return Result::timed_out;
  if (impl.ready > 0) {
    bytes.append(impl.buffer.data(), impl.ready);
    impl.ready = 0;
    return Result::done;
  }
  return is_end(impl.read_code) ? Result::ended : impl.fail(impl.read_code);
}

void Transport::end_writing() {
  Code ignored;
  if (!impl_->tls) impl_->plain.shutdown(tcp::socket::shutdown_send, ignored);
}

bool Transport::is_quiet() {
  impl_->start_reading();
  impl_->io.restart();
  impl_->io.poll();
  return impl_->reading;
}

const std::string& Transport::error() const { return impl_->error; }
bool Transport::failed_in_tls() const { return impl_->failed_in_tls; }
bool Transport::was_refused() const { return impl_->was_refused; }

}  // namespace counterpart::conformance

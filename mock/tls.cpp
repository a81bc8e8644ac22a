#include "mock/tls.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include "mock/openssl.h"
#include "mock/tls_credentials.h"

namespace counterpart::mock::tls {
namespace {

constexpr size_t record_bytes_max = 16 * 1024;
constexpr size_t record_head_bytes = 5;
constexpr std::string_view session_context = "counterpart";
constexpr std::string_view alpn_protocols = "\x08http/1.1";  // each with its length before it

using BioMethodPtr = std::unique_ptr<BIO_METHOD, Freeing<BIO_meth_free>>;
using ContextPtr = std::unique_ptr<SSL_CTX, Freeing<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, Freeing<SSL_free>>;

bool configure(SSL_CTX* context, const Pem& certificate, const Pem& key, const std::string& client_ca,
               std::string& error) {
  return use_certificate(context, certificate, key, error) &&
         (client_ca.empty() || demand_client_certificates(context, client_ca, error));
}

const unsigned char* unsigned_bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// Clients that offer nothing we know go on without ALPN.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_bytes, const unsigned char* offered,
                    unsigned offered_bytes, void*) {
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, chosen_bytes, unsigned_bytes(alpn_protocols), alpn_protocols.size(), offered,
                            offered_bytes) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

ContextPtr make_context() {
  ContextPtr made(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* context = made.get();
  if (!context) throw std::bad_alloc();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  // Clients resume with tickets, so nothing is kept for those that never come back.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_session_id_context(context, unsigned_bytes(session_context), session_context.size());
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  return made;
}

/// What OpenSSL takes for the socket. Unlike its own memory BIO it holds no copies, so an idle connection keeps none.
struct Wire {
  std::string_view input;         ///< what is left of the bytes at hand
  std::string* output = nullptr;  ///< set while OpenSSL runs
};

Wire& wire_of(BIO* bio) { return *static_cast<Wire*>(BIO_get_data(bio)); }

int read_wire(BIO* bio, char* data, int bytes) {
  Wire& wire = wire_of(bio);
  BIO_clear_retry_flags(bio);
  if (wire.input.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const size_t count = wire.input.copy(data, static_cast<size_t>(bytes));
  wire.input.remove_prefix(count);
  return static_cast<int>(count);
}

int write_wire(BIO* bio, const char* data, int bytes) {
  BIO_clear_retry_flags(bio);
  try {
    wire_of(bio).output->append(data, static_cast<size_t>(bytes));
    return bytes;
  } catch (const std::exception&) {  // must not pass through OpenSSL
    ERR_raise(ERR_LIB_BIO, ERR_R_MALLOC_FAILURE);
    return -1;
  }
}

long control_wire(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BioMethodPtr make_wire_method() {
  BioMethodPtr method(BIO_meth_new(BIO_TYPE_SOURCE_SINK, "counterpart wire"));
  if (!method || !BIO_meth_set_read(method.get(), read_wire) || !BIO_meth_set_write(method.get(), write_wire) ||
      !BIO_meth_set_ctrl(method.get(), control_wire)) {
    throw std::bad_alloc();
  }
  return method;
}

bool says_not_trusted(int alert) {
  return alert == SSL_AD_UNKNOWN_CA || alert == SSL_AD_BAD_CERTIFICATE || alert == SSL_AD_CERTIFICATE_UNKNOWN ||
         alert == SSL_AD_CERTIFICATE_EXPIRED || alert == SSL_AD_UNSUPPORTED_CERTIFICATE;
}

std::string describe_failure(const SSL* ssl, bool established) {
  const unsigned long code = ERR_peek_last_error();
  const int reason = ERR_GET_LIB(code) == ERR_LIB_SSL ? ERR_GET_REASON(code) : 0;
  if (reason > SSL_AD_REASON_OFFSET) {
    const int alert = reason - SSL_AD_REASON_OFFSET;
    return fmt::format("the client {} (alert: {})", says_not_trusted(alert) ? "refused the certificate" : "gave up",
                       SSL_alert_desc_string_long(alert));
  }
  if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) return "the client showed no certificate, and must";
  if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
    return fmt::format("the client's certificate is not accepted ({})",
                       X509_verify_cert_error_string(SSL_get_verify_result(ssl)));
  }
  return fmt::format("{} ({})", established ? "the client broke TLS" : "the TLS handshake failed", last_reason());
}

/// A TLS record starts with a byte that no text does.
bool looks_like_http(std::string_view first) {
  const std::string_view method = first.substr(0, first.find(' '));
  return !method.empty() && std::all_of(method.begin(), method.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
  });
}

}  // namespace

struct Context::Impl {
  ContextPtr context = make_context();
  BioMethodPtr wire_method = make_wire_method();
};

Context::Context(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Context::~Context() = default;

std::shared_ptr<const Context> Context::from_files(const Files& files, std::string& error) {
  const CleanErrors clean;
  Pem certificate;
  Pem key;
  auto impl = std::make_unique<Impl>();
  const bool made = read_file(files.certificate, certificate, error) && read_file(files.key, key, error) &&
                    configure(impl->context.get(), certificate, key, files.client_ca, error);
  return std::shared_ptr<const Context>(made ? new Context(std::move(impl)) : nullptr);
}

std::shared_ptr<const Context> Context::from_pem(std::string_view certificate, std::string_view key,
                                                 const std::string& client_ca, std::string& error) {
  const CleanErrors clean;
  auto impl = std::make_unique<Impl>();
  const bool made = configure(impl->context.get(), {"the certificate", std::string(certificate)},
                              {"the key", std::string(key)}, client_ca, error);
  return std::shared_ptr<const Context>(made ? new Context(std::move(impl)) : nullptr);
}

struct Stream::Impl {
  explicit Impl(const Context::Impl& context);
  bool can_send() const;
  void fail();

  Wire wire;
  SslPtr ssl;
  std::string first;  ///< the first bytes that came: the head of a record, or not
  State state = State::open;
  bool established = false;
  std::string error;
};

Stream::Impl::Impl(const Context::Impl& context) : ssl(SSL_new(context.context.get())) {
  BIO* bio = ssl ? BIO_new(context.wire_method.get()) : nullptr;
  if (!bio) throw std::bad_alloc();
  BIO_set_data(bio, &wire);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl.get(), bio, bio);  // takes it
  SSL_set_accept_state(ssl.get());
}

bool Stream::Impl::can_send() const {
  const bool sent_all = (SSL_get_shutdown(ssl.get()) & SSL_SENT_SHUTDOWN) != 0;
  return established && state != State::failed && !sent_all;
}

void Stream::Impl::fail() {
  if (!established && looks_like_http(first)) {
    state = State::plain_http;
    error = "the client spoke HTTP without TLS to a TLS port";
  } else {
    state = State::failed;
    error = describe_failure(ssl.get(), established);
  }
}

Stream::Stream(const Context& context) {
  const CleanErrors clean;
  impl_ = std::make_unique<Impl>(*context.impl_);
}

Stream::~Stream() = default;

State Stream::received(std::string_view bytes, std::string& plain, std::string& wire) {
  Impl& my = *impl_;
  if (my.state != State::open) return my.state;
  const CleanErrors clean;
  if (my.first.size() < record_head_bytes) my.first += bytes.substr(0, record_head_bytes - my.first.size());
  my.wire = {bytes, &wire};
  std::array<char, record_bytes_max> record;
  size_t record_bytes = 0;
  while (SSL_read_ex(my.ssl.get(), record.data(), record.size(), &record_bytes) == 1) {
    plain.append(record.data(), record_bytes);
  }
  const int problem = SSL_get_error(my.ssl.get(), 0);
  my.established = my.established || SSL_is_init_finished(my.ssl.get());
  if (problem == SSL_ERROR_ZERO_RETURN) {
    my.state = State::closed;
  } else if (problem != SSL_ERROR_WANT_READ) {
    my.fail();
  }
  my.wire = {};
  return my.state;
}

bool Stream::send(std::string_view plain, std::string& wire) {
  Impl& my = *impl_;
  if (!my.can_send()) return false;
  if (plain.empty()) return true;
  const CleanErrors clean;
  my.wire = {{}, &wire};
  size_t taken = 0;
  if (SSL_write_ex(my.ssl.get(), plain.data(), plain.size(), &taken) != 1) my.fail();
  my.wire = {};
  return my.state != State::failed;
}

void Stream::close(std::string& wire) {
  Impl& my = *impl_;
  if (!my.can_send()) return;
  const CleanErrors clean;
  my.wire = {{}, &wire};
  SSL_shutdown(my.ssl.get());
  my.wire = {};
}

State Stream::state() const { return impl_->state; }
bool Stream::established() const { return impl_->established; }
const std::string& Stream::error() const { return impl_->error; }

}  // namespace counterpart::mock::tls

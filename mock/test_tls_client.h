#pragma once
/// The other side of a tls::Stream, for tests: OpenSSL's client between two memory BIOs, and what it takes to have one.

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "mock/certificate.h"
#include "mock/openssl.h"
#include "mock/tls.h"

namespace counterpart::mock::tls {

using BioPtr = std::unique_ptr<BIO, Freeing<BIO_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, Freeing<X509_free>>;

inline std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long bytes = BIO_get_mem_data(bio, &data);
  return {data, static_cast<size_t>(bytes)};
}

inline BioPtr bio_of(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// A self-signed certificate with no extensions, which a client may show, and its key.
inline Certificate make_identity() {
  const KeyPtr key(EVP_EC_gen("P-256"));
  const X509Ptr certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  const auto* common_name = reinterpret_cast<const unsigned char*>("a client");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, common_name, -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  const BioPtr pem(BIO_new(BIO_s_mem()));
  const BioPtr key_pem(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(pem.get(), certificate.get());
  PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return {text_of(pem.get()), text_of(key_pem.get())};
}

struct ClientOptions {
  int version = TLS1_3_VERSION;
  std::string trusted{};                  ///< PEM; empty: whatever comes is trusted
  std::string name{};                     ///< what the certificate must be for, if anything
  std::string address{};                  ///< the same
  std::string protocols{};                ///< for ALPN, each with its length before it
  const Certificate* identity = nullptr;  ///< shown when the server asks
  SSL_SESSION* session = nullptr;         ///< to resume
};

class TestClient {
 public:
  explicit TestClient(const ClientOptions& options) : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX* context = context_.get();
    if (options.version < TLS1_2_VERSION) SSL_CTX_set_cipher_list(context, "DEFAULT:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(context, options.version);
    SSL_CTX_set_max_proto_version(context, options.version);
    if (!options.trusted.empty()) {
      const X509Ptr root(PEM_read_bio_X509(bio_of(options.trusted).get(), nullptr, nullptr, nullptr));
      X509_STORE_add_cert(SSL_CTX_get_cert_store(context), root.get());
      SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
      X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_X509_STRICT);
    }
    if (options.identity) {
      const auto& [pem, key_pem] = *options.identity;
      const X509Ptr certificate(PEM_read_bio_X509(bio_of(pem).get(), nullptr, nullptr, nullptr));
      const KeyPtr key(PEM_read_bio_PrivateKey(bio_of(key_pem).get(), nullptr, nullptr, nullptr));
      SSL_CTX_use_certificate(context, certificate.get());
      SSL_CTX_use_PrivateKey(context, key.get());
    }
    ssl_.reset(SSL_new(context));
    if (!options.name.empty()) SSL_set1_host(ssl_.get(), options.name.c_str());
    if (!options.address.empty()) X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), options.address.c_str());
    if (!options.protocols.empty()) {
      SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(options.protocols.data()),
                          static_cast<unsigned>(options.protocols.size()));
    }
    if (options.session) SSL_set_session(ssl_.get(), options.session);
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(ssl_.get());
  }

  SSL* ssl() { return ssl_.get(); }
  bool established() { return SSL_is_init_finished(ssl_.get()) == 1; }
  /// The server said close_notify.
  bool was_closed() { return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }
  /// What its last failure was, in OpenSSL's words.
  const std::string& error() const { return error_; }

  /// Bytes that the server sent; returns what they decrypt to.
  std::string received(std::string_view wire) {
    if (!wire.empty()) BIO_write(SSL_get_rbio(ssl_.get()), wire.data(), static_cast<int>(wire.size()));
    ERR_clear_error();
    std::string plain;
    std::string piece(16 * 1024, '\0');
    size_t bytes = 0;
    while (SSL_read_ex(ssl_.get(), piece.data(), piece.size(), &bytes) == 1) plain.append(piece, 0, bytes);
    note_error();
    return plain;
  }

  void send(std::string_view plain) {
    size_t bytes = 0;
    SSL_write_ex(ssl_.get(), plain.data(), plain.size(), &bytes);
    note_error();
  }

  /// The bytes that it has to send.
  std::string take() {
    std::string wire = text_of(SSL_get_wbio(ssl_.get()));
    BIO_reset(SSL_get_wbio(ssl_.get()));
    return wire;
  }

 private:
  void note_error() {
    if (ERR_peek_last_error() != 0) error_ = last_reason();
    ERR_clear_error();
  }

  std::unique_ptr<SSL_CTX, Freeing<SSL_CTX_free>> context_;
  std::unique_ptr<SSL, Freeing<SSL_free>> ssl_;
  std::string error_;
};

/// A stream with its client, and the way between them.
struct TestConnection {
  TestConnection(const Context& context, const ClientOptions& options, size_t bytes_at_once = SIZE_MAX)
      : piece_bytes(bytes_at_once), stream(context), client(options) {}

  /// Gives bytes to the stream, in pieces.
  void to_server(std::string_view bytes) {
    while (!bytes.empty()) {
      stream.received(bytes.substr(0, piece_bytes), plain, wire);
      EXPECT_EQ(ERR_peek_error(), 0u) << "the error queue is not empty";
      bytes.remove_prefix(std::min(bytes.size(), piece_bytes));
    }
  }

  /// Carries bytes both ways until neither side has any; returns what the client got.
  std::string carry() {
    std::string got;
    do {
      to_server(client.take());
      const std::string sent = std::exchange(wire, {});
      got += client.received(sent);
    } while (!wire.empty() || BIO_ctrl_pending(SSL_get_wbio(client.ssl())) != 0);
    return got;
  }

  bool shake_hands() {
    SSL_do_handshake(client.ssl());
    ERR_clear_error();
    carry();
    return stream.established() && client.established();
  }

  size_t piece_bytes;
  Stream stream;
  TestClient client;
  std::string plain;  ///< what the stream decrypted
  std::string wire;   ///< what the stream has to send
};

}  // namespace counterpart::mock::tls

#pragma once
/// What a server proves itself with, and what it demands of clients: PEM texts into OpenSSL's context. Used by tls.cpp
/// only.

#include <string>

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace counterpart::mock::tls {

/// A PEM text and what errors call it: a path, "the key".
struct Pem {
  std::string name;
  std::string text;
};

/// On failure all of these return false, with a sentence that names the text in `error`.
bool read_file(const std::string& path, Pem& pem, std::string& error);
/// `certificate`: the server's own, then those that lead to the root, if any.
bool use_certificate(ssl_ctx_st* context, const Pem& certificate, const Pem& key, std::string& error);
/// `client_ca` is a path. Clients without a certificate of one of these fail the handshake.
bool demand_client_certificates(ssl_ctx_st* context, const std::string& client_ca, std::string& error);

}  // namespace counterpart::mock::tls

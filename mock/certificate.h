#pragma once
/// Makes the certificate of `--tls` without `--cert`: self-signed, for this machine, to be put into a client's trust
/// store. Used where the mock starts; tls.h serves it.

#include <optional>
#include <string>

namespace counterpart::mock::tls {

struct Certificate {
  std::string pem;
  std::string key_pem;  ///< PKCS 8, not encrypted
};

/// A new key (P-256) and its certificate for localhost, 127.0.0.1, ::1 and `host` (a name or an IP address; may be empty
/// or one of these), valid from a day ago for 825 days. It is its own CA, and no other certificate's. Without one,
/// `error` says why.
std::optional<Certificate> make_certificate(const std::string& host, std::string& error);

}  // namespace counterpart::mock::tls

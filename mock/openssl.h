#pragma once
/// Ownership and errors for the sources that call OpenSSL: tls.cpp, tls_credentials.cpp, certificate.cpp. Includes
/// nothing of OpenSSL itself.

#include <string>

namespace counterpart::mock::tls {

/// A deleter: std::unique_ptr<X509, Freeing<X509_free>>.
template <auto free>
struct Freeing {
  template <typename Type>
  void operator()(Type* object) const {
    free(object);
  }
};

/// OpenSSL's error queue is the thread's: for the length of a scope, found empty and left empty.
class CleanErrors {
 public:
  CleanErrors();
  ~CleanErrors();
  CleanErrors(const CleanErrors&) = delete;
  CleanErrors& operator=(const CleanErrors&) = delete;
};

/// The newest error of the queue: "bad end line".
std::string last_reason();

}  // namespace counterpart::mock::tls

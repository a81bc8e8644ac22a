#include "mock/openssl.h"

#include <openssl/err.h>

namespace counterpart::mock::tls {

CleanErrors::CleanErrors() { ERR_clear_error(); }
CleanErrors::~CleanErrors() { ERR_clear_error(); }

std::string last_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason ? reason : "OpenSSL does not say why";
}

}  // namespace counterpart::mock::tls

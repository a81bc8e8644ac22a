#include "conformance/reports/sha256.h"

#include <fmt/format.h>
#include <openssl/sha.h>

namespace counterpart::conformance::reports {

std::string sha256(std::string_view bytes) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

std::string sha256_hex(std::string_view bytes) {
  std::string result;
  for (const char byte : sha256(bytes)) result += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return result;
}

}  // namespace counterpart::conformance::reports

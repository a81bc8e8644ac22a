#pragma once
/// SHA-256, by OpenSSL: for fingerprints, and for what a page's Content-Security-Policy allows.

#include <string>
#include <string_view>

namespace counterpart::conformance::reports {

/// The digest's 32 bytes.
std::string sha256(std::string_view bytes);

std::string sha256_hex(std::string_view bytes);

}  // namespace counterpart::conformance::reports

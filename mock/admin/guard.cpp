#include "mock/admin/guard.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <optional>

#include "engine/http/problem.h"
#include "mock/admin/endpoint.h"

namespace counterpart::mock::admin {

namespace {

constexpr size_t shown_bytes_max = 80;

/// What stands behind "Bearer" (RFC 6750, 2.1; the scheme's case does not matter).
std::optional<std::string_view> bearer_token(const http::Request& request) {
  constexpr std::string_view scheme = "bearer ";
  const std::string* header = request.headers.find("authorization");
  if (header == nullptr) return std::nullopt;
  std::string_view value = *header;
  if (!http::equal_ignoring_case(value.substr(0, scheme.size()), scheme)) return std::nullopt;
  value.remove_prefix(std::min(value.find_first_not_of(' ', scheme.size()), value.size()));
  return value;
}

/// The host of "host:port" or "[host]:port", in lower case.
std::string host_of(std::string_view authority) {
  if (authority.starts_with('[')) return http::lower_case(authority.substr(1, authority.find(']') - 1));
  return http::lower_case(authority.substr(0, authority.find(':')));
}

/// A page of this very server sends its own address: "http://127.0.0.1:4010" beside "Host: 127.0.0.1:4010".
void check_origin(const http::Request& request) {
  const std::string* origin = request.headers.find("origin");
  if (origin == nullptr) return;
  const std::string* host = request.headers.find("host");
  const size_t scheme = origin->find("://");
  if (host != nullptr && scheme != std::string::npos &&
      http::equal_ignoring_case(std::string_view(*origin).substr(scheme + 3), *host)) {
    return;
  }
  refuse(403,
         fmt::format("the admin API is not for pages of another origin: \"{}\"", origin->substr(0, shown_bytes_max)));
}

/// A browser always sends a Host; RFC 6761, 6.3 keeps what ends in .localhost on this machine.
void check_host(const http::Request& request) {
  const std::string* header = request.headers.find("host");
  if (header == nullptr) return;
  const std::string host = host_of(*header);
  if (is_loopback(host) || host.ends_with(".localhost")) return;
  refuse(403, fmt::format("without a token the admin API is for this machine's own names, such as localhost, and not "
                          "for \"{}\"",
                          host.substr(0, shown_bytes_max)));
}

}  // namespace

bool is_loopback(const std::string& host) {
  in_addr address{};  // "127.example.com" is a name like any other
  return host == "localhost" || host == "::1" ||
         (host.starts_with("127.") && ::inet_pton(AF_INET, host.c_str(), &address) == 1);
}

Guard::Guard(const std::string& token) : needs_token_(!token.empty()), token_(digest(token)) {}

Guard::Digest Guard::digest(std::string_view text) {
  static_assert(sizeof(Digest) == SHA256_DIGEST_LENGTH);
  Digest digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

void Guard::check(const http::Request& request) const {
  check_origin(request);
  if (needs_token_) {
    check_token(request);
  } else {
    check_host(request);
  }
}

/// Digests have one length, so the comparison tells nothing of the token's.
void Guard::check_token(const http::Request& request) const {
  const auto sent = bearer_token(request);
  const Digest sent_digest = digest(sent.value_or(""));
  if (CRYPTO_memcmp(sent_digest.data(), token_.data(), token_.size()) == 0) return;
  http::Response refused = http::problem(401, sent ? "this is not the admin token" : "the admin token is needed");
  refused.headers.add("WWW-Authenticate", "Bearer");
  throw Refusal{std::move(refused)};
}

}  // namespace counterpart::mock::admin

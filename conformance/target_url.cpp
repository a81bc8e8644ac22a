#include "conformance/target_url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/http/message.h"

namespace counterpart::conformance {
namespace {

constexpr size_t url_bytes_max = 4096;

bool is_host_byte(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '-' ||
         byte == '.' || byte == '_';
}

bool is_address_byte(char byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F') || byte == ':' ||
         byte == '.';
}

/// What is wrong with the characters of a URL, or "".
std::string problem_of_bytes(std::string_view url) {
  if (url.empty()) return "the URL is empty";
  if (url.size() > url_bytes_max) return fmt::format("the URL is longer than {} bytes", url_bytes_max);
  for (const char byte : url) {
    if (byte <= ' ' || byte > '~') return "a URL has no spaces, control characters or letters past ASCII";
  }
  return {};
}

/// Splits `authority` into host and port; "" or what is wrong.
std::string take_authority(std::string_view authority, TargetUrl& url) {
  if (authority.find('@') != std::string_view::npos)
    return "credentials do not belong into the URL: put them into headers";
  std::string_view port;
  const bool bracketed = authority.starts_with('[');
  const size_t host_end = bracketed ? authority.find(']') : authority.find(':');
  if (bracketed && host_end == std::string_view::npos) return "the URL's [ has no ]";
  const std::string_view host = authority.substr(bracketed ? 1 : 0, bracketed ? host_end - 1 : host_end);
  const std::string_view rest = authority.substr(std::min(authority.size(), host.size() + (bracketed ? 2 : 0)));
  if (!rest.empty() && rest[0] != ':') return "only a port may follow the URL's ]";
  if (rest.size() > 1) port = rest.substr(1);
  if (host.empty()) return "the URL has no host";
  if (!std::all_of(host.begin(), host.end(), bracketed ? is_address_byte : is_host_byte)) {
    return "the URL's host is no name and no address";
  }
  url.host = host;
  const uint16_t usual = url.tls ? 443 : 80;
  url.port = usual;
  if (!port.empty()) {
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
    if (error != std::errc() || end != port.data() + port.size() || url.port == 0) {
      return "the URL's port must be 1 to 65535";
    }
  }
  url.authority = bracketed ? fmt::format("[{}]", host) : std::string(host);
  if (url.port != usual) url.authority += fmt::format(":{}", url.port);
  return {};
}

}  // namespace

std::string TargetUrl::of(std::string_view request_target) const {
  return fmt::format("{}://{}{}{}", tls ? "https" : "http", authority, base, request_target);
}

std::string TargetUrl::place() const {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

std::optional<TargetUrl> parse_target_url(std::string_view url, std::string& problem) {
  problem = problem_of_bytes(url);
  if (!problem.empty()) return std::nullopt;
  TargetUrl parsed;
  const size_t scheme_end = std::min(url.find("://"), url.size());
  const std::string_view scheme = url.substr(0, scheme_end);
  parsed.tls = http::equal_ignoring_case(scheme, "https");
  if (scheme_end == url.size() || (!parsed.tls && !http::equal_ignoring_case(scheme, "http"))) {
    problem = "a target's URL begins with http:// or https://";
    return std::nullopt;
  }
  const std::string_view rest = url.substr(scheme_end + 3);
  if (rest.find_first_of("?#") != std::string_view::npos) {
    problem = "a target's URL has no query and no fragment";
    return std::nullopt;
  }
  const size_t authority_end = std::min(rest.find('/'), rest.size());
  problem = take_authority(rest.substr(0, authority_end), parsed);
  if (!problem.empty()) return std::nullopt;
  parsed.base = rest.substr(authority_end);
  while (parsed.base.ends_with('/')) parsed.base.pop_back();
  return parsed;
}

}  // namespace counterpart::conformance

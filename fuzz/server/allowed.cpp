#include "fuzz/server/allowed.h"

#include <fmt/format.h>

#include <asio.hpp>

namespace counterpart::fuzz::server {

namespace {

bool is_loopback_address(const asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback();
  }
  return address.is_loopback();
}

}  // namespace

bool is_loopback(const std::string& host, std::string& problem) {
  asio::io_context io;
  asio::ip::tcp::resolver resolver(io);
  asio::error_code failed;
  const auto found = resolver.resolve(host, "80", asio::ip::tcp::resolver::numeric_service, failed);
  if (failed || found.empty()) {
    problem = fmt::format("the name {} cannot be resolved: {}", host, failed.message());
    return false;
  }
  for (const auto& one : found) {
    if (is_loopback_address(one.endpoint().address())) continue;
    const std::string address = one.endpoint().address().to_string();
    problem = fmt::format("{}{} is another machine; --i-am-allowed says that its owner lets you fuzz it", host,
                          address == host ? "" : fmt::format(" ({})", address));
    return false;
  }
  return true;
}

}  // namespace counterpart::fuzz::server

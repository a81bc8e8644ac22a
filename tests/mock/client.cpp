#include "tests/mock/client.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ostream>
#include <stdexcept>

namespace counterpart::tests {
namespace {

constexpr int patience_ms = 120'000;

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](unsigned char x, unsigned char y) {
           return std::tolower(x) == std::tolower(y);
         });
}

void wait_for(int socket, short events) {
  pollfd waiting{socket, events, 0};
  if (::poll(&waiting, 1, patience_ms) <= 0) throw std::runtime_error("the mock does not move");
}

/// The status line and headers of `head`.
Response parse_head(std::string_view head) {
  Response response;
  size_t begin = std::min(head.find("\r\n"), head.size());
  const std::string_view status_line = head.substr(0, begin);
  if (status_line.substr(0, 9) != "HTTP/1.1 ") throw std::runtime_error("no HTTP/1.1: " + std::string(status_line));
  response.status = std::atoi(std::string(status_line.substr(9, 3)).c_str());
  for (begin += 2; begin < head.size();) {
    const size_t end = std::min(head.find("\r\n", begin), head.size());
    const std::string_view line = head.substr(begin, end - begin);
    const size_t colon = line.find(": ");
    if (colon == std::string_view::npos) throw std::runtime_error("no header: " + std::string(line));
    response.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    begin = end + 2;
  }
  return response;
}

}  // namespace

std::string Response::header(std::string_view name) const {
  for (const auto& [given, value] : headers) {
    if (same_name(given, name)) return value;
  }
  return {};
}

bool Response::has_header(std::string_view name) const {
  return std::any_of(headers.begin(), headers.end(),
                     [name](const auto& header) { return same_name(header.first, name); });
}

std::string request(std::string_view method, std::string_view target, std::string_view headers, std::string_view body) {
  const std::string length = body.empty() ? "" : fmt::format("Content-Length: {}\r\n", body.size());
  return fmt::format("{} {} HTTP/1.1\r\nHost: panel.example.com\r\n{}{}\r\n{}", method, target, headers, length, body);
}

Client::Client(uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (socket_ < 0 || ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    const std::string reason = std::strerror(errno);
    if (socket_ >= 0) ::close(socket_);
    throw std::runtime_error("cannot connect: " + reason);
  }
  const int yes = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
}

Client::~Client() {
  if (socket_ >= 0) ::close(socket_);
}

void Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    wait_for(socket_, POLLOUT);
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN) throw std::runtime_error(std::string("cannot send: ") + std::strerror(errno));
    if (sent > 0) bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

bool Client::has_answer() const {
  pollfd waiting{socket_, POLLIN, 0};
  return ::poll(&waiting, 1, 0) > 0;
}

size_t Client::send_until_answered(std::string_view bytes) {
  size_t all = 0;
  while (all < bytes.size() && !has_answer()) {
    wait_for(socket_, POLLOUT | POLLIN);
    const ssize_t sent = ::send(socket_, bytes.data() + all, bytes.size() - all, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN) break;
    if (sent > 0) all += static_cast<size_t>(sent);
  }
  return all;
}

void Client::send_without_reading(std::string_view bytes) {
  constexpr int stuck_ms = 300;
  pollfd waiting{socket_, POLLOUT, 0};
  while (!bytes.empty() && ::poll(&waiting, 1, stuck_ms) > 0) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN) return;
    if (sent > 0) bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

void Client::finish_sending() { ::shutdown(socket_, SHUT_WR); }

/// Takes in what has come; false when the connection has ended.
bool Client::receive() {
  std::array<char, 65536> buffer;
  wait_for(socket_, POLLIN);
  const ssize_t bytes = ::recv(socket_, buffer.data(), buffer.size(), 0);
  was_reset_ = bytes < 0 && errno == ECONNRESET;
  if (bytes <= 0) return false;
  received_.append(buffer.data(), static_cast<size_t>(bytes));
  return true;
}

Response Client::read(bool to_head) {
  constexpr std::string_view end_of_head = "\r\n\r\n";
  size_t head_bytes = 0;
  while ((head_bytes = received_.find(end_of_head)) == std::string::npos) {
    if (!receive()) return {};
  }
  Response response = parse_head(std::string_view(received_).substr(0, head_bytes));
  head_bytes += end_of_head.size();
  const size_t body_bytes = to_head ? 0 : std::strtoull(response.header("Content-Length").c_str(), nullptr, 10);
  while (received_.size() < head_bytes + body_bytes) {
    if (!receive()) throw std::runtime_error("the connection ended inside of a body");
  }
  response.body = received_.substr(head_bytes, body_bytes);
  received_.erase(0, head_bytes + body_bytes);
  return response;
}

Response Client::ask(std::string_view method, std::string_view target, std::string_view headers,
                     std::string_view body) {
  send(request(method, target, headers, body));
  return read(method == "HEAD");
}

bool Client::is_closed() { return received_.empty() && !receive(); }

Rest Client::read_to_end() {
  Rest rest;
  do {
    if (!received_.empty()) rest.pieces.push_back(std::exchange(received_, {}));
  } while (receive());
  rest.end = was_reset_ ? End::reset : End::closed;
  return rest;
}

std::ostream& operator<<(std::ostream& out, End end) { return out << (end == End::reset ? "RST" : "FIN"); }

std::string Rest::bytes() const {
  std::string all;
  for (const std::string& piece : pieces) all += piece;
  return all;
}

std::vector<size_t> Rest::boundaries() const {
  std::vector<size_t> places;
  size_t at = 0;
  for (size_t i = 0; i + 1 < pieces.size(); ++i) places.push_back(at += pieces[i].size());
  return places;
}

Response ask(uint16_t port, std::string_view method, std::string_view target, std::string_view headers,
             std::string_view body) {
  return Client(port).ask(method, target, headers, body);
}

Response answer_to(uint16_t port, std::string_view bytes) {
  Client client(port);
  client.send_until_answered(bytes);
  return client.read();
}

}  // namespace counterpart::tests

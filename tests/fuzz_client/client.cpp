/// A client of keyauth-seller with three planted bugs; all else that can come is met with exit code 2. It prints the id of
/// the seller's first session.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace {

[[noreturn]] void refuse(const char* why) {
  std::fprintf(stderr, "client: %s\n", why);
  std::exit(2);
}

/// The socket of http://ADDRESS:PORT/path, and the path.
int connect_to(const std::string& url, std::string& host, std::string& path) {
  const std::string scheme = "http://";
  const size_t slash = url.find('/', scheme.size());
  const size_t colon = url.find(':', scheme.size());
  host = url.substr(scheme.size(), slash - scheme.size());
  path = slash == std::string::npos ? "" : url.substr(slash);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(std::atoi(url.c_str() + colon + 1)));
  if (inet_pton(AF_INET, url.substr(scheme.size(), colon - scheme.size()).c_str(), &address.sin_addr) != 1) {
    refuse("no address");
  }
  const int connection = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) refuse("cannot connect");
  return connection;
}

/// Appends what comes next; false at the end. Bug: a server that says nothing is waited for without end.
bool receive(int connection, std::string& bytes) {
  char buffer[4096];
  const ssize_t count = recv(connection, buffer, sizeof buffer, 0);
  if (count < 0) refuse("the connection broke");
  bytes.append(buffer, static_cast<size_t>(count));
  return count > 0;
}

/// The value of the one Content-Length.
size_t content_length(const std::string& head) {
  const std::string name = "\r\nContent-Length: ";
  const size_t at = head.find(name);
  if (at == std::string::npos || head.find(name, at + 1) != std::string::npos) refuse("no Content-Length");
  size_t length = 0;
  const char* const begin = head.data() + at + name.size();
  const auto [end, error] = std::from_chars(begin, head.data() + head.size(), length);
  constexpr size_t length_max = 1 << 20;
  if (error != std::errc() || *end != '\r' || length == 0 || length > length_max) refuse("a strange Content-Length");
  return length;
}

std::string get(const std::string& url, const std::string& target) {
  std::string host, path;
  const int connection = connect_to(url, host, path);
  const std::string request = "GET " + path + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
  if (send(connection, request.data(), request.size(), MSG_NOSIGNAL) < 0) refuse("cannot send");
  constexpr size_t head_max = 64 * 1024;
  std::string bytes;
  while (bytes.find("\r\n\r\n") == std::string::npos) {
    if (bytes.size() > head_max || !receive(connection, bytes)) refuse("no head");
  }
  const size_t head_end = bytes.find("\r\n\r\n") + 4;
  const std::string head = bytes.substr(0, head_end);
  if (!head.starts_with("HTTP/1.1 200 ")) refuse("not 200");
  const size_t length = content_length(head);
  std::string body = bytes.substr(head_end);
  while (body.size() < length && receive(connection, body)) {
  }
  close(connection);
  if (body.size() > length) body.resize(length);
  if (body.at(length - 1) != '}') refuse("no JSON object");  // bug: as many bytes as were promised need not have come
  return body;
}

}  // namespace

int main() {
  const char* url = std::getenv("COUNTERPART_URL");
  if (url == nullptr) refuse("no COUNTERPART_URL");
  const auto answer =
      nlohmann::json::parse(get(url, "/api/seller?sellerkey=sellerkeyhere&type=fetchallsessions"), nullptr, false);
  if (!answer.is_object() || !answer.contains("sessions") || !answer["sessions"].is_array()) refuse("no sessions");
  std::vector<std::string> ids;
  for (const auto& session : answer["sessions"]) {
    if (!session.is_object() || !session.contains("id") || !session["id"].is_string()) refuse("no session");
    ids.push_back(session["id"]);
  }
  std::printf("%zu bytes of id\n", ids.at(0).size());  // bug: there may be none
  return 0;
}

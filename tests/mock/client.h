#pragma once
/// An HTTP/1.1 client over a plain socket, for the tests of this folder: sends exactly the bytes it is given and reads
/// responses as they are framed, so that tests can be as rude as they like.

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace counterpart::tests {

struct Response {
  int status = 0;  ///< 0: the connection ended before a response came
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  /// The value of a header, whatever its case; "" when it is not there.
  std::string header(std::string_view name) const;
  bool has_header(std::string_view name) const;
};

/// The bytes of a request to panel.example.com. `headers` are whole lines, each ended by CRLF.
std::string request(std::string_view method, std::string_view target, std::string_view headers = "",
                    std::string_view body = "");

/// How a connection ended: with a FIN or with an RST.
enum class End { closed, reset };
std::ostream& operator<<(std::ostream& out, End end);

/// All that came until a connection ended.
struct Rest {
  std::vector<std::string> pieces;  ///< as they came: each was there before the next
  End end = End::closed;

  std::string bytes() const;
  /// Where the second and every further piece begins.
  std::vector<size_t> boundaries() const;
};

/// One connection to 127.0.0.1. Methods throw std::runtime_error when nothing moves for two minutes.
class Client {
 public:
  explicit Client(uint16_t port);
  ~Client();
  Client(Client&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)),
        received_(std::move(other.received_)),
        was_reset_(other.was_reset_) {}
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Sends all of it, or throws.
  void send(std::string_view bytes);
  /// Sends as much as the server takes before it answers or closes; how much that was.
  size_t send_until_answered(std::string_view bytes);
  /// Sends as much as the server takes while nobody reads its answers.
  void send_without_reading(std::string_view bytes);
  /// No more will be sent.
  void finish_sending();

  /// Reads one response. `to_head`: the answer to a HEAD request, which has no body.
  Response read(bool to_head = false);
  Response ask(std::string_view method, std::string_view target, std::string_view headers = "",
               std::string_view body = "");
  /// Whether the server closes, rather than sends, next.
  bool is_closed();
  /// Reads whatever comes until the server ends the connection.
  Rest read_to_end();
  /// Whether something came, or the connection ended, that was not read yet.
  bool has_answer() const;

 private:
  bool receive();

  int socket_ = -1;
  std::string received_;
  bool was_reset_ = false;
};

/// A request on a connection of its own.
Response ask(uint16_t port, std::string_view method, std::string_view target, std::string_view headers = "",
             std::string_view body = "");
/// The answer to bytes on a connection of its own.
Response answer_to(uint16_t port, std::string_view bytes);

}  // namespace counterpart::tests

#include "mock/codec.h"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <string_view>
#include <utility>

#include "engine/http/problem.h"

namespace counterpart::mock {
namespace {

constexpr std::string_view stand_in_head = "GET / HTTP/1.1\r\n\r\n";
constexpr std::string_view stand_in_head_of_head = "HEAD / HTTP/1.1\r\n\r\n";
constexpr std::string_view length_field = "\r\nContent-Length: ";
constexpr size_t written_heads_max = 256;
constexpr size_t written_head_bytes_max = 2048;

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
  });
}

/// Fields that say how the message is framed: the codec's to write, never a handler's.
bool is_framing(std::string_view name) {
  switch (name.size()) {
    case 10:
      return http::equal_ignoring_case(name, "Connection") || http::equal_ignoring_case(name, "Keep-Alive");
    case 14:
      return http::equal_ignoring_case(name, "Content-Length");
    case 17:
      return http::equal_ignoring_case(name, "Transfer-Encoding");
    default:
      return false;
  }
}

/// RFC 9110, 5.5: CR, LF and NUL in a value are replaced by a space, so that a value cannot end its line.
std::string on_one_line(std::string value) {
  for (char& c : value) {
    if (c == '\r' || c == '\n' || c == '\0') c = ' ';
  }
  return value;
}

/// RFC 9110, 6.4.1 and 15.3.6.
bool has_body(int status) { return status >= 200 && status != 204 && status != 205 && status != 304; }

/// RFC 9110, 8.6. (After a 304 it would have to be the length of the 200 that was not sent.)
bool has_content_length(int status) { return has_body(status) || status == 205; }

/// The stream cpp-httplib reads the stand-in head from and writes the response to.
class MemoryStream final : public httplib::Stream {
 public:
  MemoryStream(std::string_view in, std::string& out) : in_(in), out_(out), start_(out.size()) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, size_t size) override {
    const size_t taken = in_.copy(to, size);
    in_.remove_prefix(taken);
    return static_cast<ssize_t>(taken);
  }
  ssize_t write(const char* from, size_t size) override {
    out_.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return INVALID_SOCKET; }

  /// cpp-httplib names a few statuses by older phrases, and one that it does not know "Internal Server Error".
  void set_reason(int status) {
    const size_t phrase_start = start_ + std::string_view("HTTP/1.1 200 ").size();
    const size_t phrase_bytes = out_.find("\r\n", phrase_start) - phrase_start;
    const std::string_view phrase = std::string_view(out_).substr(phrase_start, phrase_bytes);
    const std::string_view right = http::reason_phrase(status);
    const bool is_listed_elsewhere = right.empty() && phrase != "Internal Server Error";
    if (phrase != right && !is_listed_elsewhere) out_.replace(phrase_start, phrase_bytes, right);
  }

 private:
  std::string_view in_;
  std::string& out_;
  const size_t start_;
};

bool same(const http::Headers& a, const http::Headers& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](const auto& x, const auto& y) {
           return x.name == y.name && x.value == y.value;
         });
}

/// A head that cpp-httplib wrote, taken apart at the one thing in it that the response's headers do not tell: the
/// length. An API has few heads, and its answers use them again and again.
class WrittenHead {
 public:
  static size_t slot(const http::Response& response) {
    size_t hash = static_cast<size_t>(response.status);
    for (const http::Header& field : response.headers) {
      hash = hash * 31 + std::hash<std::string_view>()(field.name);
      hash = hash * 31 + std::hash<std::string_view>()(field.value);
    }
    return hash % written_heads_max;
  }

  bool is_of(const http::Response& response, Exchange exchange) const {
    return status_ == response.status && exchange_.keep_alive == exchange.keep_alive &&
           exchange_.http_1_0 == exchange.http_1_0 && same(headers_, response.headers);
  }

  void set(const http::Response& response, Exchange exchange, std::string_view written) {
    const std::string_view head = written.substr(0, written.find("\r\n\r\n") + 4);
    if (head.size() > written_head_bytes_max) return;
    status_ = response.status;
    exchange_ = exchange;
    headers_ = response.headers;
    const size_t length = head.find(length_field);
    before_length_ = head.substr(0, length);
    after_length_ = {};
    if (length == std::string_view::npos) return;
    before_length_ += length_field;
    after_length_ = head.substr(head.find('\r', length + length_field.size()));
  }

  void append_to(std::string& out, size_t body_bytes) const {
    out += before_length_;
    if (after_length_.empty()) return;
    std::array<char, 20> digits;
    out.append(digits.data(), std::to_chars(digits.begin(), digits.end(), body_bytes).ptr);
    out += after_length_;
  }

 private:
  int status_ = 0;
  Exchange exchange_;
  http::Headers headers_;
  std::string before_length_;
  std::string after_length_;  ///< empty: there is no Content-Length
};

}  // namespace

class Codec::Impl final : private httplib::Server {
 public:
  explicit Impl(const mock::Handler& handler) : handler_(handler) {
    set_pre_routing_handler([this](const httplib::Request&, httplib::Response& to) {
      to.status = response_.status;
      to.body = std::move(response_.body);
      return HandlerResponse::Handled;
    });
    set_post_routing_handler([this](const httplib::Request&, httplib::Response& to) { set_headers(to); });
  }

  bool answer(const http::Request& request, Exchange exchange, std::string& out) {
    ask(request);
    exchange_ = exchange;
    if (response_.status < 200) exchange_.keep_alive = false;
    write(request.method, out);
    return exchange_.keep_alive;
  }

  void refuse(http::Response response, std::string_view method, std::string& out) {
    response_ = std::move(response);
    exchange_ = {false, false};
    write(method, out);
  }

 private:
  void ask(const http::Request& request) {
    try {
      response_ = handler_(request);
      if (response_.status < 100 || response_.status > 999) {
        response_ = http::problem(500, fmt::format("The handler answered with status {}.", response_.status));
      }
    } catch (const std::exception& error) {
      response_ = http::problem(500, fmt::format("The handler failed: {}", error.what()));
    } catch (...) {
      response_ = http::problem(500, "The handler failed.");
    }
  }

  void write(std::string_view method, std::string& out) {
    if (!has_body(response_.status)) response_.body.clear();
    WrittenHead& head = written_heads_[WrittenHead::slot(response_)];
    if (head.is_of(response_, exchange_)) {
      head.append_to(out, response_.body.size());
      if (method != "HEAD") out += response_.body;
      return;
    }
    const size_t start = out.size();
    MemoryStream stream(method == "HEAD" ? stand_in_head_of_head : stand_in_head, out);
    bool closed = false;
    // "Close" spares cpp-httplib its Keep-Alive header; set_headers() decides what is really said.
    process_request(stream, true, closed, nullptr);
    stream.set_reason(response_.status);
    head.set(response_, exchange_, std::string_view(out).substr(start));
  }

  void set_headers(httplib::Response& to) {
    to.headers.clear();
    for (const http::Header& field : response_.headers) {
      if (is_token(field.name) && !is_framing(field.name)) to.headers.emplace(field.name, on_one_line(field.value));
    }
    if (has_content_length(to.status)) to.headers.emplace("Content-Length", std::to_string(to.body.size()));
    if (!exchange_.keep_alive) {
      to.headers.emplace("Connection", "close");
    } else if (exchange_.http_1_0) {
      to.headers.emplace("Connection", "keep-alive");
    }
  }

  const mock::Handler& handler_;
  http::Response response_;
  Exchange exchange_;
  std::vector<WrittenHead> written_heads_{written_heads_max};
};

Codec::Codec(const Handler& handler) : impl_(std::make_unique<Impl>(handler)) {}
Codec::Codec(Codec&&) noexcept = default;
Codec::~Codec() = default;

bool Codec::answer(const http::Request& request, Exchange exchange, std::string& out) {
  return impl_->answer(request, exchange, out);
}

void Codec::refuse(http::Response response, std::string_view method, std::string& out) {
  impl_->refuse(std::move(response), method, out);
}

}  // namespace counterpart::mock

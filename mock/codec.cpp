#include "mock/codec.h"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/http/problem.h"

namespace counterpart::mock {
namespace {

constexpr std::string_view stand_in_head = "GET / HTTP/1.1\r\n\r\n";
constexpr std::string_view stand_in_head_of_head = "HEAD / HTTP/1.1\r\n\r\n";

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

}  // namespace

class Codec::Impl final : private httplib::Server {
 public:
  explicit Impl(const mock::Handler& handler) : handler_(handler) {
    set_pre_routing_handler([this](const httplib::Request&, httplib::Response& to) {
      give(to);
      return HandlerResponse::Handled;
    });
    set_post_routing_handler([this](const httplib::Request&, httplib::Response& to) { set_headers(to); });
  }

  bool answer(const http::Request& request, Exchange exchange, std::string& out) {
    request_ = &request;
    exchange_ = exchange;
    run(request.method == "HEAD", out);
    return exchange_.keep_alive;
  }

  void refuse(http::Response response, std::string_view method, std::string& out) {
    request_ = nullptr;
    response_ = std::move(response);
    exchange_ = {false, false};
    run(method == "HEAD", out);
  }

 private:
  void run(bool head, std::string& out) {
    MemoryStream stream(head ? stand_in_head_of_head : stand_in_head, out);
    bool closed = false;
    // "Close" spares cpp-httplib its Keep-Alive header; set_headers() decides what is really said.
    process_request(stream, true, closed, nullptr);
    stream.set_reason(response_.status);
  }

  void give(httplib::Response& to) {
    if (request_ != nullptr) ask();
    if (response_.status < 200) exchange_.keep_alive = false;
    to.status = response_.status;
    if (has_body(to.status)) to.body = std::move(response_.body);
  }

  void ask() {
    try {
      response_ = handler_(*request_);
      if (response_.status < 100 || response_.status > 999) {
        response_ = http::problem(500, fmt::format("The handler answered with status {}.", response_.status));
      }
    } catch (const std::exception& error) {
      response_ = http::problem(500, fmt::format("The handler failed: {}", error.what()));
    } catch (...) {
      response_ = http::problem(500, "The handler failed.");
    }
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
  const http::Request* request_ = nullptr;
  http::Response response_;
  Exchange exchange_;
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

#include "mock/codec.h"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <string_view>
#include <utility>

#include "engine/http/media_type.h"
#include "engine/http/problem.h"

namespace counterpart::mock {
namespace {

// For HEAD cpp-httplib writes the head alone, which is all that is wanted of it.
constexpr std::string_view stand_in_head = "HEAD / HTTP/1.1\r\n\r\n";
constexpr size_t written_heads_max = 256;

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
void append_on_one_line(std::string& out, std::string_view value) {
  const size_t start = out.size();
  out += value;
  const auto breaks_line = [](char c) { return (c == '\r') | (c == '\n') | (c == '\0'); };
  int breaks = 0;
  for (const char c : value) breaks |= breaks_line(c);  // without a jump: many at once
  if (breaks != 0) std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(start), out.end(), breaks_line, ' ');
}

/// RFC 9110, 6.4.1 and 15.3.6.
bool has_body(int status) { return status >= 200 && status != 204 && status != 205 && status != 304; }

/// RFC 9110, 8.6. (After a 304 it would have to be the length of the 200 that was not sent.)
bool has_content_length(int status) { return has_body(status) || status == 205; }

/// The stream cpp-httplib reads the stand-in head from and writes the response's head to.
class MemoryStream final : public httplib::Stream {
 public:
  MemoryStream(std::string_view in, std::string& out) : in_(in), out_(out) {}

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
    const size_t phrase_start = std::string_view("HTTP/1.1 200 ").size();
    const size_t phrase_bytes = out_.find("\r\n", phrase_start) - phrase_start;
    const std::string_view phrase = std::string_view(out_).substr(phrase_start, phrase_bytes);
    const std::string_view right = http::reason_phrase(status);
    const bool is_listed_elsewhere = right.empty() && phrase != "Internal Server Error";
    if (phrase != right && !is_listed_elsewhere) out_.replace(phrase_start, phrase_bytes, right);
  }

 private:
  std::string_view in_;
  std::string& out_;
};

/// What cpp-httplib writes instead of the values, and where they go afterwards. No header of a shape has such a value.
constexpr char placeholder = '\x01';

/// A head that cpp-httplib wrote for one shape of response: status, framing, and the names of the headers. The values
/// are filled in for each response. An API has few shapes, and its answers use them again and again.
class WrittenHead {
 public:
  /// A place in a table of written_heads_max.
  static size_t slot(const http::Response& response) {
    size_t hash = static_cast<size_t>(response.status);
    for (const http::Header& field : response.headers) {
      hash = hash * 31 + std::hash<std::string_view>()(field.name);
    }
    return hash % written_heads_max;
  }

  bool is_of(const http::Response& response, Framing framing) const {
    return status_ == response.status && framing_.keep_alive == framing.keep_alive &&
           framing_.http_1_0 == framing.http_1_0 &&
           std::equal(names_.begin(), names_.end(), response.headers.begin(), response.headers.end(),
                      [](const std::string& name, const http::Header& field) { return name == field.name; });
  }

  /// `written` has, as each value, the placeholder and the index of the response's header; or its length's index.
  void set(const http::Response& response, Framing framing, std::string_view written) {
    status_ = response.status;
    framing_ = framing;
    names_.clear();
    for (const http::Header& field : response.headers) names_.push_back(field.name);
    pieces_.clear();
    for (;;) {
      const size_t value = written.find(placeholder);
      if (value == std::string_view::npos) break;
      const size_t end = written.find('\r', value);
      size_t header = 0;
      std::from_chars(written.data() + value + 1, written.data() + end, header);
      pieces_.push_back({std::string(written.substr(0, value)), header});
      written.remove_prefix(end);
    }
    rest_ = written;
  }

  void append_to(std::string& out, const http::Response& response) const {
    for (const Piece& piece : pieces_) {
      out += piece.text;
      if (piece.header == names_.size()) {
        std::array<char, 20> digits;
        out.append(digits.data(), std::to_chars(digits.begin(), digits.end(), response.body.size()).ptr);
      } else {
        append_on_one_line(out, (response.headers.begin() + static_cast<std::ptrdiff_t>(piece.header))->value);
      }
    }
    out += rest_;
  }

 private:
  struct Piece {
    std::string text;
    size_t header;  ///< whose value follows; their number: the body's length
  };

  int status_ = 0;
  Framing framing_;
  std::vector<std::string> names_;
  std::vector<Piece> pieces_;
  std::string rest_;
};

}  // namespace

class Codec::Impl final : private httplib::Server {
 public:
  explicit Impl(mock::Handler& handler) : handler_(handler) {
    set_pre_routing_handler([this](const httplib::Request&, httplib::Response& to) {
      to.status = response_.status;
      return HandlerResponse::Handled;
    });
    set_post_routing_handler([this](const httplib::Request&, httplib::Response& to) { set_headers(to); });
  }

  Answered answer(http::Request& request, Framing framing, std::string& out) {
    Answered answered;
    answered.reply = ask(request);
    framing_ = framing;
    if (response_.status < 200) framing_.keep_alive = false;
    const size_t start = out.size();
    const size_t body_bytes = write(request.method, out);
    answered.head_bytes = out.size() - start - body_bytes;
    answered.goes_on = framing_.keep_alive;
    return answered;
  }

  void refuse(const http::Request& read, http::Response problem, std::string& out) {
    response_ = std::move(problem);
    handler_.refused(read, response_);
    framing_ = {false, false};
    write(read.method, out);
  }

 private:
  /// Leaves the response in response_.
  Reply ask(http::Request& request) {
    try {
      Reply reply = handler_.answer(request);
      response_ = std::move(reply.response);
      if (response_.status < 100 || response_.status > 999) {
        response_ = http::problem(500, fmt::format("The handler answered with status {}.", response_.status));
      }
      return reply;
    } catch (const std::exception& error) {
      response_ = http::problem(500, fmt::format("The handler failed: {}", error.what()));
    } catch (...) {
      response_ = http::problem(500, "The handler failed.");
    }
    return {};
  }

  /// How many bytes of what was appended are the body.
  size_t write(std::string_view method, std::string& out) {
    if (!has_body(response_.status)) response_.body.clear();
    WrittenHead& head = written_heads_[WrittenHead::slot(response_)];
    if (!head.is_of(response_, framing_)) head.set(response_, framing_, written());
    head.append_to(out, response_);
    if (method == "HEAD") return 0;
    out += response_.body;
    return response_.body.size();
  }

  /// The head by cpp-httplib, with placeholders for values.
  std::string written() {
    std::string head;
    MemoryStream stream(stand_in_head, head);
    bool closed = false;
    // "Close" spares cpp-httplib its Keep-Alive header; set_headers() decides what is really said.
    process_request(stream, true, closed, nullptr);
    stream.set_reason(response_.status);
    return head;
  }

  void set_headers(httplib::Response& to) {
    to.headers.clear();
    size_t index = 0;
    const auto value = [&] { return placeholder + std::to_string(index); };
    for (const http::Header& field : response_.headers) {
      if (http::is_token(field.name) && !is_framing(field.name)) to.headers.emplace(field.name, value());
      ++index;
    }
    if (has_content_length(to.status)) to.headers.emplace("Content-Length", value());
    if (!framing_.keep_alive) {
      to.headers.emplace("Connection", "close");
    } else if (framing_.http_1_0) {
      to.headers.emplace("Connection", "keep-alive");
    }
  }

  mock::Handler& handler_;
  http::Response response_;
  Framing framing_;
  std::vector<WrittenHead> written_heads_{written_heads_max};
};

Codec::Codec(Handler& handler) : impl_(std::make_unique<Impl>(handler)) {}
Codec::Codec(Codec&&) noexcept = default;
Codec::~Codec() = default;

Codec::Answered Codec::answer(http::Request& request, Framing framing, std::string& out) {
  return impl_->answer(request, framing, out);
}

void Codec::refuse(const http::Request& read, http::Response problem, std::string& out) {
  impl_->refuse(read, std::move(problem), out);
}

}  // namespace counterpart::mock

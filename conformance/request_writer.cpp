#include "conformance/request_writer.h"

#include <fmt/format.h>
#include <httplib.h>

#include <string_view>

namespace counterpart::conformance {
namespace {

/// Takes what cpp-httplib writes, and has nothing to read.
class Writing final : public httplib::Stream {
 public:
  explicit Writing(std::string& out) : out_(out) {}

  bool is_readable() const override { return false; }
  bool is_writable() const override { return true; }
  ssize_t read(char*, size_t) override { return -1; }
  ssize_t write(const char* from, size_t size) override {
    out_.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return INVALID_SOCKET; }

 private:
  std::string& out_;
};

class Client final : private httplib::ClientImpl {
 public:
  Client() : ClientImpl("localhost") { set_url_encode(false); }

  void write(httplib::Request& request, std::string& out) {
    Writing stream(out);
    httplib::Response none;
    httplib::Error error = httplib::Error::Success;
    process_request(stream, request, none, false, error);
  }
};

bool breaks_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

bool is_framing(std::string_view name) {
  return http::equal_ignoring_case(name, "Content-Length") || http::equal_ignoring_case(name, "Transfer-Encoding");
}

std::string problem_of(const http::Request& request) {
  if (request.method.empty() || breaks_line(request.method) || request.method.find(' ') != std::string::npos) {
    return "its method is no word";
  }
  if (request.target.empty() || breaks_line(request.target)) return "its target is empty or holds a line break";
  for (const http::Header& field : request.headers) {
    if (field.name.empty() || breaks_line(field.name) || breaks_line(field.value)) {
      return fmt::format("its header \"{}\" holds a line break", http::field_value(field.name));
    }
  }
  return {};
}

}  // namespace

std::string write_request(const http::Request& request, std::string& problem) {
  problem = problem_of(request);
  if (!problem.empty()) return {};
  httplib::Request to;
  to.method = request.method;
  to.path = request.target;
  for (const http::Header& field : request.headers) {
    if (!is_framing(field.name)) to.headers.emplace(field.name, field.value);
  }
  if (to.headers.find("User-Agent") == to.headers.end()) to.headers.emplace("User-Agent", "counterpart");
  if (!request.body.empty()) {
    // Given as its `body`, cpp-httplib would call it text/plain where the request names no type.
    to.content_length_ = request.body.size();
    to.content_provider_ = [&request](size_t offset, size_t length, httplib::DataSink& sink) {
      return sink.write(request.body.data() + offset, length);
    };
  }
  std::string out;
  Client().write(to, out);
  return out;
}

http::Headers written_headers(const http::Request& request) {
  std::string problem;
  const std::string bytes = write_request(request, problem);
  if (!problem.empty()) return request.headers;
  http::Headers headers;
  size_t at = bytes.find("\r\n") + 2;
  for (size_t end = bytes.find("\r\n", at); end != std::string::npos && end > at; end = bytes.find("\r\n", at)) {
    const std::string_view line = std::string_view(bytes).substr(at, end - at);
    const size_t colon = std::min(line.find(':'), line.size());
    const size_t value = std::min(line.find_first_not_of(" \t", colon + 1), line.size());
    headers.add(std::string(line.substr(0, colon)), std::string(line.substr(value)));
    at = end + 2;
  }
  return headers;
}

}  // namespace counterpart::conformance

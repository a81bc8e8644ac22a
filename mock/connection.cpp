#include "mock/connection.h"

#include "engine/http/problem.h"

namespace counterpart::mock {
namespace {

constexpr size_t output_bytes_max = 1 << 20;  // past this no further request is answered before some of it is sent
constexpr size_t kept_input_bytes_max = 256;

}  // namespace

void Connection::received(std::string_view bytes, std::string& out) {
  if (closing_) return;
  if (input_.empty()) {
    process(bytes, out);
    if (!bytes.empty() && !closing_) input_ = bytes;
    return;
  }
  input_ += bytes;
  resume(out);
}

void Connection::resume(std::string& out) {
  std::string_view rest = input_;
  process(rest, out);
  if (closing_) rest = {};
  input_.erase(0, input_.size() - rest.size());
  if (input_.empty() && input_.capacity() > kept_input_bytes_max) input_.shrink_to_fit();
}

void Connection::ended(std::string& out) {
  if (in_request()) {
    refuse(400, "The connection ended before the request was complete.", out);
  }
  close(false);
}

void Connection::refuse(int status, std::string_view detail, std::string& out) {
  if (closing_) return;
  codec_.refuse(framer_.request(), http::problem(status, detail), out);
  close(true);
}

void Connection::close(bool lingers) {
  closing_ = true;
  lingers_ = lingers;
  stalled_ = false;
}

void Connection::process(std::string_view& bytes, std::string& out) {
  stalled_ = false;
  while (!closing_ && !bytes.empty()) {
    if (out.size() >= output_bytes_max) {
      stalled_ = true;
      return;
    }
    bytes.remove_prefix(framer_.feed(bytes));
    switch (framer_.state()) {
      case Framer::State::complete:
        answer(out);
        break;
      case Framer::State::refused:
        refuse(framer_.refusal().status, framer_.refusal().sentence, out);
        break;
      default:
        if (bytes.empty() && framer_.expects_continue()) out += "HTTP/1.1 100 Continue\r\n\r\n";
        return;
    }
  }
}

void Connection::answer(std::string& out) {
  const bool client_keeps_alive = framer_.keep_alive();
  const Exchange exchange{framer_.http_1_0(), client_keeps_alive && !stopping_};
  const bool goes_on = codec_.answer(framer_.request(), exchange, out);
  ++answered_;
  framer_.next();
  if (!goes_on) close(client_keeps_alive);
}

}  // namespace counterpart::mock

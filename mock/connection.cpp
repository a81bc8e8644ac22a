#include "mock/connection.h"

#include "engine/http/problem.h"
#include "engine/state/random.h"
#include "mock/faults/fault.h"

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
  framer_.next();  // what it held of a request is let go
  std::string().swap(input_);
}

void Connection::process(std::string_view& bytes, std::string& out) {
  stalled_ = false;
  const auto turn_end = std::chrono::steady_clock::now() + turn_time_;
  while (!closing_ && !transmission_ && !bytes.empty()) {
    if (out.size() >= output_bytes_max) {
      stalled_ = true;
      return;
    }
    bytes.remove_prefix(framer_.feed(bytes));
    switch (framer_.state()) {
      case Framer::State::complete:
        answer(out);
        if (!bytes.empty() && std::chrono::steady_clock::now() >= turn_end) {
          stalled_ = !closing_ && !transmission_;
          return;
        }
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
  const Framing framing{framer_.http_1_0(), client_keeps_alive && !stopping_};
  const bool is_to_head = framer_.request().method == "HEAD";
  const size_t start = out.size();
  const Codec::Answered answered = codec_.answer(framer_.request(), framing, out);
  ++answered_;
  framer_.next();
  if (answered.reply.delay.count() > 0 || answered.reply.fault != nullptr) {
    hold_back(answered, out.substr(start), is_to_head);
    out.resize(start);
  } else if (!answered.goes_on) {
    close(client_keeps_alive);
  }
}

void Connection::hold_back(const Codec::Answered& answered, std::string bytes, bool is_to_head) {
  const Reply& reply = answered.reply;
  Transmission& transmission = transmission_.emplace();
  if (reply.fault != nullptr) {
    state::SeededRandom random(reply.fault_seed);
    faults::Wire wire{bytes.substr(0, answered.head_bytes), bytes.substr(answered.head_bytes), is_to_head};
    transmission = reply.fault->damage(std::move(wire), random);
  } else {
    transmission.steps.push_back({Step::Kind::send, bytes.size(), 0, {}});
    transmission.bytes = std::move(bytes);
  }
  if (reply.delay.count() > 0) {
    transmission.steps.insert(transmission.steps.begin(), {Step::Kind::wait, 0, 0, reply.delay});
  }
  ends_after_ = !answered.goes_on;
}

size_t Connection::held_bytes() const {
  const size_t transmission_bytes = transmission_ ? transmission_->bytes.size() : 0;
  return input_.size() + framer_.request().body.size() + transmission_bytes;
}

void Connection::transmitted() {
  const bool ends = ends_after_ || transmission_->steps.back().kind == Step::Kind::close;
  transmission_.reset();
  if (ends) close(true);
}

}  // namespace counterpart::mock

#include "mock/session.h"

#include <poll.h>

#include <algorithm>
#include <asio/post.hpp>
#include <utility>

namespace counterpart::mock {
namespace {

constexpr size_t kept_output_bytes_max = 256 * 1024;
constexpr size_t linger_bytes_max = 64u << 20;
constexpr std::chrono::milliseconds linger_time{2000};
constexpr std::chrono::milliseconds half_closed_time{5000};

}  // namespace

void Session::start() {
  asio::error_code ignored;
  stream_.set_option(asio::ip::tcp::no_delay(true), ignored);
  stream_.non_blocking(true, ignored);
  read();
}

void Session::read() {
  if (reading_ || closed_) return;
  reading_ = true;
  stream_.async_read_some(asio::buffer(in_), [self = shared_from_this()](const asio::error_code& error, size_t bytes) {
    self->reading_ = false;
    self->on_read(error, bytes);
  });
}

void Session::on_read(const asio::error_code& error, size_t bytes) {
  if (closed_) return;
  if (lingering_) return error ? close() : drain(bytes);
  if (error == asio::error::eof) {
    connection_.ended(host_.out);
  } else if (error) {
    return close();
  } else {
    take({in_.data(), bytes});
    if (bytes == in_.size()) read_burst();
  }
  flush();
  host_.on_read();
}

/// The client sent more than its session's buffer holds: takes more at once. One read, then it is the others' turn.
void Session::read_burst() {
  if (connection_.closing() || connection_.stalled() || connection_.transmission() != nullptr) return;
  asio::error_code error;
  const size_t bytes = stream_.read_some(asio::buffer(host_.burst_in), error);
  if (error == asio::error::eof) return connection_.ended(host_.out);
  // Any other error but "would block" stays for the next operation to meet.
  if (!error) take({host_.burst_in.data(), bytes});
}

/// Bytes from the socket, to the connection.
void Session::take(std::string_view bytes) {
  if (tls_ == nullptr) return connection_.received(bytes, host_.out);
  host_.plain.clear();
  const tls::State state = tls_->received(bytes, host_.plain, host_.wire);
  if (!host_.plain.empty()) connection_.received(host_.plain, host_.out);
  switch (state) {
    case tls::State::open:
      return;
    case tls::State::closed:
      return connection_.ended(host_.out);
    case tls::State::failed:
      return connection_.end();
    case tls::State::plain_http:
      tls_.reset();
      host_.wire.clear();
      return connection_.refuse(400, "This port speaks TLS: the URL begins with https.", host_.out);
  }
}

/// What there is to send, as it goes over the wire.
std::string& Session::outgoing() {
  if (tls_ == nullptr) return host_.out;
  if (!host_.out.empty() && !tls_->send(host_.out, host_.wire)) connection_.end();
  host_.out.clear();
  return host_.wire;
}

/// Reads on after the last answer, so that the client's system does not throw that away (RFC 9112, 9.6).
void Session::drain(size_t bytes) {
  drained_bytes_ += bytes;
  asio::error_code error;
  drained_bytes_ += stream_.read_some(asio::buffer(host_.burst_in), error);
  if ((error && error != asio::error::would_block) || drained_bytes_ > linger_bytes_max) return close();
  read();
}

/// The writer: all output leaves here. Reading goes on only when the socket took all of it.
void Session::flush() {
  while (!closed_ && !writing_ && !pausing_ && !yielding_) {
    if (!send(unsent_.empty() ? outgoing() : unsent_)) return;
    if (const Transmission* transmission = connection_.transmission()) {
      if (!transmit(*transmission)) return;
      continue;
    }
    if (connection_.closing()) return finish();
    if (connection_.stalled()) return yield();
    if (account()) return go_on();
  }
}

/// Lets others have their turn, then goes on with what was left.
void Session::yield() {
  yielding_ = true;
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    self->yielding_ = false;
    if (self->closed_) return;
    self->connection_.resume(self->host_.out);
    self->flush();
  });
}

/// Keeps the host's count of what its sessions hold.
void Session::count_held() {
  const size_t bytes = closed_ ? 0 : connection_.held_bytes() + unsent_.size();
  host_.held_bytes += bytes - held_bytes_;
  held_bytes_ = bytes;
}

/// When all sessions hold too much, and this one not just a little, it is refused, or cut when it does not read its
/// answers: then false.
bool Session::account() {
  constexpr size_t little_bytes = 64 * 1024;
  count_held();
  if (host_.held_bytes <= host_.held_bytes_max || held_bytes_ <= little_bytes) return true;
  if (!unsent_.empty()) {
    cut();
  } else {
    connection_.refuse(503, "The server holds as much of unfinished requests as it may.", host_.out);
    count_held();
  }
  return false;
}

/// Does what comes next of an answer's transmission. True: there may be output to send.
bool Session::transmit(const Transmission& transmission) {
  if (step_ == transmission.steps.size()) {
    step_ = transmitted_bytes_ = 0;
    connection_.transmitted();
    connection_.resume(host_.out);
    return true;
  }
  const Step& step = transmission.steps[step_];
  switch (step.kind) {
    case Step::Kind::wait:
      ++step_;
      pause(step.time);
      return false;
    case Step::Kind::reset:
      cut();
      return false;
    case Step::Kind::close:
      step_ = transmission.steps.size();
      return true;
    case Step::Kind::send:
      break;
  }
  if (transmitted_bytes_ >= std::min(step.until, transmission.bytes.size())) {
    ++step_;
    chunk_is_out_ = false;
  } else if (chunk_is_out_) {
    chunk_is_out_ = false;
    pause(step.time);
    return false;
  } else {
    const size_t left = std::min(step.until, transmission.bytes.size()) - transmitted_bytes_;
    const size_t bytes = step.chunk_bytes == 0 ? left : std::min(left, step.chunk_bytes);
    host_.out.append(transmission.bytes, transmitted_bytes_, bytes);
    transmitted_bytes_ += bytes;
    chunk_is_out_ = step.chunk_bytes != 0;
  }
  return true;
}

void Session::pause(std::chrono::milliseconds time) {
  pausing_ = true;
  if (timer_ == nullptr) timer_ = std::make_unique<asio::steady_timer>(stream_.get_executor());
  timer_->expires_after(time);
  timer_->async_wait([self = shared_from_this()](const asio::error_code&) {
    self->pausing_ = false;
    self->flush();
  });
}

/// Empties `out` and returns true; or the rest of it is kept until the socket takes more, or the session closed.
bool Session::send(std::string& out) {
  while (unsent_start_ < out.size()) {
    asio::error_code error;
    const auto rest = asio::buffer(out) + unsent_start_;
    const size_t bytes = stream_.write_some(rest, error);
    unsent_start_ += bytes;
    sent_bytes_ += bytes;
    if (!error) continue;
    if (error == asio::error::would_block) {
      if (&out != &unsent_) unsent_.swap(out);
      if (account()) wait_writable();
    } else {
      out.clear();
      close();
    }
    return false;
  }
  unsent_start_ = 0;
  out.clear();
  if (&out == &unsent_ || out.capacity() > kept_output_bytes_max) out.shrink_to_fit();
  return true;
}

void Session::wait_writable() {
  writing_ = true;
  stream_.async_wait(Stream::wait_write, [self = shared_from_this()](const asio::error_code& error) {
    self->writing_ = false;
    if (error) return self->close();
    self->flush();
  });
}

/// All is sent and nothing more will be.
void Session::finish() {
  if (tls_ != nullptr && !std::exchange(said_goodbye_, true)) {
    tls_->close(host_.wire);
    return flush();
  }
  if (!connection_.lingers()) return close();
  asio::error_code ignored;
  stream_.shutdown(Stream::shutdown_send, ignored);
  lingering_ = true;
  read();
}

void Session::refuse(int status, std::string_view detail) {
  connection_.refuse(status, detail, host_.out);
  flush();
}

void Session::stop() {
  stopping_ = true;
  connection_.stop();
  if (stage() == Stage::idle) go_on();
}

/// Waits for the next request; when stopping, only if some of it is there.
void Session::go_on() {
  asio::error_code error;
  const bool nothing_came = stopping_ && stage() == Stage::idle && stream_.available(error) == 0;
  if (nothing_came || error) return close();
  read();
}

void Session::close() {
  if (closed_) return;
  closed_ = true;
  asio::error_code ignored;
  stream_.close(ignored);
  if (timer_ != nullptr) timer_->cancel();
  count_held();
  host_.on_close(*this);
}

/// Closes without waiting for what the client does not read.
void Session::cut() {
  asio::error_code ignored;
  stream_.set_option(asio::socket_base::linger(true, 0), ignored);
  close();
}

Session::Stage Session::stage() const {
  if (lingering_) return Stage::linger;
  if (!unsent_.empty()) return Stage::write;
  if (yielding_ || connection_.transmission() != nullptr) return Stage::pause;
  const bool shaking_hands = tls_ != nullptr && !tls_->established();
  return shaking_hands || connection_.in_request() ? Stage::request : Stage::idle;
}

std::chrono::milliseconds Session::time_max(Stage stage) const {
  switch (stage) {
    case Stage::idle:
      return host_.limits.idle_time;
    case Stage::request:
      return host_.limits.request_time;
    case Stage::pause:
      return std::chrono::hours(24);  // it is not the client who is slow; a limit that steady_clock can compare
    case Stage::write:
      return host_.limits.write_time;
    case Stage::linger:
      return linger_time;
  }
  return {};
}

/// Nobody reads from a socket whose answer waits: whether the client has reset the connection; or closed its side some
/// time ago, as one does that was killed, and hardly one that still waits.
bool Session::client_is_gone(Clock::time_point now) {
  pollfd socket{stream_.native_handle(), POLLRDHUP, 0};
  if (::poll(&socket, 1, 0) <= 0) return false;
  if ((socket.revents & (POLLERR | POLLHUP)) != 0) return true;
  if ((socket.revents & POLLRDHUP) == 0) return false;
  if (!half_closed_since_) half_closed_since_ = now;
  return now - *half_closed_since_ >= half_closed_time;
}

void Session::sweep(Clock::time_point now) {
  const Stage at = stage();
  if (at == Stage::pause && client_is_gone(now)) return close();
  const uint64_t progress = at == Stage::write ? sent_bytes_ : connection_.answered();
  if (at != seen_stage_ || progress != seen_progress_) {
    seen_stage_ = at;
    seen_progress_ = progress;
    since_ = now;
  } else if (now - since_ >= time_max(at)) {
    expire(at);
  }
}

void Session::expire(Stage stage) {
  switch (stage) {
    case Stage::idle:
    case Stage::linger:
      return close();
    case Stage::pause:
      return;
    case Stage::write:
      return cut();
    case Stage::request:
      return refuse(408, "The request did not come in time.");
  }
}

}  // namespace counterpart::mock

#include "mock/session.h"

#include <utility>

namespace counterpart::mock {
namespace {

constexpr size_t kept_output_bytes_max = 256 * 1024;
constexpr size_t linger_bytes_max = 64u << 20;
constexpr std::chrono::milliseconds linger_time{2000};

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
    connection_.received({in_.data(), bytes}, host_.out);
    if (bytes == in_.size()) read_burst();
  }
  flush();
}

/// The client sent more than its session's buffer holds: takes more at once. One read, then it is the others' turn.
void Session::read_burst() {
  if (connection_.closing() || connection_.stalled()) return;
  asio::error_code error;
  const size_t bytes = stream_.read_some(asio::buffer(host_.burst_in), error);
  if (error == asio::error::eof) return connection_.ended(host_.out);
  // Any other error but "would block" stays for the next operation to meet.
  if (!error) connection_.received({host_.burst_in.data(), bytes}, host_.out);
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
  while (!closed_ && !writing_) {
    if (!send(unsent_.empty() ? host_.out : unsent_)) return;
    if (connection_.closing()) return finish();
    if (!connection_.stalled()) return go_on();
    connection_.resume(host_.out);
  }
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
      wait_writable();
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
  return connection_.in_request() ? Stage::request : Stage::idle;
}

std::chrono::milliseconds Session::time_max(Stage stage) const {
  switch (stage) {
    case Stage::idle:
      return host_.limits.idle_time;
    case Stage::request:
      return host_.limits.request_time;
    case Stage::write:
      return host_.limits.write_time;
    case Stage::linger:
      return linger_time;
  }
  return {};
}

void Session::sweep(Clock::time_point now) {
  const Stage at = stage();
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
    case Stage::write:
      return cut();
    case Stage::request:
      return refuse(408, "The request did not come in time.");
  }
}

}  // namespace counterpart::mock

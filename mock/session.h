#pragma once
/// One connection on its socket: moves bytes between the socket and the Connection, and applies the time limits. Used
/// by worker.cpp only: this header shows Asio, every other one hides it.

#include <array>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "mock/codec.h"
#include "mock/connection.h"
#include "mock/server.h"
#include "mock/tls.h"

namespace counterpart::mock {

class Session;

/// What the sessions of one worker share; its thread's alone.
struct SessionHost {
  const Limits& limits;
  size_t held_bytes_max;  ///< the worker's share of the limit
  Codec codec;
  const tls::Context* tls;                 ///< nullptr: the connections are plain
  std::function<void(Session&)> on_close;  ///< called once by each session
  std::function<void()> on_read;           ///< called when one has done what it was sent
  size_t held_bytes = 0;                   ///< by its sessions
  std::string out{};                       ///< where answers are written; empty between events
  std::string wire{};                      ///< the same, encrypted
  std::string plain{};                     ///< what was decrypted
  std::array<char, 64 * 1024> burst_in{};  ///< for clients that send more than a session's own buffer holds
};

/// Every asynchronous operation holds a reference, and the worker's list holds one until on_close.
class Session : public std::enable_shared_from_this<Session> {
 public:
  using Clock = std::chrono::steady_clock;
  /// With the executor's type spelled out Asio need not erase it.
  using Stream = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

  /// `host` must outlive the session.
  Session(SessionHost& host, Stream stream)
      : host_(host),
        stream_(std::move(stream)),
        tls_(host.tls == nullptr ? nullptr : std::make_unique<tls::Stream>(*host.tls)),
        connection_(host.limits, host.codec) {}

  void start();
  /// Answers with a problem, then closes.
  void refuse(int status, std::string_view detail);
  /// Closes if nothing is in flight; otherwise the next answer is the last.
  void stop();
  /// Closes at once, and throws away what the client did not read.
  void cut();
  /// An answer is not wholly out.
  bool answers() const { return stage() == Stage::pause || stage() == Stage::write; }
  /// Applies the time limits: never early, late by two sweeps at most.
  void sweep(Clock::time_point now);

  size_t index = 0;  ///< the worker's: its place in the list

 private:
  enum class Stage { idle, request, pause, write, linger };

  void read();
  void on_read(const asio::error_code& error, size_t bytes);
  void read_burst();
  void take(std::string_view bytes);
  void drain(size_t bytes);

  void flush();
  std::string& outgoing();
  bool send(std::string& out);
  void wait_writable();
  bool transmit(const Transmission& transmission);
  void pause(std::chrono::milliseconds time);
  void go_on();
  void yield();
  void count_held();
  bool account();
  void finish();
  void close();

  Stage stage() const;
  std::chrono::milliseconds time_max(Stage stage) const;
  void expire(Stage stage);
  bool client_is_gone(Clock::time_point now);

  SessionHost& host_;
  Stream stream_;
  std::unique_ptr<tls::Stream> tls_;  ///< between the socket and the connection; nullptr: nothing is
  Connection connection_;
  std::string unsent_;       ///< output that the socket did not take at once
  size_t unsent_start_ = 0;  ///< how much of the output at hand was sent
  uint64_t sent_bytes_ = 0;
  size_t drained_bytes_ = 0;
  size_t held_bytes_ = 0;  ///< as the host counts them
  bool reading_ = false;   ///< an asynchronous read is under way
  bool writing_ = false;   ///< a wait for the socket to take more is under way
  bool yielding_ = false;  ///< it is the others' turn
  bool pausing_ = false;   ///< a wait that an answer's transmission asks for is under way
  bool stopping_ = false;
  bool said_goodbye_ = false;  ///< TLS's close_notify
  bool lingering_ = false;
  bool closed_ = false;
  size_t step_ = 0;               ///< of the transmission: what is next
  size_t transmitted_bytes_ = 0;  ///< of the transmission: what was put out
  bool chunk_is_out_ = false;     ///< of the step: its pause comes next
  std::unique_ptr<asio::steady_timer> timer_;
  Stage seen_stage_ = Stage::idle;
  uint64_t seen_progress_ = UINT64_MAX;
  Clock::time_point since_;                             ///< when a sweep first saw that stage with that progress
  std::optional<Clock::time_point> half_closed_since_;  ///< when a sweep first saw that the client sends no more
  std::array<char, 2048> in_;                           ///< what the connection waits with: an ordinary request fits
};

}  // namespace counterpart::mock

#pragma once
/// The protocol of one connection, without its socket: bytes that were read go in, bytes to send come out. Used by
/// Worker, which moves both. Answers every complete request of what came, in order; answers what is no request
/// with a problem and Connection: close; says "100 Continue" where it is awaited.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mock/codec.h"
#include "mock/framer.h"
#include "mock/server.h"
#include "mock/transmission.h"

namespace counterpart::mock {

class Connection {
 public:
  /// Both must outlive the connection.
  Connection(const Limits& limits, Codec& codec) : codec_(codec), turn_time_(limits.turn_time), framer_(limits) {}

  /// Takes bytes from the client and appends what they ask for to `out`. Stops when `out` is full, or when it has
  /// taken its turn (Limits::turn_time); see stalled().
  void received(std::string_view bytes, std::string& out);
  /// Goes on with what was left while `out` was full.
  void resume(std::string& out);
  /// The client sends no more (it may still read). Not to be called while stalled.
  void ended(std::string& out);
  /// Answers with a problem, whatever was going on, and closes: 408, 503.
  void refuse(int status, std::string_view detail, std::string& out);
  /// Nothing more is read or answered; what is among the output is still sent.
  void end() { close(true); }
  /// The next answer is to be the last.
  void stop() { stopping_ = true; }

  /// Nothing more is read; once all output is sent, the connection ends.
  bool closing() const { return closing_; }
  /// The client did not ask for that end and may still be sending: closing at once could make its system throw away
  /// an answer that it has not read yet.
  bool lingers() const { return closing_ && lingers_; }
  /// The answer to be sent next, when it is not simply among the output: after the output so far. While there is one,
  /// nothing more is answered; what comes is kept. Read no more.
  const Transmission* transmission() const { return transmission_ ? &*transmission_ : nullptr; }
  /// It was carried out to its end. To be followed by resume().
  void transmitted();
  /// Bytes are waiting that were not looked at, because the output is full or it is the other connections' turn: a
  /// client may send a thousand expensive requests at once. Read no more; send, let others have their turn, resume().
  bool stalled() const { return stalled_; }
  /// What it keeps of requests that are not answered yet, and of an answer that is held back.
  size_t held_bytes() const;
  /// A part of a request is there.
  bool in_request() const { return !closing_ && (framer_.started() || !input_.empty()); }
  /// How many requests were answered.
  uint64_t answered() const { return answered_; }

 private:
  void process(std::string_view& bytes, std::string& out);
  void answer(std::string& out);
  void hold_back(const Codec::Answered& answered, std::string bytes, bool is_to_head);
  void close(bool lingers);

  Codec& codec_;
  const std::chrono::milliseconds turn_time_;
  Framer framer_;
  std::string input_;  ///< what the framer has not taken: a line without its end or, when stalled, more
  std::optional<Transmission> transmission_;
  bool ends_after_ = false;  ///< the transmission is the last answer
  uint64_t answered_ = 0;
  bool stalled_ = false;
  bool stopping_ = false;
  bool closing_ = false;
  bool lingers_ = false;
};

}  // namespace counterpart::mock

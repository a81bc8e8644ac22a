#pragma once
/// Finds whole HTTP/1.1 requests in the bytes of a connection (RFC 9112) and turns each into an http::Request. Used by
/// Connection; knows no sockets and no clock. Strict: whatever two implementations could read in two ways is refused.
///
/// Decisions where RFC 9112 leaves a choice:
/// - Lines end with CRLF; a lone LF is refused (2.2 allows, but does not ask, to accept it).
/// - A few empty lines before a request line are skipped (2.2).
/// - An absolute-form target is reduced to origin-form and its authority replaces Host (3.2.2).
/// - Content-Length comes once and is digits only, equal repeats are refused too (6.3).
/// - Transfer-Encoding is exactly `chunked`; chunk extensions and trailers are checked, bounded and dropped.
/// - Bytes from 0x80 up are let through in targets and in header values, as real clients send them.

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/http/message.h"
#include "mock/server.h"

namespace counterpart::mock {

/// Why bytes are no request: the status to answer with and a sentence for a human. The connection is lost then.
struct Refusal {
  int status = 0;
  std::string sentence;
};

class Framer {
 public:
  enum class State {
    head,      ///< waiting for the rest of a head, or for a request's first byte
    body,      ///< the head is whole, its body is not
    complete,  ///< request() holds a whole request; next() goes on to the one after it
    refused,   ///< refusal() says why; nothing more is taken
  };

  /// `limits` must outlive the framer.
  explicit Framer(const Limits& limits) : limits_(limits) {}

  /// Takes bytes from the front until the request is complete, refused, or needs more; returns how many were taken.
  /// What was not taken must stand at the front of the next feed, followed by what came since: the framer remembers how
  /// far it looked, so the cost over a connection's life is linear however the bytes are cut.
  size_t feed(std::string_view bytes);

  State state() const { return state_; }
  /// The request line, or more, was taken. (Bytes not taken yet are the caller's to know.)
  bool started() const { return part_ != Part::request_line; }

  /// Whole once complete; before that and when refused, what is known of it.
  const http::Request& request() const { return request_; }
  http::Request& request() { return request_; }
  /// The client said HTTP/1.0.
  bool http_1_0() const { return http_1_0_; }
  /// The client allows another request on this connection (RFC 9112, 9.3).
  bool keep_alive() const { return keep_alive_; }
  /// The head said `Expect: 100-continue` and nothing of the body was taken yet.
  bool expects_continue() const { return state_ == State::body && expects_continue_; }

  const Refusal& refusal() const { return refusal_; }

  /// Forgets the complete request and starts on the next.
  void next();

 private:
  enum class Part { request_line, field, content, chunk_size, chunk_data, chunk_end, trailer };

  size_t step(std::string_view bytes);
  size_t step_line(std::string_view bytes);
  size_t step_data(std::string_view bytes);
  size_t step_chunk_end(std::string_view bytes);

  size_t line_bytes_max() const;
  void refuse_long_line();
  void take_line(std::string_view line);
  void take_request_line(std::string_view line);
  bool take_version(std::string_view version);
  bool take_target(std::string_view target);
  bool take_absolute_target(std::string_view target);
  void take_field(std::string_view line);
  void note_field(std::string_view name, std::string_view value);
  void note_connection(std::string_view value);
  void note_content_length(std::string_view value);
  void end_head();
  void take_chunk_size(std::string_view line);

  void complete() { state_ = State::complete; }
  void refuse(int status, std::string sentence);

  const Limits& limits_;
  State state_ = State::head;
  Part part_ = Part::request_line;
  size_t scanned_bytes_ = 0;  ///< of the line that is not whole: no line end before this
  size_t head_bytes_ = 0;     ///< request line, header fields and trailers
  size_t empty_lines_ = 0;
  size_t fields_ = 0;
  size_t hosts_ = 0;
  size_t content_lengths_ = 0;
  size_t transfer_encodings_ = 0;
  uint64_t left_bytes_ = 0;  ///< of the content or of the chunk; before the head's end: the Content-Length
  size_t extension_bytes_ = 0;
  bool chunked_ = false;
  bool http_1_0_ = false;
  bool says_close_ = false;
  bool says_keep_alive_ = false;
  bool keep_alive_ = false;
  bool expects_continue_ = false;
  std::string authority_;  ///< of an absolute-form target
  http::Request request_;
  Refusal refusal_;
};

}  // namespace counterpart::mock

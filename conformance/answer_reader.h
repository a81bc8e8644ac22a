#pragma once
/// Reads one answer out of a connection's bytes (RFC 9112). Used by http_client.cpp; knows no sockets and no clock.
/// cpp-httplib's own reading is not used: it matches the status line with std::regex, which overflows the stack on a
/// long one, takes header lines of any length, drops empty values, decodes percent escapes in the others, and takes
/// damaged chunks for an end. A target may send all of these.
///
/// Decisions where RFC 9112 leaves a choice:
/// - Lines end with CRLF; a lone LF is refused (2.2 allows, but does not ask, to accept it).
/// - Folded field lines are joined by a space, as 5.2 asks of a client.
/// - Interim answers (1xx) are dropped, some of them; 101 is refused, since nobody asks for it.
/// - Transfer-Encoding beside Content-Length, or in HTTP/1.0, is refused (6.1, 6.3); so are repeated lengths that differ.
/// - Chunk extensions and trailers are checked, bounded and dropped.
/// - Content-Encoding is left alone: the body is what was sent.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "engine/http/message.h"

namespace counterpart::conformance {

class AnswerReader {
 public:
  enum class End {
    whole,
    malformed,  ///< sentence() says why
    cut,        ///< the bytes ended before the answer did; progress() says where
  };
  /// Appends bytes, at least one; false when there are no more, or none that came in time.
  using More = std::function<bool(std::string& bytes)>;

  static constexpr size_t head_bytes_max = 256 * 1024;  ///< of all heads and trailers together
  static constexpr size_t fields_max = 1'000;
  static constexpr size_t interim_answers_max = 16;
  static constexpr size_t chunk_line_bytes_max = 4 * 1024;
  static constexpr size_t chunk_extension_bytes_max = 64 * 1024;  ///< of one body

  /// `bytes` keeps what came behind the answer.
  AnswerReader(std::string_view request_method, size_t body_bytes_max, std::string& bytes, More more);

  /// Header fields are all that came, framing included. A body that ends with the connection is always `cut`: only the
  /// caller knows how the bytes ended.
  End read(http::Response& response);

  const std::string& sentence() const { return sentence_; }
  /// "no byte of an answer came", "3 of the body's 10 bytes came".
  std::string progress() const;
  bool body_ends_with_connection() const { return body_ == Body::rest; }
  /// Whether the connection may be used for another request (9.3).
  bool keep_alive() const { return keep_alive_; }

 private:
  enum class Body { none, length, chunks, rest };

  bool fetch();
  bool refuse(std::string sentence);
  bool read_line(size_t bytes_max, std::string_view what, std::string& line);
  bool read_head(http::Response& response);
  bool read_status_line(http::Response& response);
  bool read_fields(http::Headers& headers);
  bool take_field(std::string_view line, http::Headers& headers);
  bool choose_body(const http::Response& response);
  bool take_lengths(const http::Headers& headers);
  void choose_keep_alive(const http::Headers& headers);
  bool read_body(std::string& body);
  bool take_bytes(uint64_t count, std::string& body);
  bool refuse_large_body();
  bool read_bytes(uint64_t count, std::string& body);
  bool read_rest(std::string& body);
  bool read_chunks(std::string& body);
  bool read_chunk_size(uint64_t& size);

  const bool is_head_request_;
  const size_t body_bytes_max_;
  std::string& bytes_;
  const More more_;
  size_t taken_bytes_ = 0;  ///< of bytes_
  size_t head_bytes_ = 0;
  size_t extension_bytes_ = 0;
  size_t fields_ = 0;
  bool http_1_0_ = false;
  bool keep_alive_ = false;
  Body body_ = Body::none;
  bool in_body_ = false;
  uint64_t length_ = 0;
  uint64_t body_bytes_ = 0;
  bool came_ = false;
  std::string sentence_;
};

}  // namespace counterpart::conformance

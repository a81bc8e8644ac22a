#pragma once
/// The one place that touches cpp-httplib: asks the handler and writes its response as HTTP/1.1 bytes. Used by
/// Connection, one codec a worker.
///
/// cpp-httplib's protected `Server::process_request` is run on an in-memory stream. Its signature is that of 0.11 as
/// packaged; later releases added parameters (remote and local address), and then codec.cpp is the file to adapt.
/// It is given a stand-in for the request's head, never the client's own: 0.11 percent-decodes header values, compresses
/// on Accept-Encoding, parses Range with std::regex, answers Expect again, refuses targets with a second '?' and
/// methods outside a fixed list. The client's request is http::Request, made by Framer. And its post-routing hook
/// replaces the headers it would send (Keep-Alive, Accept-Ranges, a guessed Content-Type) by exactly the response's
/// own plus framing. process_request costs half of what a whole request costs otherwise (5 of 10 microseconds), so
/// it writes a head once for each shape of response (status, framing, names of headers), with placeholders for the
/// values, which are filled in for each response. A bounded number of heads is kept.

#include <memory>
#include <string>

#include "mock/handler.h"

namespace counterpart::mock {

/// What of a request's framing decides how its response is framed.
struct Framing {
  bool http_1_0 = false;
  bool keep_alive = true;  ///< the connection may go on after the answer
};

/// Not thread-safe: a worker's own.
class Codec {
 public:
  /// `handler` must outlive the codec.
  explicit Codec(Handler& handler);
  Codec(Codec&&) noexcept;
  ~Codec();

  /// How an answer that was appended goes on.
  struct Answered {
    bool goes_on = true;    ///< the connection may: false where `framing` said not, and after a 1xx, which the client
                            ///< would not take for an answer
    size_t head_bytes = 0;  ///< of what was appended
    Reply reply;            ///< without the response
  };

  /// Asks the handler and appends the whole response to `out`. Of its headers, those with a name that is no token and
  /// those that say how the message is framed are left out; CR, LF and NUL in a value become blanks. A handler that
  /// throws, or that gives a status no response can have, becomes a 500 problem.
  Answered answer(http::Request& request, Framing framing, std::string& out);

  /// Appends a problem that the server itself answers with; the handler may add to it. It says Connection: close.
  /// `read` is what is known of the request.
  void refuse(const http::Request& read, http::Response problem, std::string& out);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::mock

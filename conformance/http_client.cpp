#include "conformance/http_client.h"

#include <fmt/format.h>

#include <exception>

#include "conformance/answer_reader.h"
#include "conformance/duration_text.h"
#include "conformance/request_writer.h"

namespace counterpart::conformance {
namespace {

using Clock = std::chrono::steady_clock;
using Result = Transport::Result;

/// A request that must not be sent twice is not sent on a connection that the server may be about to close.
constexpr auto idle_max = std::chrono::seconds(1);

int64_t microseconds_since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count();
}

}  // namespace

bool is_safe(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE";
}

bool is_idempotent(std::string_view method) { return is_safe(method) || method == "PUT" || method == "DELETE"; }

/// RFC 9112, 9.3.1: a server may close a kept connection at any time, also while a request is on its way. What then was
/// not answered is sent once more, on a new connection, when its method is idempotent. Others MUST NOT be, since the
/// server may have done what they asked; so they are sent only where a close would most likely have been seen before.
Reply HttpClient::send(const http::Request& request, bool may_repeat) {
  may_repeat_ = false;
  const bool idempotent = may_repeat && is_idempotent(request.method);
  try {
    std::string problem;
    const std::string bytes = write_request(request, problem);
    if (!problem.empty()) return failure(Reply::Kind::broken, "the request cannot be sent: " + problem);
    const Deadline deadline = Clock::now() + std::chrono::milliseconds(limits_.timeout_ms);
    if (is_usable(idempotent)) {
      Reply reply = exchange(request, bytes, deadline, may_repeat);
      if (!is_lost_ || !idempotent) return reply;
    }
    if (auto unreachable = connect(deadline)) return *std::move(unreachable);
    return exchange(request, bytes, deadline, may_repeat);
  } catch (const std::exception& error) {
    connection_.reset();
    return failure(Reply::Kind::broken, fmt::format("the request cannot be sent: {}", error.what()));
  }
}

bool HttpClient::is_usable(bool idempotent) {
  if (connection_ == nullptr || !connection_->is_quiet()) return false;
  return idempotent || Clock::now() - last_used_ < idle_max;
}

std::optional<Reply> HttpClient::connect(Deadline deadline) {
  connection_ = std::make_unique<Transport>();
  const Result opened = connection_->open(url_, trust_, deadline);
  if (opened == Result::done) return std::nullopt;
  may_repeat_ = true;
  const std::string why =
      opened == Result::timed_out ? "none within " + duration_text(limits_.timeout_ms) : connection_->error();
  Reply reply = failure(Reply::Kind::unreachable, fmt::format("no connection to {}: {}", url_.place(), why));
  reply.is_refused = connection_->was_refused();
  connection_.reset();
  return reply;
}

Reply HttpClient::exchange(const http::Request& request, const std::string& bytes, Deadline deadline, bool may_repeat) {
  may_repeat_ = false;
  const auto start = Clock::now();
  Result written = connection_->write(bytes, deadline);
  const std::string write_error = written == Result::failed ? connection_->error() : "";
  Result result = Result::done;
  std::string received;
  bool came = false;
  AnswerReader reader(request.method, limits_.answer_bytes_max, received, [&](std::string& to) {
    // What a server said before it refused to read on is its answer.
    result = written == Result::timed_out ? Result::timed_out : connection_->read(to, deadline);
    came = came || !to.empty();
    return result == Result::done;
  });
  Reply reply;
  auto end = reader.read(reply.response);
  if (end == AnswerReader::End::cut && result == Result::ended && reader.body_ends_with_connection()) {
    end = AnswerReader::End::whole;
  }
  is_lost_ = !came && result != Result::timed_out && !connection_->failed_in_tls();
  last_used_ = Clock::now();
  if (end == AnswerReader::End::malformed) reply = failure(Reply::Kind::broken, reader.sentence());
  if (end == AnswerReader::End::cut) {
    reply = cut(result, came, reader.progress());
    if (!write_error.empty()) reply.error += fmt::format(" (sending had failed: {})", write_error);
    may_repeat_ = !came && may_repeat && is_safe(request.method);
  }
  reply.microseconds = microseconds_since(start);
  if (!reader.keep_alive() || written != Result::done) connection_.reset();
  return reply;
}

Reply HttpClient::cut(Result result, bool came, const std::string& progress) const {
  switch (result) {
    case Result::timed_out:
      return failure(Reply::Kind::timed_out,
                     fmt::format("no whole answer within {}: {}", duration_text(limits_.timeout_ms), progress));
    case Result::ended:
      return failure(Reply::Kind::broken, fmt::format("the connection ended too early: {}", progress));
    default:
      break;
  }
  if (!came && connection_->failed_in_tls()) {
    return failure(Reply::Kind::unreachable,
                   fmt::format("no connection to {}: {}", url_.place(), connection_->error()));
  }
  return failure(Reply::Kind::broken, fmt::format("the connection failed ({}): {}", connection_->error(), progress));
}

Reply HttpClient::failure(Reply::Kind kind, std::string error) const {
  Reply reply;
  reply.kind = kind;
  reply.error = std::move(error);
  return reply;
}

}  // namespace counterpart::conformance

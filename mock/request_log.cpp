#include "mock/request_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spdlog/async.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <climits>
#include <mutex>

#include "engine/document/json.h"

namespace counterpart::mock {

namespace {

constexpr size_t lines_waiting_max = 1'024;  // spdlog allocates them all at the start, which takes its time
constexpr size_t target_bytes_shown_max = 100;

std::string outcome(const Played& played) {
  const engine::Answer& answer = played.answer;
  if (played.violation) return "violation";
  if (answer.operation == nullptr) return "-";
  if (played.change == Change::overridden) return answer.operation->id + "/overridden";
  return fmt::format("{}/{}", answer.operation->id, answer.documented == nullptr ? "problem" : answer.documented->name);
}

const char* colour_of(int status) {
  if (status >= 500) return "\x1b[31m";
  if (status >= 400) return "\x1b[33m";
  return "\x1b[32m";
}

/// A target as the terminal may show it: printable ASCII, cut in the middle of nowhere rather than wrapped.
std::string shown(std::string_view target) {
  std::string text(target.substr(0, target_bytes_shown_max));
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  return target.size() > target_bytes_shown_max ? text + "..." : text;
}

std::string json_line(const Exchange& exchange) {
  std::string line = R"({"event":"request","method":)";
  document::append_json_string(line, exchange.request.method);
  line += R"(,"target":)";
  document::append_json_string(line, exchange.request.target);
  const engine::Answer& answer = exchange.played.answer;
  line += fmt::format(R"(,"status":{},"operation":)", answer.response.status);
  if (answer.operation == nullptr) {
    line += "null";
  } else {
    document::append_json_string(line, answer.operation->id);
  }
  line += R"(,"response":)";
  if (answer.documented == nullptr || exchange.played.change == Change::overridden) {
    line += "null";
  } else {
    document::append_json_string(line, answer.documented->name);
  }
  if (exchange.played.contract != nullptr) {
    line += R"(,"contract":)";
    document::append_json_string(line, exchange.played.contract->contract().name);
  }
  if (!exchange.space.empty()) line += fmt::format(R"(,"space":"{}")", exchange.space);
  if (exchange.played.delay.count() > 0) line += fmt::format(R"(,"delay_ms":{})", exchange.played.delay.count());
  if (!exchange.played.fault_name.empty()) line += fmt::format(R"(,"fault":"{}")", exchange.played.fault_name);
  if (exchange.played.violation) line += R"(,"violation":true)";
  return line + fmt::format(R"(,"microseconds":{}}})", exchange.microseconds);
}

/// What of an exchange is out of the ordinary: " ~test-42", " +250ms", " truncate".
std::string remarks(const Exchange& exchange) {
  std::string text;
  if (exchange.played.delay.count() > 0) text += fmt::format("  +{} ms", exchange.played.delay.count());
  if (!exchange.played.fault_name.empty()) text += fmt::format("  {}", exchange.played.fault_name);
  return text;
}

/// Whoever has not read what stdout holds by then, so long after the end, does not read it any more.
constexpr std::chrono::milliseconds last_lines_time{1000};

/// Stdout, a pipe that nobody reads included: it waits until there is room, and at the end only for so long.
class StdoutSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  StdoutSink() {
#ifdef __linux__
    // A terminal has room for something, not for all of it, and everybody who has it open shares whether it blocks.
    if (::isatty(STDOUT_FILENO) == 0) return;
    own_ = ::open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (own_ >= 0) out_ = own_;
#endif
  }
  ~StdoutSink() override {
    if (own_ >= 0) ::close(own_);
  }

  /// From now on there is a time by which all is written or dropped.
  void end() { end_ = (Clock::now() + last_lines_time).time_since_epoch().count(); }
  size_t dropped() const { return dropped_; }

 private:
  using Clock = std::chrono::steady_clock;

  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    if (!write({line.data(), line.size()})) ++dropped_;
  }
  void flush_() override {}

  /// False when it was not read in time. A reader that is gone misses nothing.
  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      if (!wait_for_room()) return false;
      // No more than a pipe that has room takes at once.
      const ssize_t written = ::write(out_, bytes.data(), std::min<size_t>(bytes.size(), PIPE_BUF));
      if (written < 0 && errno != EINTR && errno != EAGAIN) return true;
      if (written < 0 && is_over()) return false;
      if (written > 0) bytes.remove_prefix(static_cast<size_t>(written));
    }
    return true;
  }

  bool wait_for_room() const {
    constexpr int look_up_ms = 50;  // whether it is the end
    pollfd out{out_, POLLOUT, 0};
    while (::poll(&out, 1, is_over() ? 0 : look_up_ms) == 0) {
      if (is_over()) return false;
    }
    return true;
  }

  bool is_over() const {
    const Clock::rep end = end_;
    return end != 0 && Clock::now().time_since_epoch().count() >= end;
  }

  int own_ = -1;  ///< opened here; -1: nothing
  int out_ = STDOUT_FILENO;
  std::atomic<Clock::rep> end_{0};  ///< as the clock counts; 0: not yet
  std::atomic<size_t> dropped_{0};
};

}  // namespace

std::string log_line(const Exchange& exchange, LogFormat format, bool colour) {
  if (format == LogFormat::json) return json_line(exchange);
  const int status = exchange.played.answer.response.status;
  const char* on = colour ? colour_of(status) : "";
  const char* dim = colour ? "\x1b[2m" : "";
  const char* off = colour ? "\x1b[0m" : "";
  const std::string space = exchange.space.empty() ? "" : fmt::format("/~{}", exchange.space);
  return fmt::format("{:<7} {}{}{}  {:<36} {}{:>6} us{}  {}{}{}",
                     exchange.request.method.empty() ? "-" : shown(exchange.request.method), on, status, off,
                     outcome(exchange.played), dim, exchange.microseconds, off, space, shown(exchange.request.target),
                     remarks(exchange));
}

struct RequestLog::Impl {
  LogFormat format;
  bool colour;
  std::shared_ptr<StdoutSink> sink = std::make_shared<StdoutSink>();
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::async_logger> logger;
};

RequestLog::RequestLog(LogFormat format, bool colour) : impl_(std::make_unique<Impl>()) {
  impl_->format = format;
  impl_->colour = colour && format == LogFormat::text;
  impl_->pool = std::make_shared<spdlog::details::thread_pool>(lines_waiting_max, 1);
  impl_->logger = std::make_shared<spdlog::async_logger>("requests", impl_->sink, impl_->pool,
                                                         spdlog::async_overflow_policy::overrun_oldest);
  impl_->logger->set_pattern("%v");
}

RequestLog::~RequestLog() { flush(); }

void RequestLog::listening(const Listening& port) {
  if (impl_->format == LogFormat::json) {
    std::string line = R"({"event":"listening","url":)";
    document::append_json_string(line, port.url);
    line += fmt::format(",\"pid\":{},\"seed\":{},\"contracts\":[", ::getpid(), port.seed);
    for (const std::string& contract : port.contracts) {
      if (&contract != &port.contracts.front()) line += ',';
      document::append_json_string(line, contract);
    }
    line += "],\"admin\":";
    if (port.admin_url.empty()) {
      line += "null";
    } else {
      document::append_json_string(line, port.admin_url);
    }
    if (!port.certificate_file.empty()) {
      line += ",\"certificate\":";
      document::append_json_string(line, port.certificate_file);
    }
    fmt::print("{}}}\n", line);
  } else {
    const char* bold = impl_->colour ? "\x1b[1m" : "";
    const char* off = impl_->colour ? "\x1b[0m" : "";
    fmt::print("{}{}{} plays {} (seed {})\n", bold, port.url, off, fmt::join(port.contracts, ", "), port.seed);
  }
  std::fflush(stdout);
}

void RequestLog::note(const std::string& name, const std::string& value) {
  if (impl_->format == LogFormat::json) {
    std::string line = fmt::format(R"({{"event":"{}","value":)", name);
    document::append_json_string(line, value);
    fmt::print("{}}}\n", line);
  } else {
    fmt::print("{}: {}\n", name, value);
  }
  std::fflush(stdout);
}

void RequestLog::exchange(const Exchange& exchange) {
  impl_->logger->info(spdlog::string_view_t(log_line(exchange, impl_->format, impl_->colour)));
}

size_t RequestLog::flush() {
  if (impl_->pool == nullptr) return 0;
  const size_t overrun = impl_->pool->overrun_counter();
  impl_->sink->end();
  impl_->logger.reset();
  impl_->pool.reset();  // joins its thread once every line is out or dropped
  return overrun + impl_->sink->dropped();
}

}  // namespace counterpart::mock

#include "fuzz/client/commands.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <cerrno>
#include <cstring>

namespace counterpart::fuzz::client {

namespace {

using SteadyClock = std::chrono::steady_clock;
using asio::posix::stream_descriptor;

/// The first and the last bytes of a stream.
class Capture {
 public:
  void add(const char* bytes, size_t count) {
    const size_t to_head = std::min(count, part_bytes - head_.size());
    head_.append(bytes, to_head);
    tail_.append(bytes + to_head, count - to_head);
    if (tail_.size() > 2 * part_bytes) tail_.erase(0, tail_.size() - part_bytes);
  }
  std::string take() {
    if (tail_.size() > part_bytes) tail_.erase(0, tail_.size() - part_bytes);
    return std::move(head_) + tail_;
  }

 private:
  static constexpr size_t part_bytes = output_bytes_max / 4;
  std::string head_, tail_;
};

/// A pipe of which the child gets the writing end.
struct Pipe {
  Pipe() {
    if (::pipe(ends) != 0) return;
    for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);  // the reading end alone: the command's is as any pipe
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    for (const int end : ends) {
      if (end >= 0) ::close(end);
    }
  }
  int release_reading() { return std::exchange(ends[0], -1); }

  int ends[2] = {-1, -1};
};

/// 0 and `pid`, or an error number.
int spawn(std::vector<std::string>& arguments, std::vector<std::string>& environment, const Pipe& out, const Pipe& err,
          pid_t& pid) {
  const auto pointers = [](std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
  };
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.ends[1], STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  const int failed = ::posix_spawnp(&pid, arguments[0].c_str(), &actions, &attributes, pointers(arguments).data(),
                                    pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return failed;
}

struct Stream {
  explicit Stream(asio::io_context& context) : descriptor(context) {}

  /// Takes what is there, or some of it: a command may write faster than it is read. False when nothing more will come.
  bool take() {
    constexpr int reads_max = 64;
    std::array<char, 16 * 1024> buffer;
    for (int i = 0; i < reads_max; ++i) {
      const ssize_t bytes = ::read(descriptor.native_handle(), buffer.data(), buffer.size());
      if (bytes < 0 && errno == EINTR) continue;
      if (bytes <= 0) return bytes < 0 && errno == EAGAIN;
      captured.add(buffer.data(), static_cast<size_t>(bytes));
    }
    return true;
  }

  stream_descriptor descriptor;
  Capture captured;
};

struct Running {
  explicit Running(asio::io_context& context) : out(context), err(context), timer(context) {}

  size_t number = 0;
  pid_t pid = -1;
  Stream out, err;
  asio::steady_timer timer;
  SteadyClock::time_point begun;
  Ended ended;
};

}  // namespace

class Commands::Loop {
 public:
  Loop(std::vector<std::string> arguments, std::chrono::milliseconds timeout, size_t at_once)
      : arguments_(std::move(arguments)), timeout_(timeout), at_once_(std::max<size_t>(at_once, 1)) {
    await_children();
    await_interrupts();
    sigset_t taken;
    sigemptyset(&taken);
    for (const int signal : {SIGCHLD, SIGINT, SIGTERM, SIGHUP}) sigaddset(&taken, signal);
    ::pthread_sigmask(SIG_UNBLOCK, &taken, nullptr);
  }

  ~Loop() {
    for (const auto& one : running_) {
      kill_group(*one);
      ::waitpid(one->pid, nullptr, 0);
    }
  }

  void run(const Next& next, const OnEnd& on_end) {
    on_end_ = &on_end;
    size_t number = 0;
    bool is_more = true;
    for (;;) {
      while (is_more && running_.size() < at_once_ && !interrupted_) {
        auto environment = next(number);
        is_more = environment.has_value();
        if (is_more) start(number++, std::move(*environment));
      }
      if (running_.empty()) break;
      context_.run_one();
    }
    on_end_ = nullptr;
  }

  bool interrupted() const { return interrupted_; }

 private:
  void start(size_t number, Environment environment) {
    auto one = std::make_shared<Running>(context_);
    one->number = number;
    one->begun = SteadyClock::now();
    Pipe out, err;
    const bool has_pipes = out.ends[0] >= 0 && err.ends[0] >= 0;
    const int failed = has_pipes ? spawn(arguments_, environment, out, err, one->pid) : errno;
    if (failed != 0) {
      one->ended.error = std::strerror(failed);
      return tell(*one);
    }
    one->out.descriptor.assign(out.release_reading());
    one->err.descriptor.assign(err.release_reading());
    running_.push_back(one);
    read(one, one->out);
    read(one, one->err);
    one->timer.expires_after(timeout_);
    one->timer.async_wait([one](const asio::error_code& cancelled) {
      if (cancelled) return;
      one->ended.timed_out = true;
      kill_group(*one);
    });
  }

  void read(const std::shared_ptr<Running>& one, Stream& stream) {
    stream.descriptor.async_wait(stream_descriptor::wait_read, [this, one, &stream](const asio::error_code& failed) {
      if (!failed && stream.take()) read(one, stream);
    });
  }

  void await_children() {
    children_.async_wait([this](const asio::error_code& failed, int) {
      if (failed) return;
      reap();
      await_children();
    });
  }

  void await_interrupts() {
    interrupts_.async_wait([this](const asio::error_code& failed, int) {
      if (failed) return;
      interrupted_ = true;
      for (const auto& one : running_) kill_group(*one);
      await_interrupts();
    });
  }

  /// Signals come once for several: every one that runs is looked at.
  void reap() {
    const auto all = running_;
    for (const auto& one : all) {
      siginfo_t ended{};
      if (::waitid(P_PID, static_cast<id_t>(one->pid), &ended, WEXITED | WNOHANG | WNOWAIT) != 0) continue;
      if (ended.si_pid != one->pid) continue;
      ::kill(-one->pid, SIGKILL);  // what it left behind; while it is not waited for, the number is its own
      finish(one);
    }
  }

  void finish(const std::shared_ptr<Running>& one) {
    int status = 0;
    while (::waitpid(one->pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status)) one->ended.exit_code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) one->ended.signal = WTERMSIG(status);
    for (Stream* const stream : {&one->out, &one->err}) {
      stream->take();
      stream->descriptor.close();
    }
    one->timer.cancel();
    one->ended.out = one->out.captured.take();
    one->ended.err = one->err.captured.take();
    std::erase(running_, one);
    tell(*one);
  }

  void tell(Running& one) {
    const auto taken = SteadyClock::now() - one.begun;
    one.ended.microseconds = std::chrono::duration_cast<std::chrono::microseconds>(taken).count();
    if (!interrupted_ && on_end_ != nullptr) (*on_end_)(one.number, std::move(one.ended));
  }

  static void kill_group(const Running& one) {
    ::kill(-one.pid, SIGKILL);
    ::kill(one.pid, SIGKILL);  // it may have left its group
  }

  std::vector<std::string> arguments_;
  const std::chrono::milliseconds timeout_;
  const size_t at_once_;
  const OnEnd* on_end_ = nullptr;
  bool interrupted_ = false;
  asio::io_context context_{1};
  asio::signal_set children_{context_, SIGCHLD};
  asio::signal_set interrupts_{context_, SIGINT, SIGTERM, SIGHUP};
  std::vector<std::shared_ptr<Running>> running_;
};

Commands::Commands(std::vector<std::string> arguments, std::chrono::milliseconds timeout, size_t at_once)
    : loop_(std::make_unique<Loop>(std::move(arguments), timeout, at_once)) {}

Commands::~Commands() = default;

void Commands::run(const Next& next, const OnEnd& on_end) { loop_->run(next, on_end); }

bool Commands::interrupted() const { return loop_->interrupted(); }

}  // namespace counterpart::fuzz::client

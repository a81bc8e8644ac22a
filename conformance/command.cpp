#include "conformance/command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

extern char** environ;

namespace counterpart::conformance {
namespace {

using Clock = std::chrono::steady_clock;

class Pipe {
 public:
  Pipe() {
    if (pipe(ends_) != 0) return;
    fcntl(ends_[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends_[1], F_SETFD, FD_CLOEXEC);
    fcntl(ends_[0], F_SETFL, O_NONBLOCK);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    if (ends_[0] >= 0) close(ends_[0]);
    close_writing();
  }

  bool good() const { return ends_[0] >= 0; }
  int reading() const { return ends_[0]; }
  int writing() const { return ends_[1]; }
  void close_writing() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }

  /// Takes what is there; false at the end.
  bool take(std::string& output) const {
    std::array<char, 4096> buffer;
    for (;;) {
      const ssize_t bytes = read(reading(), buffer.data(), buffer.size());
      if (bytes == 0 || (bytes < 0 && errno != EAGAIN && errno != EINTR)) return false;
      if (bytes < 0) return true;
      const size_t room = output_bytes_max - std::min(output.size(), output_bytes_max);
      output.append(buffer.data(), std::min(static_cast<size_t>(bytes), room));
    }
  }

 private:
  int ends_[2] = {-1, -1};
};

/// `environ` with some variables set anew.
std::vector<std::string> environment(const std::vector<std::pair<std::string, std::string>>& variables) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('='));
    const auto is_set = [&](const auto& variable) { return variable.first == name; };
    if (std::none_of(variables.begin(), variables.end(), is_set)) all.emplace_back(text);
  }
  for (const auto& [name, value] : variables) all.push_back(name + "=" + value.substr(0, value.find('\0')));
  return all;
}

/// 0, or an error number.
int start(const std::string& command, std::vector<std::string> variables, const Pipe& pipe, pid_t& pid) {
  std::vector<char*> pointers;
  for (std::string& variable : variables) pointers.push_back(variable.data());
  pointers.push_back(nullptr);
  std::string shell = "sh", option = "-c", text = command;
  char* const arguments[] = {shell.data(), option.data(), text.data(), nullptr};

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, pipe.writing(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipe.writing(), STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  const int failed = posix_spawn(&pid, "/bin/sh", &actions, &attributes, arguments, pointers.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return failed;
}

/// Until the shell has ended or the time is over. Whether it has ended, and `status` then.
bool wait_for(pid_t pid, const Pipe& pipe, Clock::time_point deadline, std::string& output, int& status) {
  bool open = true;
  for (int pause_ms = 1;; pause_ms = std::min(pause_ms * 2, 20)) {
    const pid_t ended = waitpid(pid, &status, WNOHANG);
    if (open) open = pipe.take(output);
    if (ended == pid) return true;
    if (Clock::now() >= deadline) return false;
    // While its output is open the pipe wakes us; that the shell has ended is looked for in between.
    pollfd waiting{open ? pipe.reading() : -1, POLLIN, 0};
    poll(&waiting, 1, pause_ms);
  }
}

}  // namespace

CommandResult run_command(const std::string& command, const std::vector<std::pair<std::string, std::string>>& variables,
                          std::chrono::milliseconds timeout) {
  CommandResult result;
  Pipe pipe;
  pid_t pid = -1;
  const int failed = pipe.good() ? start(command, environment(variables), pipe, pid) : errno;
  if (failed != 0) {
    result.error = std::strerror(failed);
    return result;
  }
  pipe.close_writing();
  int status = 0;
  if (!wait_for(pid, pipe, Clock::now() + timeout, result.output, status)) {
    result.timed_out = true;
    kill(-pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    pipe.take(result.output);
    return result;
  }
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  return result;
}

}  // namespace counterpart::conformance

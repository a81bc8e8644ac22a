#include "tests/mock/running_mock.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "tests/mock/program.h"

namespace counterpart::tests {
namespace {

constexpr std::chrono::seconds patience{120};
constexpr std::chrono::milliseconds nap{5};

/// The port in "http://127.0.0.1:PORT" or "https://127.0.0.1:PORT", or 0.
uint16_t port_of(const std::string& line) {
  constexpr std::string_view url = "://127.0.0.1:";
  const size_t at = line.find(url);
  return at == std::string::npos ? uint16_t{0} : static_cast<uint16_t>(std::atoi(line.c_str() + at + url.size()));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    lines.push_back(text.substr(begin, end - begin));
  }
  return lines;
}

size_t entries_of(const std::string& folder) {
  const std::filesystem::directory_iterator entries(folder);
  return static_cast<size_t>(std::distance(begin(entries), end(entries)));
}

}  // namespace

std::string fixture(const std::string& name) { return "tests/mock/contracts/" + name; }

RunningMock::RunningMock(std::vector<std::string> arguments, size_t sites)
    : out_(nameless_file()), err_(nameless_file()) {
  arguments.insert(arguments.begin(), {COUNTERPART_PROGRAM, "mock"});
  arguments.insert(arguments.end(), {"--port", "0"});
  if (std::find(arguments.begin(), arguments.end(), "--format") == arguments.end()) {
    arguments.insert(arguments.end(), {"--format", "json"});
  }
  start(arguments);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (ports_.size() < sites) {
    ports_.clear();
    for (const std::string& line : lines()) {
      if (const uint16_t port = port_of(line); port != 0) ports_.push_back(port);
    }
    const bool too_late = has_ended() || std::chrono::steady_clock::now() > deadline;
    if (ports_.size() < sites && too_late) throw std::runtime_error("the mock did not start: " + errors());
    if (ports_.size() < sites) std::this_thread::sleep_for(nap);
  }
}

void RunningMock::start(const std::vector<std::string>& arguments) {
  std::vector<char*> words;
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ > 0) return;
#ifdef __linux__
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that crashes leaves nothing behind
#endif
  if (::dup2(out_, STDOUT_FILENO) >= 0 && ::dup2(err_, STDERR_FILENO) >= 0 && ::chdir(COUNTERPART_SOURCE_DIR) == 0) {
    ::execv(words[0], words.data());
  }
  ::_exit(127);
}

RunningMock::~RunningMock() {
  if (!ended_) stop();
  ::close(out_);
  ::close(err_);
}

void RunningMock::send_signal(int signal) const { ::kill(pid_, signal); }

bool RunningMock::has_ended() {
  int status = 0;
  if (!ended_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
    ended_ = true;
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  return ended_;
}

int RunningMock::wait() {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!has_ended()) {
    if (std::chrono::steady_clock::now() > deadline) send_signal(SIGKILL);
    std::this_thread::sleep_for(nap);
  }
  return exit_code_;
}

void RunningMock::stop(const std::string& expected_errors) {
  send_signal(SIGTERM);
  EXPECT_EQ(wait(), 0) << "exit code of the mock";
  EXPECT_EQ(errors(), expected_errors) << "stderr of the mock";
}

std::vector<std::string> RunningMock::lines() const { return lines_of(contents(out_)); }

std::vector<std::string> RunningMock::wait_for_lines(size_t count) const {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::vector<std::string> found = lines();
  for (; found.size() < count && std::chrono::steady_clock::now() < deadline; found = lines()) {
    std::this_thread::sleep_for(nap);
  }
  return found;
}

std::string RunningMock::errors() const { return contents(err_); }

bool RunningMock::wait_for_error(const std::string& line, size_t count) const {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  const auto is_there = [&] {
    const std::vector<std::string> found = lines_of(errors());
    return static_cast<size_t>(std::count(found.begin(), found.end(), line)) >= count;
  };
  while (!is_there() && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(nap);
  return is_there();
}

size_t RunningMock::resident_bytes() const {
  std::ifstream status(fmt::format("/proc/{}/status", pid_));
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmRSS:", 0) == 0) return std::strtoull(line.c_str() + 6, nullptr, 10) * 1024;
  }
  throw std::runtime_error("the system does not say how much memory a process holds");
}

std::chrono::milliseconds RunningMock::processor_time() const {
  std::ifstream status(fmt::format("/proc/{}/stat", pid_));
  std::string text;
  std::getline(status, text, ')');  // the name may have blanks
  long long ticks[12] = {};  // then: state ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt utime stime
  status >> text;
  for (long long& value : ticks) status >> value;
  if (!status) throw std::runtime_error("the system does not say how long a process ran");
  return std::chrono::milliseconds((ticks[10] + ticks[11]) * 1000 / ::sysconf(_SC_CLK_TCK));
}

size_t RunningMock::descriptors() const { return entries_of(fmt::format("/proc/{}/fd", pid_)); }
size_t RunningMock::threads() const { return entries_of(fmt::format("/proc/{}/task", pid_)); }

}  // namespace counterpart::tests

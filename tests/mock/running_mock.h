#pragma once
/// `counterpart mock` as a child process, for the tests of this folder: started on a free port, asked by Client,
/// stopped when the test ends. Every test that uses one also checks that it ends well and writes nothing to stderr,
/// which is where sanitizers report.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace counterpart::tests {

inline const std::string keyauth = "scenarios/keyauth-seller";
inline const std::string panel = "scenarios/panel-sessions";

/// A contract of tests/mock/contracts.
std::string fixture(const std::string& name);

class RunningMock {
 public:
  /// Starts `counterpart mock ARGUMENTS... --port 0` (and `--format json` unless a format is among them) in the
  /// repository's root, and waits until `sites` ports accept. Throws when it ends before that.
  explicit RunningMock(std::vector<std::string> arguments, size_t sites = 1);
  /// stop(), unless the test did.
  ~RunningMock();
  RunningMock(const RunningMock&) = delete;
  RunningMock& operator=(const RunningMock&) = delete;

  uint16_t port(size_t site = 0) const { return ports_.at(site); }
  pid_t pid() const { return pid_; }

  void send_signal(int signal) const;
  /// Waits for the end; the exit code, or minus the signal that killed it.
  int wait();
  /// SIGTERM, and a failure of the test unless it then ends with 0 and has written `errors`, all in all, to stderr.
  void stop(const std::string& errors = "");

  /// What it has written so far, by lines.
  std::vector<std::string> lines() const;
  /// Waits for so many lines on stdout; fewer when they do not come.
  std::vector<std::string> wait_for_lines(size_t count) const;
  std::string errors() const;
  /// Waits until so many lines of stderr are this one; false when they do not come.
  bool wait_for_error(const std::string& line, size_t count = 1) const;

  /// What it holds in memory now (VmRSS).
  size_t resident_bytes() const;
  /// What it has used of the processors.
  std::chrono::milliseconds processor_time() const;
  /// How many descriptors it has open now, and how many threads it has.
  size_t descriptors() const;
  size_t threads() const;

 private:
  void start(const std::vector<std::string>& arguments);
  bool has_ended();

  pid_t pid_ = -1;
  int exit_code_ = 0;
  bool ended_ = false;
  int out_ = -1;  ///< files without a name
  int err_ = -1;
  std::vector<uint16_t> ports_;
};

}  // namespace counterpart::tests

#include "tests/mock/program.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

namespace counterpart::tests {

int nameless_file() {
  std::string path = "/tmp/counterpart-test-XXXXXX";
  const int file = ::mkostemp(path.data(), O_CLOEXEC);
  if (file < 0) throw std::runtime_error("no temporary file");
  ::unlink(path.c_str());
  return file;
}

std::string contents(int file) {
  std::string text;
  std::array<char, 65536> buffer;
  for (ssize_t bytes; (bytes = ::pread(file, buffer.data(), buffer.size(), static_cast<off_t>(text.size()))) > 0;) {
    text.append(buffer.data(), static_cast<size_t>(bytes));
  }
  return text;
}

Ended run_program(const std::vector<std::string>& command) {
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const int out = nameless_file();
  const int err = nameless_file();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) {
    const int nothing = ::open("/dev/null", O_RDONLY);
    if (::dup2(nothing, STDIN_FILENO) >= 0 && ::dup2(out, STDOUT_FILENO) >= 0 && ::dup2(err, STDERR_FILENO) >= 0 &&
        ::chdir(COUNTERPART_SOURCE_DIR) == 0) {
      ::execvp(words[0], words.data());
    }
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  Ended ended{WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), contents(out), contents(err)};
  ::close(out);
  ::close(err);
  return ended;
}

bool is_installed(const std::string& program, const std::string& option) {
  return run_program({program, option}).exit_code == 0;
}

}  // namespace counterpart::tests

// The command that ./dev bench gives to `fuzz client`, and a loop that does nothing but run it.
//
//   fuzz_client_bench ask               asks the mock at $COUNTERPART_URL for $BENCH_TARGET, takes what comes within a short
//                                       time, and ends well; its own run time goes behind the file $BENCH_LOG, in seconds
//   fuzz_client_bench loop RUNS COMMAND...   runs the command so often, one after the other; prints how many seconds it took
#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>

extern char** environ;

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begun) { return std::chrono::duration<double>(Clock::now() - begun).count(); }

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// "http://127.0.0.1:4010/~run-1"
void ask(const std::string& url) {
  constexpr size_t scheme = std::string_view("http://127.0.0.1:").size();
  const size_t path = std::min(url.find('/', std::min(scheme, url.size())), url.size());
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(std::atoi(url.c_str() + std::min(scheme, url.size()))));
  const int peer = ::socket(AF_INET, SOCK_STREAM, 0);
  constexpr timeval patience{0, 20'000};  // an answer may be made to stall
  ::setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(peer, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) std::_Exit(1);
  const std::string request = fmt::format("GET {}{} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
                                          url.substr(path), variable("BENCH_TARGET"));
  ::send(peer, request.data(), request.size(), MSG_NOSIGNAL);
  char buffer[64 * 1024];
  while (::recv(peer, buffer, sizeof buffer, 0) > 0) {
  }
  ::close(peer);
}

void note(double seconds) {
  const std::string line = fmt::format("{:.9f}\n", seconds);
  const int log = ::open(variable("BENCH_LOG").c_str(), O_WRONLY | O_APPEND | O_CREAT, 0644);
  if (log < 0 || ::write(log, line.data(), line.size()) < 0) std::_Exit(1);
}

double loop(size_t runs, char** command) {
  const auto begun = Clock::now();
  for (size_t i = 0; i < runs; ++i) {
    pid_t pid = -1;
    int status = 0;
    if (::posix_spawnp(&pid, command[0], nullptr, nullptr, command, environ) != 0) std::_Exit(1);
    if (::waitpid(pid, &status, 0) != pid || status != 0) std::_Exit(1);
  }
  return seconds_since(begun);
}

}  // namespace

int main(int argc, char** argv) {
  const auto begun = Clock::now();
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "ask") {
    ask(variable("COUNTERPART_URL"));
    note(seconds_since(begun));
    return 0;
  }
  if (what != "loop" || argc < 4) return 2;
  fmt::print("{:.9f}\n", loop(std::strtoull(argv[2], nullptr, 10), argv + 3));
  return 0;
}

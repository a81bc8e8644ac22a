/// Clients that are killed in the middle of things leave nothing behind in the mock.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "tests/mock/client.h"
#include "tests/mock/running_mock.h"

namespace counterpart::tests {
namespace {

/// A process with connections of its own that sends these bytes over each, and is then killed.
void kill_client(uint16_t port, const std::string& bytes) {
  constexpr int connections_count = 5;
  int told[2];
  ASSERT_EQ(::pipe2(told, O_CLOEXEC), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    try {
      std::vector<Client> clients;
      for (int i = 0; i < connections_count; ++i) {
        clients.emplace_back(port);
        clients.back().send(bytes);
      }
      if (::write(told[1], "x", 1) == 1) ::pause();
    } catch (const std::exception&) {
    }
    ::_exit(1);
  }
  ::close(told[1]);
  char byte = 0;
  EXPECT_EQ(::read(told[0], &byte, 1), 1) << "the client could not send";
  ::close(told[0]);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
}

struct Killed {
  const char* name;
  std::string bytes;

  friend std::ostream& operator<<(std::ostream& out, const Killed& row) { return out << row.name; }
};

class KilledClients : public testing::TestWithParam<Killed> {};

TEST_P(KilledClients, LeaveNoDescriptorsAndNoThreads) {
  constexpr int clients_count = 10;
  const RunningMock mock({fixture("faults"), "--scenario", "every-fault", "--quiet"});
  const auto is_as_before = [&mock, descriptors = mock.descriptors(), threads = mock.threads()] {
    return mock.descriptors() == descriptors && mock.threads() == threads;
  };
  for (int i = 0; i < clients_count; ++i) kill_client(mock.port(), GetParam().bytes);
  // Connections are accepted in the order in which they came: once this one is answered, none of theirs is still to be.
  EXPECT_EQ(ask(mock.port(), "GET", "/text").status, 200);
  constexpr std::chrono::seconds patience{120};
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!is_as_before() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_TRUE(is_as_before()) << mock.descriptors() << " descriptors, " << mock.threads() << " threads";
  EXPECT_EQ(ask(mock.port(), "GET", "/text").status, 200);
}

INSTANTIATE_TEST_SUITE_P(
    Table, KilledClients,
    testing::Values(Killed{"idle", ""}, Killed{"in_a_head", "GET /text HTTP/1.1\r\nHost"},
                    Killed{"in_a_body", "POST /text HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc"},
                    Killed{"before_the_answer", request("GET", "/json")},
                    Killed{"in_a_delay", request("GET", "/json?fault=delay")},
                    Killed{"in_a_long_delay", request("GET", "/json?fault=long-delay")},
                    Killed{"in_a_stall", request("GET", "/json?fault=stall") + request("GET", "/json")},
                    Killed{"in_a_trickle", request("GET", "/json?fault=trickle")}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace counterpart::tests

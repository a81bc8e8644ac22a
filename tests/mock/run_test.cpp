/// The program as whoever starts it sees it: what it prints, its ports, how it ends.
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <utility>

#include "tests/mock/client.h"
#include "tests/mock/program.h"
#include "tests/mock/running_mock.h"

namespace counterpart::tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

const std::string list_target = "/api/seller?sellerkey=sellerkeyhere&type=fetchallsessions";

TEST(Output, AsJson) {
  RunningMock mock({keyauth, "--seed", "5"});
  Client client(mock.port());
  client.ask("GET", list_target);
  client.ask("POST", "/api/seller/");
  client.ask("GET", "/no\"where");
  client.ask("GET", "/api/seller?type=kill", "Prefer: code=418\r\n");
  EXPECT_THAT(
      mock.wait_for_lines(5),
      ElementsAre(
          fmt::format(
              R"({{"event":"listening","url":"http://127.0.0.1:{}","pid":{},"seed":5,"contracts":["keyauth-seller"],"admin":"http://127.0.0.1:{}/__counterpart/"}})",
              mock.port(), mock.pid(), mock.port()),
          MatchesRegex(
              R"(\{"event":"request","method":"GET","target":"/api/seller\?sellerkey=sellerkeyhere&type=fetchallsessions","status":200,"operation":"fetchAllSessions","response":"retrieved","contract":"keyauth-seller","microseconds":[0-9]+\})"),
          MatchesRegex(
              R"(\{"event":"request","method":"POST","target":"/api/seller/","status":405,"operation":null,"response":null,"contract":"keyauth-seller","microseconds":[0-9]+\})"),
          MatchesRegex(
              R"(\{"event":"request","method":"GET","target":"/no\\"where","status":404,"operation":null,"response":null,"contract":"keyauth-seller","microseconds":[0-9]+\})"),
          MatchesRegex(
              R"(\{"event":"request","method":"GET","target":"/api/seller\?type=kill","status":400,"operation":"killSession","response":null,"contract":"keyauth-seller","microseconds":[0-9]+\})")));
}

TEST(Output, AsText) {
  RunningMock mock({keyauth, panel, "--seed", "5", "--format", "text"});
  Client client(mock.port());
  client.ask("GET", list_target);
  client.ask("DELETE", "/api/account/sessions/x");
  client.ask("GET", "/nowhere");
  EXPECT_THAT(
      mock.wait_for_lines(4),
      ElementsAre(fmt::format("http://127.0.0.1:{} plays keyauth-seller, panel-sessions (seed 5)", mock.port()),
                  MatchesRegex("GET     200  fetchAllSessions/retrieved +[0-9]+ us  "
                               "/api/seller\\?sellerkey=sellerkeyhere&type=fetchallsessions"),
                  MatchesRegex("DELETE  401  revokeSession/not-authenticated +[0-9]+ us  /api/account/sessions/x"),
                  MatchesRegex("GET     404  - +[0-9]+ us  /nowhere")));
}

/// A client must not be able to write to the terminal of whoever runs the mock.
TEST(Output, AsTextHasNoBytesOfTheClientThatMoveTheCursor) {
  RunningMock mock({keyauth, "--format", "text"});
  Client client(mock.port());
  client.ask("GET",
             "/\xC2\x9B"
             "31mred");  // U+009B is ESC [ in one character
  client.ask("GET", "/%1B[31mred");
  client.ask("GET", "/" + std::string(5000, 'x'));
  const std::vector<std::string> lines = mock.wait_for_lines(4);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[1].find('\x9B'), std::string::npos) << lines[1];
  EXPECT_THAT(lines[2], HasSubstr("/%1B[31mred"));
  EXPECT_LT(lines[3].size(), 300u);
}

TEST(Output, QuietTellsOnlyWhereItListens) {
  RunningMock mock({keyauth, "--quiet"});
  EXPECT_EQ(ask(mock.port(), "GET", list_target).status, 200);
  mock.stop();
  EXPECT_EQ(mock.lines().size(), 1u);
}

TEST(Output, EveryRequestHasItsLineWhenItEnds) {
  RunningMock mock({fixture("echo")});
  Client client(mock.port());
  for (int i = 0; i < 500; ++i) client.ask("GET", fmt::format("/echo/{}", i));
  mock.stop();
  const std::vector<std::string> lines = mock.lines();
  ASSERT_EQ(lines.size(), 501u);
  EXPECT_THAT(lines[500], HasSubstr(R"("target":"/echo/499")"));
}

/// Kills a child that is still there when the test ends.
struct Child {
  ~Child() { end(SIGKILL); }
  /// Minus one: it had to be killed.
  int end(int signal) {
    if (pid <= 0) return -1;
    ::kill(pid, signal);
    int status = 0;
    const pid_t child = std::exchange(pid, -1);
    for (int i = 0; i < 6'000; ++i) {
      if (::waitpid(child, &status, WNOHANG) != 0) return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
      ::usleep(5'000);
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    return -1;
  }

  pid_t pid;
};

/// Programs start the mock with its stdout in a pipe, or on a terminal of theirs, read the first line, and no more.
void expect_to_end_unread(int reader, int writer) {
  const int errors = nameless_file();
  Child mock{::fork()};
  if (mock.pid == 0) {
#ifdef __linux__
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (::dup2(writer, STDOUT_FILENO) >= 0 && ::dup2(errors, STDERR_FILENO) >= 0 &&
        ::chdir(COUNTERPART_SOURCE_DIR) == 0) {
      ::execl(COUNTERPART_PROGRAM, "counterpart", "mock", keyauth.c_str(), "--port", "0", nullptr);
    }
    ::_exit(127);
  }
  ::close(writer);
  std::string ready;
  for (char c = 0; ::read(reader, &c, 1) == 1 && c != '\n';) ready += c;
  const size_t port = ready.find("127.0.0.1:");
  ASSERT_NE(port, std::string::npos) << ready;
  Client client(static_cast<uint16_t>(std::atoi(ready.c_str() + port + 10)));
  for (int i = 0; i < 2000; ++i) ASSERT_EQ(client.ask("GET", list_target).status, 200);  // some 200 KB of lines
  EXPECT_EQ(mock.end(SIGTERM), 0);
  EXPECT_THAT(contents(errors),
              MatchesRegex("counterpart: [0-9]+ request lines were dropped because stdout was too slow\n"));
  ::close(errors);
  ::close(reader);
}

TEST(Output, APipeThatNobodyReadsKeepsNothingFromEnding) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  expect_to_end_unread(ends[0], ends[1]);
}

TEST(Output, ATerminalThatNobodyReadsKeepsNothingFromEnding) {
  const int reader = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  ASSERT_GE(reader, 0);
  ASSERT_EQ(::grantpt(reader), 0);
  ASSERT_EQ(::unlockpt(reader), 0);
  const int writer = ::open(::ptsname(reader), O_RDWR | O_NOCTTY | O_CLOEXEC);
  ASSERT_GE(writer, 0);
  expect_to_end_unread(reader, writer);
}

/// Also a request that is no HTTP: whoever looks for the reason of a client's 431 looks here.
TEST(Output, RefusedRequestsHaveTheirLines) {
  RunningMock mock({fixture("echo")});
  answer_to(mock.port(), "GET /echo/a HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n");
  answer_to(mock.port(), "GET /" + std::string(9000, 'x') + " HTTP/1.1\r\nHost: x\r\n\r\n");
  mock.stop();
  const std::vector<std::string> lines = mock.lines();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_THAT(lines[1], HasSubstr(R"("target":"/echo/a","status":400)"));
  EXPECT_THAT(lines[2], HasSubstr(R"("status":414)"));
}

/// It stays awake for a moment after an answer (worker.cpp), but not for longer.
TEST(Processor, ASilentClientNeedsNone) {
  RunningMock mock({keyauth, "--quiet"});
  Client client(mock.port());
  client.ask("GET", list_target);
  const std::chrono::milliseconds before = mock.processor_time();
  std::this_thread::sleep_for(std::chrono::seconds(1));
  EXPECT_LT((mock.processor_time() - before).count(), 200);
}

/// Where others could reach it, the admin API is off, and says so.
TEST(AdminApi, IsOffWhereOthersReachIt) {
  RunningMock mock({keyauth, "--quiet", "--host", "0.0.0.0", "--cors"});
  EXPECT_THAT(mock.lines(), ElementsAre(HasSubstr(R"("admin":null})")));
  const std::string why = "the admin API is off: others than this machine reach 0.0.0.0; it needs --admin-token-file";
  const Response refused = ask(mock.port(), "GET", "/__counterpart/health");
  EXPECT_EQ(refused.status, 403);
  EXPECT_THAT(refused.body, HasSubstr(why));
  const RunningMock text({keyauth, "--quiet", "--host", "0.0.0.0", "--format", "text"});
  EXPECT_THAT(text.lines(), ElementsAre(HasSubstr("plays keyauth-seller"), "note: " + why));
}

TEST(AdminApi, TokenFromAFileOpensIt) {
  const int file = nameless_file();
  ASSERT_EQ(::write(file, "secret\r\nnot this\n", 18), 18);
  const std::string path = fmt::format("/proc/{}/fd/{}", ::getpid(), file);
  RunningMock mock({keyauth, "--quiet", "--host", "0.0.0.0", "--cors", "--admin-token-file", path});
  EXPECT_THAT(mock.lines(),
              ElementsAre(HasSubstr(fmt::format(R"("admin":"http://127.0.0.1:{}/__counterpart/"}})", mock.port()))));
  EXPECT_EQ(ask(mock.port(), "GET", "/__counterpart/health").status, 401);
  const Response opened = ask(mock.port(), "GET", "/__counterpart/health", "Authorization: Bearer secret\r\n");
  EXPECT_EQ(opened.status, 200);
  EXPECT_FALSE(opened.has_header("Access-Control-Allow-Origin")) << "--cors is for the contracts' answers";
  ::close(file);
}

TEST(AdminApi, OnAPortOfItsOwn) {
  RunningMock mock({keyauth, "--quiet", "--admin-port", "0"}, 2);
  const std::string url = fmt::format("http://127.0.0.1:{}", mock.port(1));
  EXPECT_THAT(mock.lines(), ElementsAre(HasSubstr(fmt::format(R"("admin":"{}/__counterpart/"}})", url)),
                                        fmt::format(R"({{"event":"admin","value":"{}"}})", url)));
  EXPECT_THAT(ask(mock.port(0), "GET", "/__counterpart/health").body, HasSubstr("on a port of its own (--admin-port)"));
  EXPECT_EQ(answer_to(mock.port(1), "GET /__counterpart/health HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 200);
  EXPECT_EQ(answer_to(mock.port(1), "GET /__counterpart/health HTTP/1.1\r\nHost: evil.example\r\n\r\n").status, 403);
}

TEST(Ports, OneForAll) {
  const RunningMock mock({keyauth, panel, fixture("echo"), "--quiet"});
  Client client(mock.port());
  EXPECT_EQ(client.ask("GET", list_target).header("Counterpart-Operation"), "fetchAllSessions");
  EXPECT_EQ(client.ask("GET", "/api/account/sessions").header("Counterpart-Operation"), "listSessions");
  EXPECT_EQ(client.ask("GET", "/echo/x").header("Counterpart-Operation"), "echoPath");
}

TEST(Ports, OneForEach) {
  const RunningMock mock({keyauth, panel, "--quiet", "--port-per-contract"}, 2);
  EXPECT_NE(mock.port(0), mock.port(1));
  EXPECT_EQ(ask(mock.port(0), "GET", list_target).status, 200);
  EXPECT_EQ(ask(mock.port(1), "GET", list_target).status, 404);
  EXPECT_EQ(ask(mock.port(0), "GET", "/api/account/sessions").status, 404);
  EXPECT_EQ(ask(mock.port(1), "GET", "/api/account/sessions").status, 401);
}

/// Whoever starts several needs to know which is which.
TEST(Ports, OneForEachTellsWhichContractIsWhere) {
  const RunningMock mock({keyauth, panel, "--quiet", "--port-per-contract"}, 2);
  EXPECT_THAT(mock.lines(), ElementsAre(HasSubstr("keyauth-seller"), HasSubstr("panel-sessions")));
}

TEST(Ports, StateIsNotShared) {
  const RunningMock one({keyauth, "--quiet"});
  const RunningMock other({keyauth, "--quiet"});
  ask(one.port(), "GET", "/api/seller?sellerkey=sellerkeyhere&type=killall");
  EXPECT_NE(ask(one.port(), "GET", list_target).body, ask(other.port(), "GET", list_target).body);
}

class Ending : public testing::TestWithParam<int> {};

TEST_P(Ending, AtOnceWhenIdle) {
  RunningMock mock({fixture("echo"), "--quiet"});
  Client asked(mock.port());
  EXPECT_EQ(asked.ask("GET", "/echo/x").status, 200);
  Client silent(mock.port());
  mock.send_signal(GetParam());
  EXPECT_EQ(mock.wait(), 0);
  EXPECT_TRUE(asked.is_closed());
  EXPECT_TRUE(silent.is_closed());
  EXPECT_EQ(mock.errors(), "");
}

TEST_P(Ending, FinishesTheRequestsInFlight) {
  RunningMock mock({fixture("echo"), "--quiet"});
  std::vector<Client> in_flight;
  for (int i = 0; i < 10; ++i) {
    in_flight.emplace_back(mock.port());
    in_flight.back().send(request("POST", "/body", "Expect: 100-continue\r\nContent-Length: 4\r\n"));
    ASSERT_EQ(in_flight.back().read().status, 100);  // so the mock has begun to read it
  }
  std::vector<Client> idle;
  for (int i = 0; i < 100; ++i) {  // sockets are dealt in turn: every worker has one
    idle.emplace_back(mock.port());
    ASSERT_EQ(idle.back().ask("GET", "/echo/x").status, 200);
  }
  mock.send_signal(GetParam());
  for (Client& client : idle) EXPECT_TRUE(client.is_closed());  // so each worker has been told to stop
  for (Client& client : in_flight) {
    client.send("done");
    const Response answer = client.read();
    EXPECT_EQ(answer.body, "done");
    EXPECT_EQ(answer.header("Connection"), "close");
    EXPECT_TRUE(client.is_closed());
  }
  EXPECT_EQ(mock.wait(), 0);
  EXPECT_EQ(mock.errors(), "");
}

TEST_P(Ending, DoesNotWaitForEverForARequestThatNeverEnds) {
  RunningMock mock({fixture("echo"), "--quiet"});
  Client stuck(mock.port());
  stuck.send(request("POST", "/body", "Expect: 100-continue\r\nContent-Length: 4\r\n"));
  ASSERT_EQ(stuck.read().status, 100);
  mock.send_signal(GetParam());
  EXPECT_EQ(mock.wait(), 0);
  EXPECT_EQ(mock.errors(), "");
}

TEST_P(Ending, UnderLoad) {
  RunningMock mock({keyauth});
  std::vector<std::thread> clients;
  std::atomic<int> answered{0};
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      try {
        Client client(mock.port());
        while (client.ask("GET", list_target).status == 200) ++answered;
      } catch (const std::runtime_error&) {
        // that is how it ends
      }
    });
  }
  while (answered < 200) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  mock.send_signal(GetParam());
  EXPECT_EQ(mock.wait(), 0);
  for (std::thread& client : clients) client.join();
}

INSTANTIATE_TEST_SUITE_P(Signals, Ending, testing::Values(SIGTERM, SIGINT),
                         [](const auto& row) { return row.param == SIGTERM ? "SIGTERM" : "SIGINT"; });

}  // namespace
}  // namespace counterpart::tests

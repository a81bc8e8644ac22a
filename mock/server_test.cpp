#include "mock/server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "mock/test_handler.h"

namespace counterpart::mock {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

/// A socket to the server. Reading gives up after a time that no test comes near to unless it fails.
class Client {
 public:
  explicit Client(uint16_t port) : Client() { EXPECT_TRUE(connect(port)) << strerror(errno); }
  Client() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    EXPECT_GE(socket_, 0) << strerror(errno);
    const timeval patience{20, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  }
  Client(Client&& other) noexcept : socket_(std::exchange(other.socket_, -1)), rest_(std::move(other.rest_)) {}
  ~Client() { close(); }

  bool connect(uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

  /// False when the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  void end_sending() { ::shutdown(socket_, SHUT_WR); }
  /// Before connect(): the system takes in little of what the client does not read. (Its own limit may be 32 MiB.)
  void buffer_little(int bytes = 128 * 1024) { setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes); }
  void reset() {
    const linger now{1, 0};
    setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
  }
  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

  /// One whole response by its Content-Length (head only for `head`); what came until then when the connection ends.
  std::string response(bool head = false) {
    size_t whole = std::string::npos;
    for (;;) {
      const size_t head_bytes = rest_.find("\r\n\r\n");
      if (whole == std::string::npos && head_bytes != std::string::npos) {
        const size_t length = rest_.find("Content-Length: ");
        const bool has_body = !head && length < head_bytes;
        whole = head_bytes + 4 + (has_body ? std::stoul(rest_.substr(length + 16)) : 0);
      }
      if (rest_.size() >= whole || !receive()) break;
    }
    whole = std::min(whole, rest_.size());
    const std::string response = rest_.substr(0, whole);
    rest_.erase(0, whole);
    return response;
  }

  /// Waits until so many bytes came or the connection ended, and drops them; how many they were.
  size_t receive_up_to(size_t bytes) {
    while (rest_.size() < bytes && receive()) {
    }
    return std::exchange(rest_, "").size();
  }

  /// All until the server ends the connection; "(reset)" or "(silence)" at the end if that is how it went.
  std::string rest() {
    while (receive()) {
    }
    if (error_ == ECONNRESET) rest_ += "(reset)";
    if (error_ == EAGAIN) rest_ += "(silence)";
    return std::exchange(rest_, "");
  }

 private:
  bool receive() {
    char buffer[65536];
    const ssize_t received = ::recv(socket_, buffer, sizeof buffer, 0);
    error_ = received < 0 ? errno : 0;
    if (received > 0) rest_.append(buffer, static_cast<size_t>(received));
    return received > 0;
  }

  int socket_;
  int error_ = 0;
  std::string rest_;
};

size_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<size_t>(std::distance(begin(all), end(all)));
}

/// Waits, for much longer than it should take, until the condition holds.
bool eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 2000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

std::string get(const std::string& target, const std::string& fields = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}

std::string ok(const std::string& body, const std::string& fields = "") {
  return "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string last_ok(const std::string& body) { return ok(body, "Connection: close\r\n"); }

auto is_refusal(int status) {
  return AllOf(StartsWith("HTTP/1.1 " + std::to_string(status) + " "), HasSubstr("\r\nConnection: close\r\n"),
               HasSubstr("application/problem+json"), testing::EndsWith("}"));
}

/// A server whose handler answers with the target and the body; "/big" is answered with a megabyte.
class ServerTest : public testing::Test, public Handler {
 protected:
  Reply answer(http::Request& request) override {
    ++asked_;
    if (request.target == "/slow") std::this_thread::sleep_for(2ms);
    return http::Response{200, {}, request.target == "/big" ? big_ : request.target + request.body};
  }
  void refused(const http::Request&, http::Response&) override { ++refused_; }

  void start() {
    server_ = std::make_unique<Server>(options_, *this);
    ASSERT_TRUE(server_->listen()) << server_->error();
    server_->start();
  }

  /// Before the handler, which this is, begins to go.
  void TearDown() override { server_.reset(); }

  uint16_t port() const { return server_->port(); }
  Limits& limits() { return options_.limits; }

  /// What one connection gets for these bytes, until its end.
  std::string exchange(const std::string& bytes) {
    Client client(port());
    client.send(bytes);
    return client.rest();
  }

  ServerOptions options_;
  std::atomic<int> asked_{0};
  std::atomic<int> refused_{0};
  const std::string big_ = std::string(1 << 20, 'b');
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, KeepsTheConnectionAlive) {
  start();
  Client client(port());
  for (int i = 0; i < 100; ++i) {
    const std::string target = "/" + std::to_string(i);
    client.send(get(target));
    ASSERT_EQ(client.response(), ok(target));
  }
}

TEST_F(ServerTest, ClosesWhenAsked) {
  start();
  EXPECT_EQ(exchange(get("/1") + get("/2", "Connection: close\r\n") + get("/3")), ok("/1") + last_ok("/2"));
  EXPECT_EQ(exchange("GET /old HTTP/1.0\r\n\r\n"), last_ok("/old"));
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  start();
  std::string requests, answers;
  for (int i = 0; i < 5000; ++i) {
    const std::string target = "/" + std::to_string(i);
    requests += get(target);
    answers += ok(target);
  }
  requests += get("/last", "Connection: close\r\n");
  answers += last_ok("/last");
  Client client(port());
  auto sender = std::async(std::launch::async, [&] { return client.send(requests); });
  EXPECT_EQ(client.rest(), answers);
  EXPECT_TRUE(sender.get());
}

TEST_F(ServerTest, AnswersARequestThatComesByteByByte) {
  start();
  Client client(port());
  for (const char byte : get("/slow")) client.send({&byte, 1});
  EXPECT_EQ(client.response(), ok("/slow"));
}

TEST_F(ServerTest, AnswersHeadWithoutABody) {
  start();
  Client client(port());
  client.send("HEAD /12345 HTTP/1.1\r\nHost: h\r\n\r\n" + get("/next"));
  EXPECT_EQ(client.response(true), "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
  EXPECT_EQ(client.response(), ok("/next"));
}

TEST_F(ServerTest, TakesAndGivesLargeBodies) {
  start();
  const std::string body(5u << 20, 'x');
  Client client(port());
  client.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  EXPECT_TRUE(client.response() == ok("/a" + body));
  std::string chunks;
  for (size_t at = 0; at < body.size(); at += 0x10000) chunks += "10000\r\n" + body.substr(at, 0x10000) + "\r\n";
  client.send("POST /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n");
  EXPECT_TRUE(client.response() == ok("/b" + body));
}

TEST_F(ServerTest, SendsAllToAClientThatReadsLate) {
  start();
  Client client;
  client.buffer_little();
  ASSERT_TRUE(client.connect(port()));
  std::string requests, answers;
  for (int i = 0; i < 30; ++i) {
    requests += get("/big") + get("/" + std::to_string(i));
    answers += ok(big_) + ok("/" + std::to_string(i));
  }
  client.send(requests + get("/last", "Connection: close\r\n"));
  std::this_thread::sleep_for(200ms);
  EXPECT_LT(asked_, 60) << "requests must wait while their answers cannot leave";
  EXPECT_TRUE(client.rest() == answers + last_ok("/last"));
}

TEST_F(ServerTest, SaysContinue) {
  start();
  Client client(port());
  client.send("POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
  EXPECT_EQ(client.response(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("b");
  EXPECT_EQ(client.response(), ok("/ab"));
}

TEST_F(ServerTest, AnswersAClientThatHasEndedSending) {
  start();
  for (const char* target : {"/half", "/big"}) {
    Client client(port());
    client.send(get(target));
    client.end_sending();
    EXPECT_TRUE(client.rest() == ok(target == std::string("/big") ? big_ : target)) << target;
  }
  Client client(port());
  client.send("GET / HTTP/1.1\r\n");
  client.end_sending();
  EXPECT_THAT(client.rest(), is_refusal(400));
}

TEST_F(ServerTest, RefusesWhatIsNoRequestOrPastALimit) {
  limits().target_bytes_max = 100;
  limits().header_bytes_max = 1000;
  limits().header_count_max = 10;
  limits().body_bytes_max = 1000;
  start();
  std::string fields;
  for (int i = 0; i < 10'000; ++i) fields += "X: y\r\n";
  EXPECT_THAT(exchange("\x16\x03\x01"), is_refusal(400));
  EXPECT_THAT(exchange(get("/", "Content-Length: -1\r\n")), is_refusal(400));
  EXPECT_THAT(exchange(get("/", "Content-Length: 1073741824\r\n")), is_refusal(413));
  EXPECT_THAT(exchange(get("/" + std::string(1 << 20, 'a'))), is_refusal(414));
  EXPECT_THAT(exchange(get("/", "X: " + std::string(1 << 20, 'a') + "\r\n")), is_refusal(431));
  EXPECT_THAT(exchange(get("/", fields)), is_refusal(431));
  EXPECT_THAT(exchange(get("/", "Transfer-Encoding: gzip\r\n")), is_refusal(501));
  EXPECT_THAT(exchange("GET / HTTP/2.0\r\n\r\n"), is_refusal(505));
  EXPECT_EQ(asked_, 0);
  EXPECT_EQ(refused_, 8) << "the handler is told of each";
}

/// A client may send many requests that take long at once: others get their turn in between, and so does stop().
TEST_F(ServerTest, LetsOthersHaveTheirTurn) {
  options_.workers = 1;
  start();
  std::string burst;
  for (int i = 0; i < 1000; ++i) burst += get("/slow");
  Client greedy(port());
  greedy.send(burst);
  ASSERT_EQ(greedy.response(), ok("/slow"));
  EXPECT_EQ(exchange(get("/quick", "Connection: close\r\n")), last_ok("/quick"));
  EXPECT_LT(asked_, 1000);
  server_->stop();
  EXPECT_LT(asked_, 1000) << "what was not begun is not answered";
}

TEST_F(ServerTest, BoundsWhatAllConnectionsHold) {
  options_.workers = 1;
  limits().held_bytes_max = 1 << 20;
  start();
  const std::string part(700'000, 'x');
  std::vector<Client> clients;
  for (int i = 0; i < 10; ++i) {
    clients.emplace_back(port());
    clients.back().send("POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 700001\r\n\r\n" + part);
  }
  for (Client& client : clients) client.send("y");
  int answered = 0;
  for (Client& client : clients) {
    const std::string response = client.response();
    answered += response.starts_with("HTTP/1.1 200 ") ? 1 : 0;
    EXPECT_THAT(response, testing::AnyOf(StartsWith("HTTP/1.1 200 "), is_refusal(503)));
  }
  EXPECT_LT(answered, 10);
  EXPECT_GE(answered, 1);
  Client later(port());
  later.send(get("/small"));
  EXPECT_EQ(later.response(), ok("/small"));
}

/// A client that sends on after the refusal must still be able to read it: no reset.
TEST_F(ServerTest, LetsAClientThatIsStillSendingReadTheRefusal) {
  start();
  Client client(port());
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1073741824\r\n\r\n");
  const std::string piece(1 << 20, 'x');
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(client.send(piece)) << "cut off after " << i << " MiB";
  EXPECT_THAT(client.rest(), is_refusal(413));
}

TEST_F(ServerTest, DoesNotReadOnForEverAfterARefusal) {
  start();
  Client client(port());
  client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n");
  const std::string piece(1 << 20, 'x');
  EXPECT_TRUE(eventually([&] { return !client.send(piece); }));
}

TEST_F(ServerTest, DoesNotWaitForEverAfterARefusal) {
  start();
  const size_t before = open_descriptors();
  Client client(port());
  client.send("bad\r\n");
  EXPECT_THAT(client.rest(), is_refusal(400));
  EXPECT_TRUE(eventually([&] { return open_descriptors() == before + 1; })) << "only the client's own is left";
}

TEST_F(ServerTest, GivesUpOnARequestThatDoesNotComeInTime) {
  limits().request_time = 300ms;
  start();
  const std::string unfinished[] = {"G", "GET / HTTP/1.1\r\n",
                                    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n12345678",
                                    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n"};
  for (const std::string& bytes : unfinished) {
    Client client(port());
    client.send(bytes);
    EXPECT_THAT(client.rest(), is_refusal(408)) << bytes;
  }
}

TEST_F(ServerTest, IsNotFooledByBytesThatTrickle) {
  limits().request_time = 500ms;
  limits().idle_time = 60'000ms;
  start();
  Client slow(port());
  std::atomic<bool> refused{false};
  auto trickle = std::async(std::launch::async, [&] {
    slow.send("GET / HTTP/1.1\r\nX: ");
    for (int i = 0; i < 2000 && !refused; ++i) {
      slow.send("x");
      std::this_thread::sleep_for(10ms);
    }
  });
  Client other(port());
  other.send(get("/other"));
  EXPECT_EQ(other.response(), ok("/other"));
  EXPECT_THAT(slow.response(), is_refusal(408));
  refused = true;
  trickle.get();
}

/// The time is each request's own: a connection may live longer than one request may take.
TEST_F(ServerTest, CountsTheTimeOfEachRequest) {
  limits().request_time = 2'000ms;
  start();
  Client client(port());
  for (int i = 0; i < 30; ++i) {
    client.send(get("/1") + "GET /2 HTTP/1.1\r\n");
    ASSERT_EQ(client.response(), ok("/1"));
    std::this_thread::sleep_for(100ms);
    client.send("Host: h\r\n\r\n");
    ASSERT_EQ(client.response(), ok("/2"));
  }
}

TEST_F(ServerTest, ClosesIdleConnectionsSilently) {
  limits().idle_time = 200ms;
  start();
  EXPECT_EQ(exchange(""), "");
  EXPECT_EQ(exchange(get("/1")), ok("/1"));
  EXPECT_EQ(exchange("\r\n"), "");
}

TEST_F(ServerTest, CutsAClientThatReadsNothing) {
  limits().write_time = 300ms;
  start();
  const size_t before = open_descriptors();
  Client client;
  client.buffer_little();
  ASSERT_TRUE(client.connect(port()));
  for (int i = 0; i < 30; ++i) client.send(get("/big"));
  ASSERT_TRUE(eventually([&] { return asked_ > 0; }));
  EXPECT_TRUE(eventually([&] { return open_descriptors() == before + 1; })) << "only the client's own is left";
  EXPECT_LT(client.rest().size(), 30 * big_.size());
}

TEST_F(ServerTest, WaitsForAClientThatReadsSlowly) {
  limits().write_time = 2'000ms;
  start();
  const std::string body(15u << 20, 'x');
  Client client;
  client.buffer_little(1 << 20);
  ASSERT_TRUE(client.connect(port()));
  client.send("POST /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\n\r\n" + body);
  size_t received = 0;
  while (received < body.size()) {
    const size_t some = client.receive_up_to(300'000);
    ASSERT_GT(some, 0u) << "cut after " << received;
    received += some;
    std::this_thread::sleep_for(100ms);
  }
}

TEST_F(ServerTest, AnswersWhileAThousandConnectionsAreIdle) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max < 2200) GTEST_SKIP() << "needs 2,200 descriptors";
  start();
  std::vector<Client> idle;
  for (int i = 0; i < 1000; ++i) {
    idle.emplace_back(port());
    // Some have asked before, some are in the middle of a request.
    if (i % 3 == 1) idle.back().send(get("/before"));
    if (i % 3 == 2) idle.back().send("GET /middle HTTP/1.1\r\n");
  }
  Client client(port());
  client.send(get("/next"));
  EXPECT_EQ(client.response(), ok("/next"));
  EXPECT_EQ(idle[1].response(), ok("/before"));
  idle[999 - 1].send("Host: h\r\n\r\n");
  EXPECT_EQ(idle[999 - 1].response(), ok("/middle"));
}

TEST_F(ServerTest, AnswersManyClientsAtOnce) {
  options_.workers = 4;
  start();
  constexpr int clients = 16, requests = 200;
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int c = 0; c < clients; ++c) {
    threads.emplace_back([&, c] {
      Client client(port());
      for (int r = 0; r < requests; ++r) {
        const std::string target = "/" + std::to_string(c) + "/" + std::to_string(r);
        client.send(get(target));
        if (client.response() == ok(target)) ++right;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(right, clients * requests);
  EXPECT_EQ(asked_, clients * requests);
}

TEST_F(ServerTest, LeaksNoDescriptorWhenClientsVanish) {
  start();
  const size_t before = open_descriptors();
  const std::string partial[] = {
      "",       "GET", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab", get("/big"), get("/1") + "GET",
      "bad\r\n"};
  for (int i = 0; i < 60; ++i) {
    Client client(port());
    client.send(partial[i % 6]);
    if (i % 2 == 0) {
      client.reset();
    } else {
      client.close();
    }
  }
  // This one is accepted after all of those.
  EXPECT_EQ(exchange(get("/1", "Connection: close\r\n")), last_ok("/1"));
  EXPECT_TRUE(eventually([&] { return open_descriptors() == before; }));
}

TEST_F(ServerTest, TellsTheConnectionsThatAreTooMany) {
  limits().connections_max = 3;
  start();
  std::vector<Client> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back(port());
    clients.back().send(get("/in"));
    EXPECT_EQ(clients.back().response(), ok("/in"));
  }
  EXPECT_THAT(exchange(get("/out")), is_refusal(503));
  clients[0].send(get("/still"));
  EXPECT_EQ(clients[0].response(), ok("/still"));
  clients.pop_back();
  EXPECT_TRUE(eventually([&] { return exchange(get("/again", "Connection: close\r\n")) == last_ok("/again"); }));
}

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return double(t.tv_sec) + double(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

TEST_F(ServerTest, WaitsWhenDescriptorsRunOut) {
  start();
  Client client;
  rlimit usual{};
  getrlimit(RLIMIT_NOFILE, &usual);
  const int lowest_free = dup(0);
  ::close(lowest_free);
  const rlimit none_left{static_cast<rlim_t>(lowest_free), usual.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none_left), 0);
  const double before = processor_seconds();
  EXPECT_TRUE(client.connect(port()));
  client.send(get("/1"));
  std::this_thread::sleep_for(1s);
  const double used = processor_seconds() - before;
  const int asked_meanwhile = asked_;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &usual), 0);
  EXPECT_EQ(asked_meanwhile, 0);
  EXPECT_LT(used, 0.5) << "accepting again and again without a pause";
  EXPECT_EQ(client.response(), ok("/1"));
}

TEST_F(ServerTest, FinishesRequestsInFlightWhenItStops) {
  start();
  Client idle(port()), answered(port()), partial(port());
  answered.send(get("/1"));
  EXPECT_EQ(answered.response(), ok("/1"));
  partial.send(get("/1") + "POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\na");
  EXPECT_EQ(partial.response(), ok("/1"));

  auto stopped = std::async(std::launch::async, [this] { server_->stop(); });
  EXPECT_EQ(idle.rest(), "");
  EXPECT_EQ(answered.rest(), "");
  EXPECT_FALSE(Client().connect(port())) << "it must accept no more";
  EXPECT_EQ(stopped.wait_for(0s), std::future_status::timeout) << "a request is in flight";
  partial.send("b");
  EXPECT_EQ(partial.rest(), last_ok("/2ab"));
  partial.close();
  EXPECT_EQ(stopped.wait_for(20s), std::future_status::ready);
}

TEST_F(ServerTest, SendsAnswersToTheirEndWhenItStops) {
  limits().stop_time = 60'000ms;
  start();
  // More than the system takes in for a client that does not read.
  const std::string body(12u << 20, 'x');
  Client client;
  client.buffer_little();
  ASSERT_TRUE(client.connect(port()));
  client.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  ASSERT_TRUE(eventually([&] { return asked_ > 0; }));
  auto stopped = std::async(std::launch::async, [this] { server_->stop(); });
  EXPECT_EQ(stopped.wait_for(100ms), std::future_status::timeout);
  EXPECT_TRUE(client.response() == ok("/a" + body));
  EXPECT_EQ(client.rest(), "");
  EXPECT_EQ(stopped.wait_for(20s), std::future_status::ready);
}

/// Requests that wait for room are in flight, too: the first of them is answered, and its answer says that it is the last.
TEST_F(ServerTest, AnswersOneMoreWhenItStops) {
  limits().stop_time = 60'000ms;
  start();
  Client client;
  client.buffer_little();
  ASSERT_TRUE(client.connect(port()));
  std::string requests;
  for (int i = 0; i < 30; ++i) requests += get("/big");
  client.send(requests);
  ASSERT_TRUE(eventually([&] { return asked_ > 0; }));
  auto stopped = std::async(std::launch::async, [this] { server_->stop(); });
  std::this_thread::sleep_for(100ms);
  int whole = 0;
  std::string response;
  while ((response = client.response()) == ok(big_)) ++whole;
  EXPECT_LT(whole, 30);
  EXPECT_TRUE(response == last_ok(big_));
  EXPECT_EQ(client.rest(), "");
  client.close();
  EXPECT_EQ(stopped.wait_for(20s), std::future_status::ready);
}

TEST_F(ServerTest, CutsWhatIsLeftAfterTheStopTime) {
  limits().stop_time = 300ms;
  limits().request_time = 60'000ms;
  start();
  Client partial(port()), unread;
  partial.send("GET / HTTP/1.1\r\n");
  unread.buffer_little();
  ASSERT_TRUE(unread.connect(port()));
  for (int i = 0; i < 20; ++i) unread.send(get("/big"));
  ASSERT_TRUE(eventually([&] { return asked_ > 0; }));
  auto stopped = std::async(std::launch::async, [this] { server_->stop(); });
  EXPECT_EQ(stopped.wait_for(20s), std::future_status::ready);
  EXPECT_THAT(partial.rest(), testing::AnyOf("", "(reset)"));
}

TEST_F(ServerTest, StopsUnderLoad) {
  for (int round = 0; round < 10; ++round) {
    start();
    const size_t before = open_descriptors();
    std::vector<std::thread> threads;
    for (int c = 0; c < 4; ++c) {
      threads.emplace_back([port = port()] {
        for (;;) {
          Client client;
          if (!client.connect(port)) return;
          for (int i = 0; i < 20; ++i) {
            if (!client.send(get("/1"))) break;
            const std::string response = client.response();
            if (response.empty()) break;
            EXPECT_THAT(response, testing::AnyOf(ok("/1"), last_ok("/1")));
          }
        }
      });
    }
    std::this_thread::sleep_for(30ms);
    server_->stop();
    for (auto& thread : threads) thread.join();
    EXPECT_LE(open_descriptors(), before);
    server_.reset();
  }
}

TEST_F(ServerTest, LeaksNoDescriptorOverItsLife) {
  const size_t before = open_descriptors();
  for (int i = 0; i < 3; ++i) {
    start();
    Client client(port());
    client.send(get("/1"));
    EXPECT_EQ(client.response(), ok("/1"));
    server_.reset();  // stops
    EXPECT_EQ(client.rest(), "");
  }
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(ServerTest, LetsNoChildInheritItsDescriptors) {
  const auto inherited = [] {
    int count = 0;
    for (int descriptor = 0; descriptor < 1000; ++descriptor) {
      const int flags = fcntl(descriptor, F_GETFD);
      if (flags >= 0 && (flags & FD_CLOEXEC) == 0) ++count;
    }
    return count;
  };
  const int before = inherited();
  start();
  Client client(port());
  client.send(get("/1"));
  EXPECT_EQ(client.response(), ok("/1"));
  EXPECT_EQ(inherited(), before);
}

TEST_F(ServerTest, AllowsItselfAllDescriptorsThatItMay) {
  rlimit usual{};
  getrlimit(RLIMIT_NOFILE, &usual);
  const rlimit few{std::min<rlim_t>(512, usual.rlim_max), usual.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  start();
  rlimit now{};
  getrlimit(RLIMIT_NOFILE, &now);
  EXPECT_EQ(now.rlim_cur, usual.rlim_max);
  setrlimit(RLIMIT_NOFILE, &usual);
}

TEST(Server, SaysThatThePortIsTaken) {
  HandlerOf handler = [](const http::Request&) { return http::Response{}; };
  Server first({}, handler);
  ASSERT_TRUE(first.listen());
  ServerOptions options;
  options.port = first.port();
  Server second(options, handler);
  EXPECT_FALSE(second.listen());
  EXPECT_EQ(second.error(), "127.0.0.1:" + std::to_string(first.port()) + " is already in use");
}

TEST(Server, SaysWhyItCannotListen) {
  const auto error = [](const std::string& host, uint16_t port = 0) {
    ServerOptions options;
    options.host = host;
    options.port = port;
    HandlerOf handler = [](const http::Request&) { return http::Response{}; };
    Server server(options, handler);
    EXPECT_FALSE(server.listen()) << host;
    return server.error();
  };
  EXPECT_EQ(error("192.0.2.1", 4010), "cannot listen on 192.0.2.1:4010: this machine does not have that address");
  EXPECT_THAT(error("no such host"), StartsWith("cannot resolve the host \"no such host\": "));
}

TEST(Server, GivesAUrlForClients) {
  const auto url = [](const std::string& host) {
    ServerOptions options;
    options.host = host;
    HandlerOf handler = [](const http::Request&) { return http::Response{}; };
    Server server(options, handler);
    if (!server.listen()) return server.error();
    EXPECT_NE(server.port(), 0);
    const std::string text = server.url();
    const std::string port = ":" + std::to_string(server.port());
    EXPECT_THAT(text, testing::EndsWith(port));
    return text.substr(0, text.size() - port.size());
  };
  EXPECT_EQ(url("127.0.0.1"), "http://127.0.0.1");
  EXPECT_EQ(url("localhost"), "http://localhost");
  EXPECT_EQ(url("0.0.0.0"), "http://127.0.0.1");
  // A machine may have no IPv6.
  EXPECT_THAT(url("::1"), testing::AnyOf("http://[::1]", StartsWith("cannot ")));
}

TEST(Server, MayBeDestroyedAtAnyStage) {
  HandlerOf handler = [](const http::Request&) { return http::Response{}; };
  { Server server({}, handler); }
  {
    Server server({}, handler);
    ASSERT_TRUE(server.listen());
  }
  {
    Server server({}, handler);
    ASSERT_TRUE(server.listen());
    server.stop();
  }
  {
    Server server({}, handler);
    ASSERT_TRUE(server.listen());
    Client waiting(server.port());
    server.start();
    server.stop();
    server.stop();
  }
}

}  // namespace
}  // namespace counterpart::mock

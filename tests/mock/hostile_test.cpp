/// Requests that no honest client sends: the right refusal, bounded time and memory, and nobody else disturbed.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <thread>

#include "tests/mock/client.h"
#include "tests/mock/running_mock.h"

namespace counterpart::tests {
namespace {

using testing::HasSubstr;

constexpr size_t mib = 1 << 20;

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define COUNTERPART_SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define COUNTERPART_SANITIZED
#endif
#ifdef COUNTERPART_SANITIZED
constexpr size_t growth_bytes_max = 600 * mib;  // what is freed is kept for a while, and everything is shadowed
#else
constexpr size_t growth_bytes_max = 50 * mib;
#endif

struct Refused {
  std::string name;
  std::string bytes;
  int status;
  std::string says;  ///< of the problem's detail

  friend std::ostream& operator<<(std::ostream& out, const Refused& row) { return out << row.name; }
};

std::string start_of(const std::string& more) { return "POST /body HTTP/1.1\r\nHost: x\r\n" + more; }

std::string many_headers(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) lines += fmt::format("X-{}: {}\r\n", i, i);
  return lines;
}

std::vector<Refused> refused_rows() {
  using namespace std::string_literals;
  return {
      {"url_of_1_MB", "GET /" + std::string(mib, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n", 414, "longer than 8192 bytes"},
      {"query_of_1_MB", "GET /query?text=" + std::string(mib, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n", 414,
       "longer than 8192 bytes"},
      {"headers_10000", start_of(many_headers(10'000) + "\r\n"), 431, "more than 200 header fields"},
      {"header_of_1_MB", start_of("X: " + std::string(mib, 'a') + "\r\n\r\n"), 431, "longer than 65536 bytes"},
      {"header_name_of_1_MB", start_of(std::string(mib, 'a') + ": x\r\n\r\n"), 431, "longer than 65536 bytes"},
      {"method_of_1_MB", std::string(mib, 'A') + " / HTTP/1.1\r\nHost: x\r\n\r\n", 414, ""},
      {"content_length_1_GB", start_of("Content-Length: 1073741824\r\n\r\nx"), 413, "longer than 16777216 bytes"},
      {"content_length_past_64_bits", start_of("Content-Length: 99999999999999999999999\r\n\r\nx"), 413, "longer than"},
      {"content_length_negative", start_of("Content-Length: -1\r\n\r\nx"), 400, "Content-Length is not a number"},
      {"content_length_with_plus", start_of("Content-Length: +1\r\n\r\nx"), 400, "Content-Length is not a number"},
      {"content_length_hexadecimal", start_of("Content-Length: 0x1\r\n\r\nx"), 400, "Content-Length is not a number"},
      {"content_length_twice", start_of("Content-Length: 1\r\nContent-Length: 1\r\n\r\nx"), 400,
       "more than one Content-Length"},
      {"content_length_two_values", start_of("Content-Length: 1\r\nContent-Length: 2\r\n\r\nx"), 400,
       "more than one Content-Length"},
      {"content_length_list", start_of("Content-Length: 1, 1\r\n\r\nx"), 400, "Content-Length is not a number"},
      {"length_and_chunks", start_of("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400, "both"},
      {"unknown_coding", start_of("Transfer-Encoding: gzip\r\n\r\n"), 501, "chunked"},
      {"chunk_size_not_a_number", start_of("Transfer-Encoding: chunked\r\n\r\nxyz\r\n"), 400,
       "not a hexadecimal number"},
      {"chunk_size_negative", start_of("Transfer-Encoding: chunked\r\n\r\n-1\r\n"), 400, "not a hexadecimal number"},
      {"chunk_size_past_64_bits", start_of("Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n"), 400,
       "too many digits"},
      {"chunk_size_1_GB", start_of("Transfer-Encoding: chunked\r\n\r\n40000000\r\n"), 413, "longer than"},
      {"chunk_longer_than_it_says", start_of("Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n"), 400,
       "longer than its size says"},
      {"chunk_extension_of_1_MB", start_of("Transfer-Encoding: chunked\r\n\r\n1;" + std::string(mib, 'x')), 400,
       "chunk"},
      {"trailers_10000", start_of("Transfer-Encoding: chunked\r\n\r\n0\r\n" + many_headers(10'000)), 431,
       "header fields"},
      {"nul_in_target", "GET /echo/a\0b HTTP/1.1\r\nHost: x\r\n\r\n"s, 400, "control character"},
      {"nul_in_method", "G\0T /echo/a HTTP/1.1\r\nHost: x\r\n\r\n"s, 400, "not a token"},
      {"nul_in_header", start_of("X: a\0b\r\n\r\n"s), 400, "control character"},
      {"nuls", std::string(1000, '\0'), 400, "not that of an HTTP request"},
      {"tls_hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, 400, "TLS"},
      {"no_host", "GET /echo/a HTTP/1.1\r\n\r\n", 400, "no Host"},
      {"two_hosts", "GET /echo/a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400, "more than one Host"},
      {"host_with_a_path", "GET /echo/a HTTP/1.1\r\nHost: x/y\r\n\r\n", 400, "not a host"},
      {"lines_with_lf_alone", "GET /echo/a HTTP/1.1\nHost: x\n\n", 400, "LF alone"},
      {"folded_header", start_of("X: a\r\n b\r\n\r\n"), 400, "folded"},
      {"blank_before_colon", start_of("X : a\r\n\r\n"), 400, "blank between"},
      {"header_without_colon", start_of("X\r\n\r\n"), 400, "no colon"},
      {"response_splitting", "GET /echo/a\rX: b HTTP/1.1\r\nHost: x\r\n\r\n", 400, ""},
      {"two_blanks", "GET  /echo/a HTTP/1.1\r\nHost: x\r\n\r\n", 400, "one space"},
      {"no_version", "GET /echo/a\r\nHost: x\r\n\r\n", 400, ""},
      {"http_2", "GET /echo/a HTTP/2.0\r\nHost: x\r\n\r\n", 505, "HTTP/1.1"},
      {"http_2_preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "HTTP/1.1"},
      {"connect", "CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n", 501, "tunnel"},
      {"ftp", "GET ftp://x/y HTTP/1.1\r\nHost: x\r\n\r\n", 400, ""},
  };
}

class RefusedRequests : public testing::TestWithParam<Refused> {};

TEST_P(RefusedRequests, GetAProblemAndAClosedConnection) {
  const RunningMock mock({fixture("echo"), "--quiet"});
  Client neighbour(mock.port());
  EXPECT_EQ(neighbour.ask("GET", "/echo/before").body, "before");
  Client client(mock.port());
  client.send_until_answered(GetParam().bytes);
  const Response answer = client.read();
  EXPECT_EQ(answer.status, GetParam().status);
  EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_THAT(answer.body, HasSubstr(GetParam().says));
  client.finish_sending();
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(neighbour.ask("GET", "/echo/after").body, "after");
}

INSTANTIATE_TEST_SUITE_P(Table, RefusedRequests, testing::ValuesIn(refused_rows()),
                         [](const auto& row) { return row.param.name; });

TEST(Hostile, LimitsAreExact) {
  const RunningMock mock({fixture("echo"), "--quiet"});
  const auto status_of = [&](const std::string& bytes) { return answer_to(mock.port(), bytes).status; };
  const auto get = [](size_t target_bytes) {
    return "GET /echo/" + std::string(target_bytes - 6, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n";
  };
  EXPECT_EQ(status_of(get(8192)), 200);
  EXPECT_EQ(status_of(get(8193)), 414);
  const auto headers = [](int count) {
    return "GET /echo/a HTTP/1.1\r\nHost: x\r\n" + many_headers(count - 1) + "\r\n";
  };
  EXPECT_EQ(status_of(headers(200)), 200);
  EXPECT_EQ(status_of(headers(201)), 431);
  const auto body = [](size_t bytes) { return request("PUT", "/body", "", std::string(bytes, 'x')); };
  EXPECT_EQ(status_of(body(16 * mib)), 200);
  EXPECT_EQ(status_of(body(16 * mib + 1)), 413);
}

TEST(Hostile, ChunksWithoutEnd) {
  const RunningMock mock({fixture("echo"), "--quiet"});
  Client client(mock.port());
  client.send(start_of("Transfer-Encoding: chunked\r\n\r\n"));
  const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
  size_t sent = 0;
  for (size_t taken = chunk.size(); taken == chunk.size() && sent < 1024 * mib; sent += taken)
    taken = client.send_until_answered(chunk);
  EXPECT_EQ(client.read().status, 413);
  EXPECT_LT(sent, 64 * mib);  // 16 MiB are read, the rest waits in the system's buffers
}

TEST(Hostile, OneByteNowAndThen) {
  const RunningMock mock({fixture("echo"), "--quiet"});
  Client slow(mock.port());
  Client neighbour(mock.port());
  for (const char byte : std::string("GET /echo/slow HTTP/1.1\r\nHost: x\r\n\r\n")) {
    slow.send({&byte, 1});
    ASSERT_EQ(neighbour.ask("GET", "/echo/quick").body, "quick");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(slow.read().body, "slow");
}

TEST(Hostile, RequestThatNeverEnds) {
  const RunningMock mock({fixture("echo"), "--quiet"});
  Client slow(mock.port());
  slow.send("GET /echo/slow HTTP/1.1\r\nHost: x\r\nX: ");
  constexpr int seconds_max = 100;  // the limit is 10
  int seconds = 0;
  while (seconds < seconds_max && slow.send_until_answered("x") == 1) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    ++seconds;
  }
  EXPECT_GT(seconds, 5);
  EXPECT_EQ(slow.read().status, 408);
  EXPECT_TRUE(slow.is_closed());
}

TEST(Hostile, IdleConnectionsKeepNobodyWaiting) {
  constexpr size_t idle_count = 1000;
  rlimit files{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
  files.rlim_cur = files.rlim_max;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &files), 0);
  if (files.rlim_max < idle_count + 100)
    GTEST_SKIP() << "the system allows a process only " << files.rlim_max << " descriptors";

  const RunningMock mock({fixture("echo"), "--quiet"});
  std::vector<Client> idle;
  for (size_t i = 0; i < idle_count; ++i) {
    idle.emplace_back(mock.port());
    if (i % 2 == 0) idle.back().ask("GET", "/echo/once");
    if (i % 10 == 0) idle.back().send("GET /echo/later HTTP/1.1\r\n");
  }
  EXPECT_EQ(ask(mock.port(), "GET", "/echo/at-once").body, "at-once");
  for (size_t i = 1; i < idle_count; i += 100) EXPECT_EQ(idle[i].ask("GET", "/echo/again").body, "again");
}

TEST(Hostile, ClientsThatNeverRead) {
  const RunningMock mock({panel, "--quiet"});
  std::string bytes;
  for (int i = 0; i < 2000; ++i)
    bytes += request("GET", "/api/account/sessions?limit=100", "Authorization: Bearer BUSY_API_KEY\r\n");
  std::vector<Client> deaf;
  const size_t before = mock.resident_bytes();
  for (int i = 0; i < 8; ++i) {
    deaf.emplace_back(mock.port());
    deaf.back().send_without_reading(bytes);  // 60 MB of answers, if the mock made all of them
    EXPECT_EQ(ask(mock.port(), "GET", "/api/account/sessions").status, 401);
  }
  EXPECT_LT(mock.resident_bytes(), before + growth_bytes_max);
}

/// Bytes the mock has grown by while `disturb` ran.
template <typename Disturb>
size_t growth(const RunningMock& mock, const Disturb& disturb) {
  ask(mock.port(), "PUT", "/body", "", "warm");
  const size_t before = mock.resident_bytes();
  disturb();
  const size_t after = mock.resident_bytes();
  EXPECT_EQ(ask(mock.port(), "GET", "/echo/still-there").body, "still-there");
  return after > before ? after - before : 0;
}

TEST(Memory, AfterBigBodies) {
  const RunningMock mock({fixture("echo"), "--quiet"});
  const std::string body(mib, 'x');
  EXPECT_LT(growth(mock,
                   [&] {
                     for (int i = 0; i < 200; ++i)
                       ASSERT_EQ(ask(mock.port(), "PUT", "/body", "", body).body, "1048576 bytes");
                   }),
            growth_bytes_max);
}

TEST(Memory, AfterBigHeads) {
  const RunningMock mock({fixture("echo"), "--quiet"});
  const std::string fits = many_headers(150) + "X: " + std::string(60'000, 'x') + "\r\n";
  EXPECT_LT(
      growth(
          mock,
          [&] {
            for (int i = 0; i < 200; ++i) {
              ASSERT_EQ(ask(mock.port(), "GET", "/echo/x", fits).status, 200);
              ASSERT_EQ(answer_to(mock.port(), start_of("X: " + std::string(mib, 'x'))).status, 431);
              ASSERT_EQ(answer_to(mock.port(), "GET /" + std::string(mib, 'x')).status, 414);
              ASSERT_EQ(
                  answer_to(mock.port(), start_of("Content-Length: 1000000000\r\n\r\n" + std::string(mib, 'x'))).status,
                  413);
            }
          }),
      growth_bytes_max);
}

TEST(Memory, AfterManyConnectionsThatGiveUp) {
  const RunningMock mock({fixture("echo"), "--quiet"});
  EXPECT_LT(growth(mock,
                   [&] {
                     for (int round = 0; round < 20; ++round) {
                       std::vector<Client> clients;
                       for (int i = 0; i < 50; ++i) {
                         clients.emplace_back(mock.port());
                         clients.back().send(start_of("Content-Length: 1000000\r\n\r\n" + std::string(50'000, 'x')));
                       }
                     }
                   }),
            growth_bytes_max);
}

TEST(Memory, AfterExpressionsThatTakeAll) {
  const RunningMock mock({fixture("expressions"), "--quiet"});
  EXPECT_EQ(ask(mock.port(), "GET", "/fine").status, 200);
  const size_t before = mock.resident_bytes();
#ifdef COUNTERPART_SANITIZED
  constexpr int rounds = 2;  // each takes all that a budget allows, ten times as slowly
#else
  constexpr int rounds = 50;
#endif
  for (int i = 0; i < rounds; ++i) {
    for (const char* path : {"/allocate", "/recurse", "/doubling-text", "/deep-value"}) {
      ASSERT_EQ(ask(mock.port(), "GET", path).status, 500);
    }
  }
  EXPECT_EQ(ask(mock.port(), "GET", "/fine").status, 200);
  // An interpreter's budget is 16 MiB, and there is one a worker.
  EXPECT_LT(mock.resident_bytes(), before + 4 * growth_bytes_max);
}

}  // namespace
}  // namespace counterpart::tests

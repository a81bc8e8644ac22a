/// Every fault, read from the raw socket: exactly these bytes come, and the connection ends exactly so.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "tests/mock/client.h"
#include "tests/mock/running_mock.h"

namespace counterpart::tests {
namespace {

using testing::IsSubsetOf;

const std::string json = R"({"numbers":[1,2,3],"word":"abc"})";
const std::string text = "0123456789";

/// The head of an answer of the contract, with these fields in the place of its length and type.
std::string head(const std::string& fields, const std::string& operation = "readJson") {
  return "HTTP/1.1 200 OK\r\n" + fields + "Counterpart-Operation: " + operation +
         "\r\nCounterpart-Response: found\r\n\r\n";
}

std::string length(size_t bytes) { return fmt::format("Content-Length: {}\r\n", bytes); }

const std::string json_type = "Content-Type: application/json\r\n";
const std::string json_head = head(length(32) + json_type);
const std::string last_answer =
    head("Connection: close\r\n" + length(10) + "Content-Type: text/plain\r\n", "readText") + text;

enum class Then { goes_on, closed, reset };

struct Damage {
  std::string name;
  std::string target;  ///< "?fault=..." included
  std::string bytes;   ///< that come
  Then then;           ///< what becomes of the connection

  friend std::ostream& operator<<(std::ostream& out, const Damage& row) { return out << row.name; }
};

std::vector<Damage> damages() {
  const std::string json_end = json_head + json;
  std::string chunk_head = head(json_type);
  chunk_head.insert(chunk_head.size() - 2, "Transfer-Encoding: chunked\r\n");
  const std::string nothing = "Counterpart-Operation: readNothing\r\nCounterpart-Response: found\r\n";
  return {
      {"connection_reset", "/json?fault=connection-reset", "", Then::reset},
      {"empty_response", "/json?fault=empty-response", "", Then::closed},
      {"truncate_percent_of_body", "/json?fault=truncate-percent", json_head + json.substr(0, 12), Then::closed},
      {"truncate_bytes_of_body", "/json?fault=truncate-bytes", json_head + json.substr(0, 7), Then::closed},
      {"truncate_text", "/text?fault=truncate-bytes",
       head(length(10) + "Content-Type: text/plain\r\n", "readText") + text.substr(0, 7), Then::closed},
      {"truncate_in_head", "/json?fault=truncate-in-head", "HTTP/1.1 200", Then::closed},
      {"truncate_nothing", "/json?fault=truncate-nothing", json_end, Then::closed},
      {"truncate_after_a_delay", "/json?fault=truncate-delayed", json_head + "{", Then::closed},
      {"stall", "/json?fault=stall", json_end, Then::goes_on},
      {"stall_at_start", "/json?fault=stall-at-start", json_end, Then::goes_on},
      {"trickle", "/json?fault=trickle", json_end, Then::goes_on},
      {"split", "/json?fault=split", json_end, Then::goes_on},
      {"split_head", "/json?fault=split-head", json_end, Then::goes_on},
      {"malformed_chunk", "/json?fault=malformed-chunk", chunk_head + "10\r\n" + json.substr(0, 16) + "\r\nno-size\r\n",
       Then::closed},
      {"malformed_chunk_without_a_body", "/nothing?fault=malformed-chunk",
       "HTTP/1.1 204 No Content\r\n" + nothing + "Transfer-Encoding: chunked\r\n\r\nno-size\r\n", Then::closed},
      {"longer_length", "/json?fault=longer-length", head(length(37) + json_type) + json, Then::closed},
      {"shorter_length", "/json?fault=shorter-length", head(length(27) + json_type) + json, Then::closed},
      {"duplicate_header", "/json?fault=duplicate-header", head(length(32) + length(32) + json_type) + json,
       Then::goes_on},
      {"duplicate_type", "/json?fault=duplicate-type", head(length(32) + json_type + json_type) + json, Then::goes_on},
      {"wrong_content_type", "/json?fault=wrong-content-type", head(length(32) + "Content-Type: text/html\r\n") + json,
       Then::goes_on},
      {"wrong_type_is", "/json?fault=wrong-type-is", head(length(32) + "Content-Type: image/png\r\n") + json,
       Then::goes_on},
      {"invalid_json", "/json?fault=invalid-json", head(length(31) + json_type) + json.substr(0, 31), Then::goes_on},
      {"invalid_json_of_text", "/text?fault=invalid-json",
       head(length(1) + "Content-Type: text/plain\r\n", "readText") + "{", Then::goes_on},
      {"invalid_json_of_nothing", "/nothing?fault=invalid-json",
       "HTTP/1.1 204 No Content\r\n" + nothing + "Content-Length: 1\r\n\r\n{", Then::closed},
  };
}

std::vector<std::string> every_fault() { return {fixture("faults"), "--scenario", "every-fault", "--quiet"}; }

class Damages : public testing::TestWithParam<Damage> {};

/// Where the connection goes on, a second request ends it: what comes behind the damage is not damaged.
TEST_P(Damages, AreExactlyThese) {
  const RunningMock mock(every_fault());
  Client client(mock.port());
  client.send(request("GET", GetParam().target));
  const bool goes_on = GetParam().then == Then::goes_on;
  if (goes_on) client.send(request("GET", "/text", "Connection: close\r\n"));
  const Rest rest = client.read_to_end();
  EXPECT_EQ(rest.bytes(), GetParam().bytes + (goes_on ? last_answer : ""));
  EXPECT_EQ(rest.end, GetParam().then == Then::reset ? End::reset : End::closed);
}

INSTANTIATE_TEST_SUITE_P(Table, Damages, testing::ValuesIn(damages()), [](const auto& row) { return row.param.name; });

std::vector<Damage> damages_to_head() {
  std::string chunk_head = head(json_type);
  chunk_head.insert(chunk_head.size() - 2, "Transfer-Encoding: chunked\r\n");
  return {
      {"connection_reset", "connection-reset", "", Then::reset},
      {"empty_response", "empty-response", "", Then::closed},
      {"truncate_of_body", "truncate-bytes", json_head, Then::closed},
      {"truncate_in_head", "truncate-in-head", "HTTP/1.1 200", Then::closed},
      {"stall", "stall", json_head, Then::goes_on},
      {"trickle", "trickle", json_head, Then::goes_on},
      {"split", "split", json_head, Then::goes_on},
      {"malformed_chunk", "malformed-chunk", chunk_head, Then::closed},
      {"longer_length", "longer-length", head(length(37) + json_type), Then::closed},
      {"shorter_length", "shorter-length", head(length(27) + json_type), Then::closed},
      {"duplicate_header", "duplicate-header", head(length(32) + length(32) + json_type), Then::goes_on},
      {"wrong_content_type", "wrong-content-type", head(length(32) + "Content-Type: text/html\r\n"), Then::goes_on},
      {"invalid_json", "invalid-json", json_head, Then::goes_on},
  };
}

class DamagesToHead : public testing::TestWithParam<Damage> {};

/// No byte comes behind a head, where a client would take it for its next answer.
TEST_P(DamagesToHead, HaveNoBody) {
  const RunningMock mock(every_fault());
  Client client(mock.port());
  client.send(request("HEAD", "/json?fault=" + GetParam().target));
  const bool goes_on = GetParam().then == Then::goes_on;
  if (goes_on) client.send(request("GET", "/text", "Connection: close\r\n"));
  const Rest rest = client.read_to_end();
  EXPECT_EQ(rest.bytes(), GetParam().bytes + (goes_on ? last_answer : ""));
  EXPECT_EQ(rest.end, GetParam().then == Then::reset ? End::reset : End::closed);
}

INSTANTIATE_TEST_SUITE_P(Table, DamagesToHead, testing::ValuesIn(damages_to_head()),
                         [](const auto& row) { return row.param.name; });

/// A fault that ends the connection leaves the requests behind it unanswered, and is still no RST.
TEST(Faults, EndTheConnectionForRequestsBehindThem) {
  const RunningMock mock(every_fault());
  for (const char* fault : {"truncate-bytes", "empty-response", "malformed-chunk", "longer-length", "garbage"}) {
    SCOPED_TRACE(fault);
    Client alone(mock.port());
    alone.send(request("GET", fmt::format("/json?fault={}", fault)));
    Client client(mock.port());
    client.send(request("GET", fmt::format("/json?fault={}", fault)) + request("GET", "/text"));
    const Rest rest = client.read_to_end();
    EXPECT_EQ(rest.bytes().size(), alone.read_to_end().bytes().size());
    EXPECT_EQ(rest.end, End::closed);
  }
}

TEST(Faults, GarbageIsRandomAndOfItsSize) {
  const auto garbage = [](const std::string& seed) {
    const RunningMock mock({fixture("faults"), "--scenario", "every-fault", "--quiet", "--seed", seed});
    Client client(mock.port());
    client.send(request("GET", "/json?fault=garbage"));
    const Rest rest = client.read_to_end();
    EXPECT_EQ(rest.end, End::closed);
    return rest.bytes();
  };
  const std::string first = garbage("1");
  EXPECT_EQ(first.size(), 40u);
  EXPECT_NE(first.substr(0, 5), "HTTP/");
  EXPECT_EQ(first, garbage("1"));
  EXPECT_NE(first, garbage("2"));
}

struct Pieces {
  std::string fault;
  std::vector<size_t> boundaries;  ///< where a piece begins
  std::chrono::milliseconds time;  ///< that the whole takes at least

  friend std::ostream& operator<<(std::ostream& out, const Pieces& row) { return out << row.fault; }
};

std::vector<Pieces> pieces_rows() {
  using std::chrono::milliseconds;
  const size_t body = head("Connection: close\r\n" + length(32) + json_type).size();
  const size_t all = body + json.size();
  std::vector<size_t> chunks;
  for (size_t at = 50; at < all; at += 50) chunks.push_back(at);
  return {
      {"split", {body + 10, body + 16}, milliseconds(40)},
      {"split-head", {4, 9, all / 2}, milliseconds(60)},
      {"stall", {body + 10}, milliseconds(200)},
      {"stall-at-start", {}, milliseconds(200)},
      {"trickle", chunks, milliseconds(50) * static_cast<int>(chunks.size())},
  };
}

class FaultsInTime : public testing::TestWithParam<Pieces> {};

/// A client that was not given its turn sees two pieces as one: then it tries again. It never sees another boundary.
TEST_P(FaultsInTime, ComeInPieces) {
  const RunningMock mock(every_fault());
  constexpr int tries_max = 20;
  std::vector<size_t> seen;
  for (int i = 0; i < tries_max; ++i) {
    Client client(mock.port());
    const auto begun = std::chrono::steady_clock::now();
    client.send(request("GET", "/json?fault=" + GetParam().fault, "Connection: close\r\n"));
    const Rest rest = client.read_to_end();
    EXPECT_GE(std::chrono::steady_clock::now() - begun, GetParam().time);
    seen = rest.boundaries();
    if (seen == GetParam().boundaries) break;
    ASSERT_THAT(seen, IsSubsetOf(GetParam().boundaries));
  }
  EXPECT_EQ(seen, GetParam().boundaries);
}

INSTANTIATE_TEST_SUITE_P(Table, FaultsInTime, testing::ValuesIn(pieces_rows()), [](const auto& row) {
  std::string name = row.param.fault;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Faults, KeepNobodyWaiting) {
  constexpr int slow_count = 20, quick_count = 50;  // there are fewer workers than that
  const RunningMock mock(every_fault());
  std::vector<Client> slow;
  for (int i = 0; i < slow_count; ++i) {
    slow.emplace_back(mock.port());
    slow.back().send(request("GET", "/json?fault=stall-long"));
  }
  for (int i = 0; i < quick_count; ++i) EXPECT_EQ(ask(mock.port(), "GET", "/text").body, text);
  for (const Client& client : slow) EXPECT_FALSE(client.has_answer());
  for (Client& client : slow) EXPECT_EQ(client.read().body, json);
}

}  // namespace
}  // namespace counterpart::tests

#include "conformance/reproduce.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>

#include "conformance/test_peer.h"
#include "conformance/test_talk.h"

namespace counterpart::conformance {
namespace {

/// A request's lines: the first, then the headers in order of the alphabet, then the body.
std::string in_order(const std::string& request) {
  std::vector<std::string> lines;
  const size_t head = request.find("\r\n\r\n");
  for (size_t at = 0; at < head;) {
    const size_t end = request.find("\r\n", at);
    lines.push_back(request.substr(at, end - at));
    while (lines.back().ends_with(' ')) lines.back().pop_back();
    at = end + 2;
  }
  std::sort(lines.begin() + 1, lines.end());
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text + request.substr(head);
}

bool has_curl() { return std::system("command -v curl >/dev/null 2>&1") == 0; }

TEST(CurlLine, SendsWhatWasSent) {
  if (!has_curl()) GTEST_SKIP() << "curl is not installed";
  TestPeer* notes = nullptr;
  TestPeer peer([&](PeerSocket& socket, int) {
    for (std::string request; !(request = socket.read_request()).empty();) {
      notes->note(request);
      socket.send(request.starts_with("HEAD") ? ok.substr(0, ok.size() - 2) : ok);
    }
  });
  notes = &peer;
  TargetSettings settings = settings_of(peer.url() + "/base");
  settings.headers = {{"X-Team", "it's $HOME \"here\""}, {"Host", "inner.example:99"}};
  const http::Request requests[] = {
      {"GET", "/a/../b?x=[1]&y={z}&$IFS'", {{"Host", "localhost"}, {"Authorization", "Bearer key"}}, ""},
      {"POST", "/", {{"Content-Type", "application/json"}, {"Empty", ""}, {"Accept", "a/b"}}, "{\"a\": \"it's\"}\n"},
      {"POST", "/none", {}, ""},
      {"POST", "/", {{"Content-Type", "text/plain"}}, "@/etc/passwd"},
      {"PUT", "/", {{"Content-Type", "text/plain"}}, std::string("a\0b%d\\n\xff", 8)},
      {"PUT", "/", {}, "of no type"},
      {"GET", "/", {{"Content-Type", "text/plain"}}, "a body"},
      {"DELETE", "/", {{"A", "1"}, {"A", "2"}, {"User-Agent", "me"}}, ""},
      {"HEAD", "/", {}, ""},
      {"PATCH", "/", {{"Cookie", "a=b; c=d"}}, ""},
  };
  Talk talk(settings);
  for (const http::Request& request : requests) {
    Exchange exchange;
    exchange.request = talk.conversation->as_sent(request);
    exchange.url = talk.conversation->url(request.target);
    ASSERT_EQ(talk.conversation->send(request, false).response.status, 200);
    const std::string line = curl_line(exchange, talk.target->curl_options());
    ASSERT_EQ(
        std::system(("env -u http_proxy " + std::string("sh -c ") + shell_word(line) + " >/dev/null 2>&1").c_str()), 0)
        << line;
    const auto sent = peer.notes();
    ASSERT_GE(sent.size(), 2u);
    EXPECT_EQ(in_order(sent[sent.size() - 1]), in_order(sent[sent.size() - 2])) << line;
    EXPECT_EQ(exchange.request.target, request.target);
  }
}

TEST(CurlLine, SaysHowTheTargetIsReached) {
  TargetSettings settings = settings_of("https://127.0.0.1:1");
  EXPECT_EQ(make_http_target(settings)->curl_options(), "");
  settings.insecure = true;
  EXPECT_EQ(make_http_target(settings)->curl_options(), "--insecure");
}

TEST(ScenarioText, CanBeGivenAnotherName) {
  EXPECT_EQ(with_name("# a remark: scenario: x\nscenario: found-headers\nsteps: []\n", "found-3"),
            "# a remark: scenario: x\nscenario: found-3\nsteps: []\n");
}

}  // namespace
}  // namespace counterpart::conformance

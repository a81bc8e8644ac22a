#include "mock/player.h"

#include <gtest/gtest.h>

#include "engine/contract/loader.h"
#include "mock/request_log.h"

namespace counterpart::mock {
namespace {

struct Seat {
  std::shared_ptr<const engine::Engine> engine;
  std::shared_ptr<state::Space> space;
};

/// A contract of one operation.
Seat seat(const std::string& name, const std::string& path) {
  document::Diagnostics diagnostics;
  const std::string text =
      "counterpart: 1\nname: " + name + "\noperations:\n  get_" + name + ":\n    request: { method: GET, path: \"" +
      path + "\" }\n    rules: [{ respond: ok }]\n    responses: { ok: { status: 200, body: " + name + " } }\n";
  const auto source = std::make_shared<const document::Source>(document::Source{"contract.yaml", text});
  auto engine = std::make_shared<const engine::Engine>(contract::load(source, ".", diagnostics));
  std::shared_ptr<state::Space> space = engine->make_space({}, diagnostics);
  EXPECT_EQ(diagnostics.render(false), "");
  return {std::move(engine), std::move(space)};
}

http::Request request(const std::string& method, const std::string& target, http::Headers headers = {}) {
  return {method, target, std::move(headers), ""};
}

TEST(PlayerTest, FindsTheContractOfAPath) {
  Player player({});
  for (const auto& [name, path] : {std::pair{"one", "/one"}, std::pair{"two", "/two/{id}"}}) {
    const Seat added = seat(name, path);
    ASSERT_EQ(player.add(added.engine, added.space), std::nullopt);
  }
  EXPECT_EQ(player.answer(request("GET", "/one")).body, "one");
  EXPECT_EQ(player.answer(request("GET", "/two/7")).body, "two");
  const http::Response unknown = player.answer(request("GET", "/tow/7"));
  EXPECT_EQ(unknown.status, 404);
  EXPECT_NE(unknown.body.find("path segment 1 is \\\"tow\\\", expected \\\"two\\\""), std::string::npos)
      << unknown.body;
}

TEST(PlayerTest, RefusesContractsThatClash) {
  struct Case {
    const char* first;
    const char* second;
    bool clash;
  };
  const Case cases[] = {
      {"/a", "/a", true},  {"/a/{x}", "/a/b", true}, {"/a/b", "/a/{x}", true},   {"/a/{x}/c", "/a/b/{y}", true},
      {"/a", "/b", false}, {"/a/{x}", "/a", false},  {"/a/{x}", "/b/{x}", false}};
  for (const Case& test : cases) {
    SCOPED_TRACE(std::string(test.first) + " and " + test.second);
    Player player({});
    const Seat first = seat("one", test.first);
    const Seat second = seat("two", test.second);
    ASSERT_EQ(player.add(first.engine, first.space), std::nullopt);
    const auto clash = player.add(second.engine, second.space);
    ASSERT_EQ(clash.has_value(), test.clash);
    if (!clash) continue;
    EXPECT_EQ(*clash, "one and two both answer " + std::string(test.second) + ": operation \"get_one\" (" + test.first +
                          ") and operation \"get_two\" (" + test.second + ")");
  }
}

TEST(PlayerTest, AddsCorsWhereAsked) {
  PlayerOptions options;
  options.cors = true;
  Player player(std::move(options));
  const Seat only = seat("one", "/one");
  ASSERT_EQ(player.add(only.engine, only.space), std::nullopt);
  const http::Response simple = player.answer(request("GET", "/one", {{"Origin", "https://a.example"}}));
  EXPECT_EQ(*simple.headers.find("access-control-allow-origin"), "*");
  EXPECT_EQ(simple.headers.find("access-control-allow-methods"), nullptr);
  const http::Response preflight = player.answer(request("OPTIONS", "/one",
                                                         {{"Origin", "https://a.example"},
                                                          {"Access-Control-Request-Method", "GET"},
                                                          {"Access-Control-Request-Headers", "authorization"}}));
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(*preflight.headers.find("access-control-allow-methods"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(*preflight.headers.find("access-control-allow-headers"), "authorization");
}

TEST(PlayerTest, TellsOfEveryExchange) {
  std::vector<std::string> lines;
  PlayerOptions options;
  options.on_exchange = [&](const Exchange& exchange) {
    const Exchange timed{exchange.request, exchange.answer, 42};
    lines.push_back(log_line(timed, LogFormat::text, false));
    lines.push_back(log_line(timed, LogFormat::json, false));
    lines.push_back(log_line(timed, LogFormat::text, true));
  };
  Player player(std::move(options));
  const Seat only = seat("one", "/one");
  ASSERT_EQ(player.add(only.engine, only.space), std::nullopt);
  player.answer(request("GET", "/one?a=\x01"));
  player.answer(request("GET", "/one?a=b"));
  http::Response problem{408, {}, ""};
  player.refused({}, problem);
  ASSERT_EQ(lines.size(), 9u);
  EXPECT_EQ(lines[0], "GET     400  -                                      42 us  /one?a=?");
  EXPECT_EQ(lines[3], "GET     200  get_one/ok                             42 us  /one?a=b");
  EXPECT_EQ(
      lines[4],
      R"({"event":"request","method":"GET","target":"/one?a=b","status":200,"operation":"get_one","response":"ok","microseconds":42})");
  EXPECT_EQ(lines[5].substr(0, 26), "GET     \x1b[32m200\x1b[0m  get_");
  EXPECT_EQ(lines[6], "-       408  -                                      42 us  ");
}

}  // namespace
}  // namespace counterpart::mock

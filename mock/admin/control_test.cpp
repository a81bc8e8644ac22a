#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "mock/admin/test_world.h"

namespace counterpart::mock {
namespace {

using admin::Json;

/// A problem's whole body.
std::string problem(int status, const std::string& title, const std::string& detail) {
  return Json{{"type", "about:blank"}, {"title", title}, {"status", status}, {"detail", detail}}.dump();
}

std::string unprocessable(const std::string& detail) { return problem(422, "Unprocessable Content", detail); }
std::string not_found(const std::string& detail) { return problem(404, "Not Found", detail); }
std::string bad(const std::string& detail) { return problem(400, "Bad Request", detail); }

struct Step {
  const char* method;
  const char* path;
  const char* body;
  int status;
  std::string answer;
};

/// One after the other, in one world.
void play(World& world, const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    SCOPED_TRACE(std::string(step.method) + " " + step.path + " " + step.body);
    const http::Response response = world.ask(step.method, step.path, step.body);
    EXPECT_EQ(response.status, step.status);
    EXPECT_EQ(response.body, step.answer);
  }
}

TEST(AdminState, FindsCollectionsAndItems) {
  World world;
  play(world,
       {
           {"GET", "state/tags", "", 200, R"({"items":[{"name":"a/b c"}]})"},
           {"GET", "state/tags/a%2Fb%20c", "", 200, R"({"name":"a/b c"})"},
           {"GET", "state/tags/a%20b", "", 404, not_found(R"(tags has no item "a b")")},
           {"GET", "state/tag", "", 404, not_found(R"(there is no collection "tag"; did you mean "tags"?)")},
           {"GET", "state/carts?contract=notes", "", 404,
            not_found(R"(there is no collection "carts"; expected one of: notes, tags)")},
           {"GET", "state/notes", "", 409,
            problem(409, "Conflict",
                    R"(several contracts have a collection "notes"; ask with ?contract=NAME, one of: notes, shop)")},
           {"GET", "state/notes?contract=shop", "", 200, R"({"items":[]})"},
           {"GET", "state/notes/n1?contract=notes", "", 200, R"({"id":"n1","owner":"Ada"})"},
           {"GET", "state/notes/7?contract=notes", "", 200, R"({"id":"7","owner":"Cem"})"},
           {"GET", "state/notes/8?contract=notes", "", 200, R"({"id":8,"owner":"Eve"})"},
           {"GET", "state/notes/7.0?contract=notes", "", 200, R"({"id":7,"owner":"Dee"})"},
           {"GET", "state/carts/1", "", 200, R"({"number":1})"},
       });
}

TEST(AdminState, ReplacesAndMergesCollections) {
  World world;
  play(world,
       {
           {"PUT", "state/carts", R"({"items":[{"number":3,"x":1.5},{"number":2}]})", 200,
            R"({"items":[{"number":3,"x":1.5},{"number":2}]})"},
           {"PATCH", "state/carts", R"({"items":[{"number":2,"y":null},{"number":4},{"number":4,"z":[]}]})", 200,
            R"({"items":[{"number":3,"x":1.5},{"number":2,"y":null},{"number":4,"z":[]}]})"},
           {"PATCH", "state/carts", R"({"items":[{"number":9},{"y":1}]})", 422,
            unprocessable(R"(an item of carts needs its key "number")")},
           {"PUT", "state/carts", R"({"items":[{"number":9},7]})", 422,
            unprocessable("an item of carts must be a map, this is a number")},
           {"PUT", "state/carts", R"({"items":[{"number":9},{"number":9}]})", 422,
            unprocessable(R"(carts has an item whose "number" is 9 already)")},
           {"PUT", "state/carts", R"([])", 400, bad("the body must be an object, is an empty array")},
           {"PUT", "state/carts", R"({})", 400, bad(R"(the body must be an object with "items", is one without)")},
           {"GET", "state/carts", "", 200,
            R"({"items":[{"number":3,"x":1.5},{"number":2,"y":null},{"number":4,"z":[]}]})"},
           {"PUT", "state/carts", R"({"items":[]})", 200, R"({"items":[]})"},
       });
}

TEST(AdminState, ChangesItems) {
  World world;
  play(
      world,
      {
          {"PUT", "state/carts", R"({"items":[{"number":1,"a":1},{"number":2},{"number":"x"}]})", 200,
           R"({"items":[{"number":1,"a":1},{"number":2},{"number":"x"}]})"},
          {"PUT", "state/carts/1", R"({"b":2})", 200, R"({"b":2,"number":1})"},
          {"PUT", "state/carts/2", R"({"number":2.0})", 200, R"({"number":2.0})"},
          {"PUT", "state/carts/new", R"({"c":3})", 200, R"({"c":3,"number":"new"})"},
          {"PUT", "state/carts/5", R"({"number":5})", 200, R"({"number":5})"},
          {"PUT", "state/carts/6", R"({})", 200, R"({"number":"6"})"},
          {"PUT", "state/carts/7", R"({"number":8})", 422,
           unprocessable(R"(the path names the item "7", but its "number" is 8)")},
          {"PUT", "state/carts/7", R"({"number":[7]})", 422,
           unprocessable(R"(the key "number" of carts must be a scalar)")},
          {"PUT", "state/carts/7", R"([])", 400, bad("the body must be an object, is an empty array")},
          {"PATCH", "state/carts/1", R"({"b":3,"d":4})", 200, R"({"b":3,"number":1,"d":4})"},
          {"PATCH", "state/carts/1", R"({"number":2})", 422,
           unprocessable(R"(carts has an item whose "number" is 2 already)")},
          {"PATCH", "state/carts/1", R"({"number":null})", 422,
           unprocessable(R"(an item of carts needs its key "number")")},
          {"PATCH", "state/carts/x", R"({"number":"y"})", 200, R"({"number":"y"})"},
          {"PATCH", "state/carts/x", R"({})", 404, not_found(R"(carts has no item "x")")},
          {"DELETE", "state/carts/5", "", 204, ""},
          {"DELETE", "state/carts/5", "", 404, not_found(R"(carts has no item "5")")},
          {"GET", "state/carts", "", 200,
           R"({"items":[{"b":3,"number":1,"d":4},{"number":2.0},{"number":"y"},{"c":3,"number":"new"},{"number":"6"}]})"},
      });
  EXPECT_EQ(world.ask("GET", "state/carts", "", {}, "other").body, R"({"items":[{"number":1}]})");
  EXPECT_EQ(world.ask("POST", "reset").status, 204);
  EXPECT_EQ(world.ask("GET", "state/carts").body, R"({"items":[{"number":1}]})");
}

TEST(AdminState, ForgetsWhatHasExpired) {
  World world;
  EXPECT_EQ(world.ask("GET", "state/notes/n2?contract=notes").status, 200);
  EXPECT_EQ(world.ask("PUT", "clock?contract=notes", R"({"advance":"59m"})").status, 200);
  EXPECT_EQ(world.ask("GET", "state/notes/n2?contract=notes").status, 200);
  EXPECT_EQ(world.ask("PUT", "clock", R"({"advance":"1m"})").status, 200);
  EXPECT_EQ(world.ask("GET", "state/notes/n2?contract=notes").status, 404);
  EXPECT_EQ(world.ask("PUT", "clock", R"({"set":"2024-05-01T09:00:00Z"})").status, 200);
  EXPECT_EQ(world.ask("PATCH", "state/notes/n1?contract=notes", R"({"ends":"2024-05-01T09:30:00Z"})").status, 200);
  EXPECT_EQ(world.ask("PUT", "clock", R"({"advance":"30m"})").status, 200);
  EXPECT_EQ(world.ask("PATCH", "state/notes/n1?contract=notes", "{}").status, 404);
  EXPECT_EQ(world.send("GET", "/notes").body, R"({"count":3})");
}

/// Readers, writers and requests side by side: a writer's items are seen all together or not at all.
TEST(AdminState, IsChangedAndReadSideBySide) {
  World world;
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  const std::string one = R"({"items":[{"number":1},{"number":2}]})";
  const std::string other = R"({"items":[{"number":3},{"number":4},{"number":5}]})";
  const auto put = [&](const std::string& body) {
    return world.admin.answer({"PUT", "/__counterpart/state/carts", {}, body}, "").status;
  };
  ASSERT_EQ(put(one), 200);
  threads.emplace_back([&] {
    while (!stop) world.send("POST", "/buy");
  });
  threads.emplace_back([&] {
    for (int i = 0; i < 500; ++i) EXPECT_EQ(put(i % 2 == 0 ? other : one), 200);
    stop = true;
  });
  threads.emplace_back([&] {
    while (!stop) {
      const std::string seen = world.admin.answer({"GET", "/__counterpart/state/carts", {}, ""}, "").body;
      EXPECT_TRUE(seen == one || seen == other) << seen;
    }
  });
  for (std::thread& thread : threads) thread.join();
}

std::string clocks(const std::string& notes, int64_t notes_ms, const std::string& shop, int64_t shop_ms) {
  return R"({"clocks":[{"contract":"notes","now":")" + notes + R"(","ms":)" + std::to_string(notes_ms) +
         R"(},{"contract":"shop","now":")" + shop + R"(","ms":)" + std::to_string(shop_ms) + "}]}";
}

TEST(AdminClock, IsSetAndAdvanced) {
  World world;
  constexpr int64_t notes_ms = 1714554000000, shop_ms = 1577836800000;
  play(world,
       {
           {"GET", "clock", "", 200, clocks("2024-05-01T09:00:00.000Z", notes_ms, "2020-01-01T00:00:00.000Z", shop_ms)},
           {"PUT", "clock", R"({"advance":"5s"})", 200,
            clocks("2024-05-01T09:00:05.000Z", notes_ms + 5000, "2020-01-01T00:00:05.000Z", shop_ms + 5000)},
           {"PUT", "clock?contract=shop", R"({"set":"2020-01-01T01:00:00.25+01:00"})", 200,
            R"({"clocks":[{"contract":"shop","now":"2020-01-01T00:00:00.250Z","ms":1577836800250}]})"},
           {"GET", "clock?contract=notes", "", 200,
            R"({"clocks":[{"contract":"notes","now":"2024-05-01T09:00:05.000Z","ms":1714554005000}]})"},
           {"PUT", "clock", R"({"set":"tomorrow"})", 400,
            bad(R"("tomorrow" is no RFC 3339 date-time; for example 2022-04-04T09:00:00Z)")},
           {"PUT", "clock", R"({"advance":"5"})", 400,
            bad(R"("5" is no duration; for example 250ms, 5s, 2m, 1h or 30d)")},
           {"PUT", "clock", R"({"advance":5})", 400, bad("the body's /advance must be a string, is 5")},
           {"PUT", "clock", R"({})", 400, bad("a clock is either set or advanced: give one")},
           {"PUT", "clock", R"({"set":"2020-01-01T00:00:00Z","advance":"1s"})", 400,
            bad("a clock is either set or advanced: give one")},
           {"PUT", "clock", R"({"advance":"1000000000d"})", 422,
            unprocessable("a clock goes no further than the year 9999")},
       });
  EXPECT_EQ(world.ask("GET", "clock?contract=notes", "", {}, "other").body,
            R"({"clocks":[{"contract":"notes","now":"2024-05-01T09:00:00.000Z","ms":1714554000000}]})");
  world.ask("POST", "reset");
  EXPECT_EQ(world.ask("GET", "clock").body,
            clocks("2024-05-01T09:00:00.000Z", notes_ms, "2020-01-01T00:00:00.000Z", shop_ms));
}

TEST(AdminScenario, IsChosen) {
  World world;
  play(world, {
                  {"GET", "scenario", "", 200, R"({"scenario":[],"strict":false,"progress":[]})"},
                  {"PUT", "scenario", R"({"scenario":["flaky","story"]})", 200,
                   R"({"scenario":["flaky","story"],"strict":false,"progress":[]})"},
                  {"GET", "state/notes?contract=notes", "", 200, R"({"items":[]})"},
                  {"PUT", "scenario", R"({"scenario":"story","strict":true})", 200,
                   R"({"scenario":["story"],"strict":true,"progress":[)"
                   R"({"contract":"notes","scenario":"story","steps":2,"done":0}]})"},
              });
  EXPECT_EQ(world.send("GET", "/notes").status, 200);
  EXPECT_EQ(world.send("GET", "/notes").status, 409);
  play(world, {
                  {"GET", "scenario", "", 200,
                   R"({"scenario":["story"],"strict":true,"progress":[)"
                   R"({"contract":"notes","scenario":"story","steps":2,"done":1}]})"},
                  {"PUT", "scenario", R"({"scenario":["story","tale"],"strict":true})", 422,
                   unprocessable("of notes two scenarios cannot both be strict: story and tale")},
                  {"PUT", "scenario", R"({"scenario":"stry"})", 422,
                   unprocessable(R"(there is no scenario "stry"; did you mean "story"?)")},
                  {"PUT", "scenario", R"({"scenario":[1]})", 400, bad("the body's /scenario/0 must be a string, is 1")},
                  {"PUT", "scenario", R"({"scenario":[],"strict":true})", 200,
                   R"({"scenario":[],"strict":true,"progress":[]})"},
              });
  EXPECT_EQ(world.ask("GET", "scenario", "", {}, "other").body, R"({"scenario":[],"strict":false,"progress":[]})");
}

TEST(AdminScenario, RefusesOneThatCannotBegin) {
  Spaces spaces({}, stage_of({seat_of(notes_contract, {"scenario: broken\ngiven: { state: { notes: { items: [ { id: "
                                                       "\"${variables.nothing.more}\" } ] } } }\n"
                                                       "steps: [{ call: listNotes, expect: ok }]\n"})}));
  Admin admin({}, spaces);
  const http::Response response = admin.answer({"PUT", "/__counterpart/scenario", {}, R"({"scenario":"broken"})"}, "");
  EXPECT_EQ(response.status, 422);
  const Json body = Json::parse(response.body);
  EXPECT_EQ(body["detail"], "the scenario cannot begin");
  EXPECT_EQ(body["diagnostics"].get<std::string>().substr(0, 20), "x.scenario.yaml:2:46");
  EXPECT_TRUE(spaces.use("")->casting().scenarios.empty());
}

TEST(AdminPlay, AddsEntries) {
  World world;
  play(world, {
                  {"POST", "play",
                   R"([{"on":"listNotes","times":1,"respond":"none"},)"
                   R"({"on":"listNotes","times":1,"override":{"status":503,"body":"\ud83d\ude00\/"}}])",
                   200, R"({"contract":"notes","added":2})"},
                  {"POST", "play?contract=shop", R"([{"on":"*","times":1,"override":{"status":500}}])", 200,
                   R"({"contract":"shop","added":1})"},
                  {"POST", "play", R"([{"on":"buy","times":1,"override":{"status":501}}])", 200,
                   R"({"contract":"shop","added":1})"},
              });
  EXPECT_EQ(world.send("GET", "/notes").status, 404);
  const http::Response second = world.send("GET", "/notes");
  EXPECT_EQ(second.status, 503);
  EXPECT_EQ(second.body, "\U0001F600/");
  EXPECT_EQ(world.send("GET", "/notes").status, 200);
  for (const int status : {500, 501, 204}) EXPECT_EQ(world.send("POST", "/buy").status, status);
  world.ask("POST", "play", R"([{"on":"buy","override":{"status":502}}])");
  EXPECT_EQ(world.send("POST", "/buy", "", {}, "other").status, 204);
  world.ask("POST", "reset");
  EXPECT_EQ(world.send("POST", "/buy").status, 204);
}

TEST(AdminPlay, RefusesWhatDoesNotFit) {
  World world;
  const auto refused = [](const std::string& names, const std::string& diagnostics) {
    return Json{{"type", "about:blank"},
                {"title", "Unprocessable Content"},
                {"status", 422},
                {"detail", "these are no entries of `play` for " + names},
                {"diagnostics", diagnostics}}
        .dump();
  };
  play(world, {
                  {"POST", "play", R"([{"on":"*","delay":"5ms"}])", 409,
                   problem(409, "Conflict",
                           "several contracts can play this; say which with ?contract=NAME, one of: notes, shop")},
                  {"POST", "play", R"({"on":"*"})", 400, bad("the body must be an array, is an object")},
                  {"POST", "play", "- on: buy", 400,
                   bad("the body is not JSON: at byte 2: invalid number; expected digit after '-'; last read: '- '")},
                  {"POST", "play", R"([{"on":"listNotes","respond":"nne"}])", 422,
                   refused("notes, shop",
                           "as entries of notes:\n"
                           "play:1:30: error: operation \"listNotes\" has no response \"nne\"\n"
                           "   1 | [{\"on\":\"listNotes\",\"respond\":\"nne\"}]\n"
                           "     |                              ^~~\n"
                           "     = hint: did you mean \"none\"?\n")},
                  {"POST", "play?contract=shop", R"([{"on":"buy","fault":"truncat"}])", 422,
                   refused("shop",
                           "play:1:22: error: there is no fault \"truncat\"\n"
                           "   1 | [{\"on\":\"buy\",\"fault\":\"truncat\"}]\n"
                           "     |                      ^~~~~~~\n"
                           "     = hint: did you mean \"truncate\"?\n")},
                  {"POST", "play?contract=shop", "[{\"on\":\"buy\"},\n  7]", 422,
                   refused("shop",
                           "play:1:2: error: this entry does nothing\n"
                           "   1 | [{\"on\":\"buy\"},\n"
                           "     |  ^\n"
                           "     = hint: give it respond, override, delay or fault\n"
                           "play:2:3: error: an entry of `play` must be a map, this is an integer\n"
                           "   2 |   7]\n"
                           "     |   ^\n")},
              });
  EXPECT_EQ(world.send("POST", "/buy").status, 204);
}

TEST(AdminSpaces, AreListedAndForgotten) {
  World world("", {1, 3, 60'000, {}});
  play(world, {{"GET", "spaces", "", 200, R"({"spaces":[],"spaces-max":3})"}});
  for (const char* name : {"b", "a", "c"}) world.send("GET", "/notes", "", {}, name);
  play(world, {
                  {"GET", "spaces", "", 200, R"({"spaces":["a","b","c"],"spaces-max":3})"},
                  {"DELETE", "spaces/a", "", 204, ""},
                  {"DELETE", "spaces/a", "", 404, not_found(R"(there is no space "a")")},
                  {"GET", "spaces", "", 200, R"({"spaces":["b","c"],"spaces-max":3})"},
              });
  EXPECT_EQ(world.ask("POST", "reset", "", {}, "d").status, 204) << "makes the space";
  const http::Response full = world.ask("POST", "reset", "", {}, "e");
  EXPECT_EQ(full.status, 503);
  EXPECT_EQ(full.body, problem(503, "Service Unavailable", "there are 3 spaces, as many as may be, and none is idle"));
  EXPECT_EQ(world.ask("GET", "health", "", {}, "e").status, 200) << "needs no space";
  EXPECT_EQ(world.ask("DELETE", "spaces", "", {}, "e").status, 204);
  play(world, {{"GET", "spaces", "", 200, R"({"spaces":[],"spaces-max":3})"}});
}

}  // namespace
}  // namespace counterpart::mock

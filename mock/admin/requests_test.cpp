#include <gtest/gtest.h>

#include "mock/admin/test_world.h"

namespace counterpart::mock {
namespace {

using admin::Json;

/// What was asked in these tests, by id.
void send_some(World& world) {
  world.send("GET", "/notes?owner=Ada&n=5&n=6", "", {{"X-Tag", "a"}, {"x-tag", "b"}, {"Cookie", "s=1; t=2"}});  // 1
  world.send("GET", "/notes?owner=nobody");                                                                     // 2
  world.send("POST", "/notes", R"({"a":{"b":1.0},"l":[{"i":"x"}],"c.d":true,"n":null})",
             {{"Content-Type", "application/json"}});  // 3
  world.send("GET", "/notes/x%20y");                   // 4
  world.send("POST", "/buy", "text");                  // 5
  world.send("GET", "/nots");                          // 6
}

std::vector<int> ids(const http::Response& response) {
  std::vector<int> found;
  const Json page = Json::parse(response.body);
  for (const Json& request : page.at("requests")) found.push_back(request.at("id").get<int>());
  return found;
}

TEST(AdminRequests, ShowsExchanges) {
  World world;
  world.ask("PUT", "scenario", R"({"scenario":"flaky"})");
  world.send("GET", "/notes", "", {{"X-Tag", "a"}, {"x-tag", "b"}});
  world.send("POST", "/notes", R"({ "a": 1 })", {{"Content-Type", "application/json"}});
  world.send("POST", "/notes/x", "plain");
  Json page = Json::parse(world.ask("GET", "requests").body);
  for (Json& request : page["requests"]) {
    EXPECT_EQ(request["real-at"].get<std::string>().size(), 24u);
    request.erase("real-at");
  }
  EXPECT_EQ(
      page.dump(),
      R"({"total":3,"dropped":0,"requests":[)"
      R"({"id":1,"at":"2024-06-01T00:00:00.000Z","contract":"notes","operation":"listNotes","response":"none",)"
      R"("status":404,"rule":"x.scenario.yaml:5","fault":"truncate","unmatched":false,"violation":false,)"
      R"("microseconds":42,"delay-ms":5,)"
      R"("request":{"method":"GET","target":"/notes","headers":{"x-tag":["a","b"]},"body":null},)"
      R"("answer":{"headers":{"content-type":"application/json","counterpart-operation":"listNotes",)"
      R"("counterpart-response":"none"},"body":{"error":"none"}},"near-miss":null},)"
      R"({"id":2,"at":"2024-06-01T00:00:00.000Z","contract":"notes","operation":"addNote","response":"added",)"
      R"("status":201,"rule":"contract.yaml:31","fault":null,"unmatched":false,"violation":false,)"
      R"("microseconds":42,"delay-ms":0,)"
      R"("request":{"method":"POST","target":"/notes","headers":{"content-type":"application/json"},"body":{"a":1}},)"
      R"("answer":{"headers":{"content-type":"application/json","counterpart-operation":"addNote",)"
      R"("counterpart-response":"added"},"body":{"done":true}},"near-miss":null},)"
      R"({"id":3,"at":"2024-06-01T00:00:00.000Z","contract":"notes","operation":null,"response":null,"status":405,)"
      R"("rule":null,"fault":null,"unmatched":true,"violation":false,"microseconds":42,"delay-ms":0,)"
      R"("request":{"method":"POST","target":"/notes/x","headers":{},"body":"plain"},)"
      R"("answer":{"headers":{"content-type":"application/problem+json","allow":"GET, HEAD, OPTIONS"},)"
      R"("body":{"type":"about:blank","title":"Method Not Allowed","status":405,)"
      R"("detail":"/notes/x answers GET, HEAD, OPTIONS, not POST","nearestOperation":"getNote",)"
      R"("differences":["the method is POST, expected GET"]}},)"
      R"("near-miss":{"operation":"getNote","differences":["the method is POST, expected GET"]}}],"next":null})");
}

TEST(AdminRequests, ShowsNearMisses) {
  World world;
  world.send("GET", "/nots");
  const Json page = Json::parse(world.ask("GET", "requests").body);
  EXPECT_EQ(page["requests"][0]["near-miss"].dump(),
            R"({"operation":"listNotes","differences":["path segment 1 is \"nots\", expected \"notes\""]})");
}

TEST(AdminRequests, Filters) {
  World world;
  send_some(world);
  world.ask("PUT", "scenario", R"({"scenario":"story","strict":true})");
  world.send("POST", "/notes");  // 7
  const struct {
    const char* query;
    std::vector<int> ids;
  } cases[] = {
      {"", {1, 2, 3, 4, 5, 6, 7}},
      {"?operation=listNotes", {1, 2}},
      {"?operation=listNotes&status=404", {2}},
      {"?status=404", {2, 6}},
      {"?contract=shop", {5}},
      {"?contract=notes&operation=addNote", {3, 7}},
      {"?unmatched=true", {6}},
      {"?unmatched=false", {1, 2, 3, 4, 5, 7}},
      {"?violation=true", {7}},
      {"?violation=false&after=4", {5, 6}},
      {"?space=", {1, 2, 3, 4, 5, 6, 7}},
  };
  for (const auto& test : cases) {
    const http::Response response = world.ask("GET", std::string("requests") + test.query);
    EXPECT_EQ(response.status, 200) << test.query;
    EXPECT_EQ(ids(response), test.ids) << test.query;
  }
  const AdminCase refused[] = {
      {"GET", "requests?operation=listNote", "", 400,
       R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"there is no operation \"listNote\"; did you mean \"listNotes\"?"})"},
      {"GET", "requests?operation=buy&contract=notes", "", 400,
       R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"there is no operation \"buy\"; expected one of: listNotes, getNote, addNote"})"},
      {"GET", "requests?contract=x", "", 400,
       R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"there is no contract \"x\"; expected one of: notes, shop"})"},
      {"GET", "requests?space=x", "", 404,
       R"({"type":"about:blank","title":"Not Found","status":404,"detail":"there is no space \"x\""})"},
  };
  expect_all(world, refused);
  EXPECT_EQ(world.spaces.size(), 0u);
}

TEST(AdminRequests, Pages) {
  World world("", {1, 10, 60'000, {150, 1 << 20}});
  for (int i = 0; i < 160; ++i) world.send("GET", i % 2 == 0 ? "/notes" : "/notes/1");
  std::vector<int> all;
  Json next = 0;
  size_t pages = 0;
  while (!next.is_null()) {
    const http::Response response =
        world.ask("GET", "requests?operation=getNote&limit=40&after=" + std::to_string(next.get<int>()));
    const Json page = Json::parse(response.body);
    EXPECT_EQ(page["total"], 75);
    EXPECT_EQ(page["dropped"], 10);
    for (const int id : ids(response)) all.push_back(id);
    next = page["next"];
    ++pages;
  }
  EXPECT_EQ(pages, 2u);
  ASSERT_EQ(all.size(), 75u);
  for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], 12 + 2 * static_cast<int>(i));
  EXPECT_EQ(ids(world.ask("GET", "requests")).size(), 100u) << "the default";
}

TEST(AdminRequests, Clears) {
  World world;
  send_some(world);
  world.send("GET", "/notes", "", {}, "other");
  EXPECT_EQ(world.ask("DELETE", "requests").status, 204);
  EXPECT_EQ(world.ask("GET", "requests").body, R"({"total":0,"dropped":0,"requests":[],"next":null})");
  EXPECT_EQ(ids(world.ask("GET", "requests?space=other")).size(), 1u);
  EXPECT_EQ(ids(world.ask("GET", "requests", "", {}, "other")).size(), 1u);
}

TEST(AdminVerify, ComparesFields) {
  World world;
  send_some(world);
  const struct {
    const char* where;
    int count;
  } cases[] = {
      {R"({})", 6},
      {R"({"method":"POST"})", 2},
      {R"({"method":"post"})", 0},
      {R"({"target":"/notes?owner=nobody"})", 1},
      {R"({"path":"/notes"})", 3},
      {R"({"path":"/notes/x%20y"})", 1},
      {R"({"path.id":"x y"})", 1},
      {R"({"path.id":"x%20y"})", 0},
      {R"({"path.id":null})", 5},
      {R"({"query.owner":"Ada"})", 1},
      {R"({"query.owner":null})", 4},
      {R"({"query.n":[5,"6"]})", 1},
      {R"({"query.n":5})", 0},
      {R"({"query":{"owner":"nobody"}})", 1},
      {R"({"query":{}})", 4},
      {R"({"headers.X-TAG":["a","b"]})", 1},
      {R"({"headers.content-type":"application/json"})", 1},
      {R"({"cookies.t":2})", 1},
      {R"({"cookies":{"t":"2","s":"1"}})", 1},
      {R"({"body.a.b":1})", 1},
      {R"({"body.a.b":"1"})", 0},
      {R"({"body.a":{"b":1}})", 1},
      {R"({"body.a":{}})", 0},
      {R"({"body.l[1].i":"x"})", 1},
      {R"({"body.l[0].i":"x"})", 0},
      {R"({"body.l[2].i":"x"})", 0},
      {R"({"body.l[x]":"x"})", 0},
      {R"({"body.c.d":true})", 1},
      {R"({"body.n":null})", 6},
      {R"({"body":"text"})", 1},
      {R"({"body":null})", 4},
      {R"({"body":{"l":[{"i":"x"}],"a":{"b":1},"c.d":true,"n":null}})", 1},
      {R"({"status":200})", 2},
      {R"({"status":"200"})", 2},
      {R"({"response":"ok"})", 2},
      {R"({"response":null})", 1},
      {R"({"operation":"listNotes","response":"ok"})", 1},
      {R"({"contract":"shop"})", 1},
      {R"({"fault":null})", 6},
  };
  for (const auto& test : cases) {
    SCOPED_TRACE(test.where);
    const std::string count = std::to_string(test.count);
    const std::string body = std::string(R"({"where":)") + test.where + R"(,"count":)" + count + "}";
    const http::Response response = world.ask("POST", "verify", body);
    EXPECT_EQ(response.body, R"({"verified":true,"count":)" + count + "}");
  }
}

TEST(AdminVerify, Counts) {
  World world;
  send_some(world);
  const struct {
    const char* times;
    int status;
    const char* detail;
  } cases[] = {
      {R"()", 200, ""},
      {R"(,"count":2)", 200, ""},
      {R"(,"count":1)", 422, "expected exactly 1 such request, found 2"},
      {R"(,"count":0)", 422, "expected exactly 0 such requests, found 2"},
      {R"(,"at-least":2)", 200, ""},
      {R"(,"at-least":3)", 422, "expected at least 3 such requests, found 2"},
      {R"(,"at-most":2)", 200, ""},
      {R"(,"at-most":1)", 422, "expected at most 1 such request, found 2"},
      {R"(,"at-least":1,"at-most":3)", 200, ""},
      {R"(,"at-least":3,"at-most":5)", 422, "expected 3 to 5 such requests, found 2"},
      {R"(,"at-least":3,"at-most":2)", 400, "at-least is greater than at-most"},
      {R"(,"count":2,"at-least":2)", 400, "count is the exact number: leave out at-least and at-most"},
  };
  for (const auto& test : cases) {
    SCOPED_TRACE(test.times);
    const http::Response response =
        world.ask("POST", "verify", std::string(R"({"operation":"listNotes")") + test.times + "}");
    EXPECT_EQ(response.status, test.status);
    if (test.status != 200) {
      EXPECT_EQ(Json::parse(response.body)["detail"], test.detail);
    }
  }
}

TEST(AdminVerify, ShowsTheClosest) {
  World world;
  send_some(world);
  const AdminCase cases[] = {
      {"POST", "verify", R"({"operation":"listNotes","where":{"query.owner":"Bob","status":200}})", 422,
       R"({"type":"about:blank","title":"Unprocessable Content","status":422,)"
       R"("detail":"expected at least 1 such request, found 0","count":0,"dropped":0,)"
       R"("asked":{"operation":"listNotes","where":{"query.owner":"Bob","status":200}},"closest":[)"
       R"({"id":1,"method":"GET","target":"/notes?owner=Ada&n=5&n=6","operation":"listNotes","status":200,)"
       R"("differences":[{"field":"query.owner","expected":"Bob","found":"Ada"}]},)"
       R"({"id":4,"method":"GET","target":"/notes/x%20y","operation":"getNote","status":200,"differences":[)"
       R"({"field":"operation","expected":"listNotes","found":"getNote"},)"
       R"({"field":"query.owner","expected":"Bob","found":null}]},)"
       R"({"id":2,"method":"GET","target":"/notes?owner=nobody","operation":"listNotes","status":404,"differences":[)"
       R"({"field":"query.owner","expected":"Bob","found":"nobody"},{"field":"status","expected":200,"found":404}]},)"
       R"({"id":6,"method":"GET","target":"/nots","operation":null,"status":404,"differences":[)"
       R"({"field":"operation","expected":"listNotes","found":null},)"
       R"({"field":"query.owner","expected":"Bob","found":null},{"field":"status","expected":200,"found":404}]},)"
       R"({"id":5,"method":"POST","target":"/buy","operation":"buy","status":204,"differences":[)"
       R"({"field":"operation","expected":"listNotes","found":"buy"},)"
       R"({"field":"query.owner","expected":"Bob","found":null},{"field":"status","expected":200,"found":204}]}]})"},
      {"POST", "verify", R"({"where":{"path":"/buy"},"count":0})", 422,
       R"({"type":"about:blank","title":"Unprocessable Content","status":422,)"
       R"("detail":"expected exactly 0 such requests, found 1","count":1,"dropped":0,)"
       R"("asked":{"where":{"path":"/buy"},"count":0},"closest":[)"
       R"({"id":5,"method":"POST","target":"/buy","operation":"buy","status":204,"differences":[]}]})"},
  };
  expect_all(world, cases);
}

TEST(AdminVerify, SaysWhenEntriesWereDropped) {
  World world("", {1, 10, 60'000, {3, 1 << 20}});
  send_some(world);
  EXPECT_EQ(world.ask("POST", "verify", R"({"where":{"path":"/buy"}})").body,
            R"({"verified":true,"count":1,"dropped":3})");
  const http::Response response = world.ask("POST", "verify", R"({"operation":"addNote"})");
  EXPECT_EQ(Json::parse(response.body)["detail"],
            "expected at least 1 such request, found 0; the journal was full and dropped the 3 oldest before");
}

TEST(AdminRequests, SaysWhereABodyWasCut) {
  World world;
  const std::string text(70'000, 'x');
  world.send("POST", "/notes", "{\"text\":\"" + text + "\"}", {{"Content-Type", "application/json"}});
  const Json request = Json::parse(world.ask("GET", "requests").body)["requests"][0];
  EXPECT_EQ(request["request"]["body"].get<std::string>().size(), 65'536u) << "the beginning, as text";
  EXPECT_EQ(request["request"]["body-truncated"], true);
  EXPECT_EQ(request["request"]["body-bytes"], 70'011);
  EXPECT_FALSE(request["answer"].contains("body-truncated"));
  const AdminCase cases[] = {
      {"POST", "verify", R"({"where":{"path":"/notes"}})", 200, R"({"verified":true,"count":1})"},
      {"POST", "verify", R"({"where":{"body.text":"x"},"at-most":0})", 200,
       R"({"verified":true,"count":0,"truncated":1})"},
      {"POST", "verify", R"({"where":{"body.text":"x","path":"/other"},"at-most":0})", 200,
       R"({"verified":true,"count":0})"},
  };
  expect_all(world, cases);
  const Json refused = Json::parse(world.ask("POST", "verify", R"({"where":{"body.text":"x"}})").body);
  EXPECT_EQ(refused["truncated"], 1);
  EXPECT_EQ(
      refused["detail"],
      "expected at least 1 such request, found 0; of 1 only the beginning of the body was kept, so it could not be "
      "compared");
}

TEST(AdminVerify, RefusesWhatIsNoQuestion) {
  World world;
  const struct {
    const char* body;
    const char* detail;
  } cases[] = {
      {R"({"where":{"qery.a":1}})", R"("qery.a" names no field; did you mean "query"?)"},
      {R"({"where":{"query.":1}})", R"("query." names no field; "query" has no such member)"},
      {R"({"where":{"status.a":1}})", R"("status.a" names no field; "status" has no such member)"},
      {R"({"where":{"query[1]":1}})", R"("query[1]" names no field; "query" has no such member)"},
      {R"({"operation":"lstNotes","count":0})", R"(there is no operation "lstNotes"; did you mean "listNotes"?)"},
      {R"({"where":{"operation":"lstNotes"}})", R"(there is no operation "lstNotes"; did you mean "listNotes"?)"},
      {R"({"count":1e30})", "the body's /count must be at most 1000000000, is 1e+30"},
      {R"({"were":{}})", R"(the body's /were must be absent, is an empty object)"},
  };
  for (const auto& test : cases) {
    SCOPED_TRACE(test.body);
    const http::Response response = world.ask("POST", "verify", test.body);
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(Json::parse(response.body)["detail"], test.detail);
  }
}

}  // namespace
}  // namespace counterpart::mock

#include "mock/admin/admin.h"

#include <set>

#include "mock/admin/test_world.h"

namespace counterpart::mock {
namespace {

using admin::Json;

TEST(Admin, Routes) {
  World world;
  const AdminCase cases[] = {
      {"GET", "health", "", 200, R"({"status":"ok","contracts":["notes","shop"],"spaces":0,"seed":1})"},
      {"HEAD", "health", "", 200, R"({"status":"ok","contracts":["notes","shop"],"spaces":0,"seed":1})"},
      {"OPTIONS", "health", "", 204, ""},
      {"POST", "health", "", 405,
       R"({"type":"about:blank","title":"Method Not Allowed","status":405,"detail":"/__counterpart/health answers GET, HEAD, OPTIONS, not POST"})"},
      {"GET", "health?verbose=1", "", 400,
       R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"there is no query parameter \"verbose\" here"})"},
      {"GET", "requests?stats=1", "", 400,
       R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"there is no query parameter \"stats\" here; did you mean \"status\"?"})"},
      {"GET", "requests?limit=1&limit=2", "", 400,
       R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"the query parameter \"limit\" came twice"})"},
      {"GET", "requests?limit=1001", "", 400,
       R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"the query parameter \"limit\" must be at most 1000, is 1001"})"},
      {"GET", "requests?unmatched=maybe", "", 400,
       R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"the query parameter \"unmatched\" must be a boolean, is \"maybe\""})"},
      {"GET", "clock?contract=note", "", 400,
       R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"there is no contract \"note\"; did you mean \"notes\"?"})"},
      {"GET", "health%2", "", 400,
       R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"the request's target is not a path with well-formed percent escapes"})"},
      {"PUT", "clock", "", 400,
       R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"a JSON body is needed"})"},
      {"PUT", "clock", "{", 400,
       R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"the body is not JSON: at byte 2: unexpected end of input; expected string literal"})"},
      {"PUT", "scenario", "{}", 400,
       R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"the body must be an object with \"scenario\", is one without"})"},
      {"POST", "verify", R"({"count":-1,"at-least":"1"})", 400,
       R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"the body's /count must be at least 0, is -1; the body's /at-least must be an integer, is \"1\""})"},
  };
  expect_all(world, cases);
}

TEST(Admin, ListsItsPathsWhereThereIsNone) {
  World world;
  const http::Response response = world.ask("GET", "helth");
  EXPECT_EQ(response.status, 404);
  const Json body = Json::parse(response.body);
  EXPECT_EQ(body["detail"],
            "the admin API has no path \"/__counterpart/helth\"; did you mean \"/__counterpart/health\"?");
  std::set<std::string> known;
  for (const auto& endpoint : admin::endpoints()) known.insert(std::string(Admin::prefix) + std::string(endpoint.path));
  const auto listed = body["paths"].get<std::vector<std::string>>();
  EXPECT_EQ(std::set<std::string>(listed.begin(), listed.end()), known);
  EXPECT_EQ(listed.size(), known.size());
  for (const char* path : {"", "health/", "health/x", "state", "state/", "state/notes/", "state/notes/n1/x"}) {
    EXPECT_EQ(world.ask("GET", path).status, 404) << path;
  }
}

TEST(Admin, SaysWhichMethodsThereAre) {
  World world;
  const struct {
    const char* method;
    const char* path;
    int status;
    const char* allow;
  } cases[] = {
      {"POST", "requests", 405, "GET, HEAD, DELETE, OPTIONS"},
      {"OPTIONS", "requests", 204, "GET, HEAD, DELETE, OPTIONS"},
      {"GET", "verify", 405, "POST, OPTIONS"},
      {"POST", "state/notes/n1", 405, "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"},
      {"TRACE", "health", 405, "GET, HEAD, OPTIONS"},
  };
  for (const auto& test : cases) {
    const http::Response response = world.ask(test.method, test.path);
    EXPECT_EQ(response.status, test.status) << test.path;
    ASSERT_NE(response.headers.find("allow"), nullptr) << test.path;
    EXPECT_EQ(*response.headers.find("allow"), test.allow) << test.path;
  }
}

TEST(Admin, AsksForItsToken) {
  World world("secret");
  const struct {
    const char* authorization;
    int status;
    const char* detail;
  } cases[] = {
      {nullptr, 401, "the admin token is needed"},
      {"", 401, "the admin token is needed"},
      {"Basic secret", 401, "the admin token is needed"},
      {"Bearer", 401, "the admin token is needed"},
      {"Bearer ", 401, "this is not the admin token"},
      {"Bearer secre", 401, "this is not the admin token"},
      {"Bearer secret2", 401, "this is not the admin token"},
      {"Bearer SECRET", 401, "this is not the admin token"},
      {"Bearer secret", 200, nullptr},
      {"bearer   secret", 200, nullptr},
  };
  for (const auto& test : cases) {
    SCOPED_TRACE(test.authorization == nullptr ? "none" : test.authorization);
    http::Headers headers;
    if (test.authorization != nullptr) headers.add("Authorization", test.authorization);
    const http::Response response = world.ask("GET", "health", "", headers);
    EXPECT_EQ(response.status, test.status);
    if (test.detail == nullptr) continue;
    EXPECT_EQ(response.body, R"({"type":"about:blank","title":"Unauthorized","status":401,"detail":")" +
                                 std::string(test.detail) + "\"}");
    ASSERT_NE(response.headers.find("www-authenticate"), nullptr);
    EXPECT_EQ(*response.headers.find("www-authenticate"), "Bearer");
  }
  EXPECT_EQ(world.ask("GET", "nothing").status, 401);
  EXPECT_EQ(World().ask("GET", "health", "", {{"Authorization", "Bearer any"}}).status, 200);
}

/// A page that a browser shows can send requests to this machine: it must not read, or change, what a test relies on.
TEST(Admin, AnswersNoForeignPage) {
  const struct {
    const char* token;
    http::Headers headers;
    int status;
  } cases[] = {
      {"", {{"Host", "127.0.0.1:4010"}}, 200},
      {"", {{"Host", "127.0.0.1"}}, 200},
      {"", {{"Host", "127.9.9.9:1"}}, 200},
      {"", {{"Host", "LocalHost:4010"}}, 200},
      {"", {{"Host", "tests.localhost:4010"}}, 200},
      {"", {{"Host", "[::1]:4010"}}, 200},
      {"", {{"Host", "rebound.example"}}, 403},
      {"", {{"Host", "rebound.example:4010"}}, 403},
      {"", {{"Host", "127.0.0.1.rebound.example"}}, 403},
      {"", {{"Host", "127.rebound.example:4010"}}, 403},
      {"", {{"Host", "localhost.rebound.example"}}, 403},
      {"", {{"Host", "notlocalhost"}}, 403},
      {"", {{"Host", "10.0.0.1"}}, 403},
      {"", {{"Host", "[fe80::1]:80"}}, 403},
      {"", {{"Host", ""}}, 403},
      {"secret", {{"Host", "mock.example"}, {"Authorization", "Bearer secret"}}, 200},
      {"secret", {{"Host", "localhost"}}, 401},
      {"", {{"Host", "localhost:4010"}, {"Origin", "http://localhost:4010"}}, 200},
      {"", {{"Host", "localhost:4010"}, {"Origin", "http://localhost:3000"}}, 403},
      {"", {{"Host", "localhost:4010"}, {"Origin", "http://localhost"}}, 403},
      {"", {{"Host", "localhost:4010"}, {"Origin", "https://page.example"}}, 403},
      {"", {{"Host", "localhost:4010"}, {"Origin", "null"}}, 403},
      {"", {{"Host", "localhost:4010"}, {"Origin", ""}}, 403},
      {"", {{"Host", "rebound.example"}, {"Origin", "http://rebound.example"}}, 403},
      {"", {{"Origin", "http://"}}, 403},
      {"secret", {{"Host", "localhost"}, {"Origin", "https://page.example"}, {"Authorization", "Bearer secret"}}, 403},
  };
  for (const auto& test : cases) {
    World world(test.token);
    for (const char* method : {"GET", "POST"}) {
      const bool is_post = *method == 'P';
      const http::Response response = world.ask(method, is_post ? "reset" : "health", "", test.headers);
      const std::string shown = method + std::string(" ") + (test.headers.empty() ? "" : test.headers.begin()->value);
      EXPECT_EQ(response.status, test.status == 200 && is_post ? 204 : test.status) << shown << response.body;
    }
  }
}

TEST(Admin, SaysWhomItRefused) {
  World world;
  const std::string problem = R"({"type":"about:blank","title":"Forbidden","status":403,"detail":")";
  EXPECT_EQ(world.ask("GET", "health", "", {{"Host", "evil.example:80"}}).body,
            problem +
                R"(without a token the admin API is for this machine's own names, such as localhost, and not for )"
                R"(\"evil.example\""})");
  EXPECT_EQ(
      world.ask("GET", "health", "", {{"Host", "localhost"}, {"Origin", "https://" + std::string(200, 'x')}}).body,
      problem + R"(the admin API is not for pages of another origin: \"https://)" + std::string(72, 'x') + R"(\""})");
}

TEST(Admin, TellsOfItsContracts) {
  World world;
  const AdminCase cases[] = {
      {"GET", "contracts", "", 200,
       R"({"contracts":[{"name":"notes","title":"Notes of \"users\"","operations":[)"
       R"({"id":"listNotes","summary":"List notes","method":"GET","path":"/notes","responses":[)"
       R"({"name":"ok","status":200,"description":"","documented":true},)"
       R"({"name":"none","status":404,"description":"Nobody has notes","documented":true},)"
       R"({"name":"guess","status":500,"description":"","documented":false}]},)"
       R"({"id":"getNote","summary":"","method":"GET","path":"/notes/{id}","responses":[)"
       R"({"name":"ok","status":200,"description":"","documented":true}]},)"
       R"({"id":"addNote","summary":"","method":"POST","path":"/notes","responses":[)"
       R"({"name":"added","status":201,"description":"","documented":true}]}],)"
       R"("scenarios":[{"name":"flaky","summary":"Not always there","steps":0,"play":1},)"
       R"({"name":"story","summary":"","steps":2,"play":0},{"name":"tale","summary":"","steps":1,"play":0}]},)"
       R"({"name":"shop","title":"shop","operations":[{"id":"buy","summary":"","method":"POST","path":"/buy",)"
       R"("responses":[{"name":"bought","status":204,"description":"","documented":true}]}],"scenarios":[]}]})"},
  };
  expect_all(world, cases);
}

std::string coverage(int all, int list, int ok, int none, int note, int added, int bought) {
  const auto operation = [](const std::string& id, int covered, int documented, const std::string& responses) {
    return "{\"id\":\"" + id + "\",\"covered\":" + std::to_string(covered) +
           ",\"documented\":" + std::to_string(documented) + ",\"responses\":[" + responses + "]}";
  };
  const auto response = [](const std::string& name, int served) {
    return "{\"name\":\"" + name + "\",\"served\":" + std::to_string(served) + "}";
  };
  const int notes = all - (bought > 0 ? 1 : 0);
  return "{\"covered\":" + std::to_string(all) + R"(,"documented":5,"contracts":[{"name":"notes","covered":)" +
         std::to_string(notes) + R"(,"documented":4,"operations":[)" +
         operation("listNotes", list, 2, response("ok", ok) + "," + response("none", none)) + "," +
         operation("getNote", note > 0, 1, response("ok", note)) + "," +
         operation("addNote", added > 0, 1, response("added", added)) + R"(]},{"name":"shop","covered":)" +
         std::to_string(bought > 0) + R"(,"documented":1,"operations":[)" +
         operation("buy", bought > 0, 1, response("bought", bought)) + "]}]}";
}

TEST(Admin, CountsWhatWasServed) {
  World world;
  EXPECT_EQ(world.ask("GET", "coverage").body, coverage(0, 0, 0, 0, 0, 0, 0));
  world.send("GET", "/notes");
  world.send("GET", "/notes");
  world.send("GET", "/notes/7");
  world.send("GET", "/notes", "", {{"Prefer", "example=guess"}});
  world.send("POST", "/buy", "", {}, "other");
  EXPECT_EQ(world.ask("GET", "coverage").body, coverage(2, 1, 2, 0, 1, 0, 0));
  EXPECT_EQ(world.ask("GET", "coverage?total=true").body, coverage(3, 1, 2, 0, 1, 0, 1));
  EXPECT_EQ(world.ask("GET", "coverage", "", {}, "other").body, coverage(1, 0, 0, 0, 0, 0, 1));
  world.ask("DELETE", "spaces/other");
  EXPECT_EQ(world.ask("GET", "coverage?total=true").body, coverage(3, 1, 2, 0, 1, 0, 1));
  world.ask("POST", "reset");
  EXPECT_EQ(world.ask("GET", "coverage").body, coverage(0, 0, 0, 0, 0, 0, 0));
  EXPECT_EQ(world.ask("GET", "coverage?total=true").body, coverage(3, 1, 2, 0, 1, 0, 1)) << "a reset hides nothing";
}

TEST(Admin, WritesMetrics) {
  World world("", {1, 10, 60'000, {2, 1 << 20}});
  world.ask("PUT", "scenario", R"({"scenario":["flaky"]})");
  world.send("GET", "/notes");
  world.send("GET", "/notes");
  world.send("GET", "/nowhere");
  world.send("POST", "/buy", "", {}, "other");
  const http::Response response = world.ask("GET", "metrics");
  EXPECT_EQ(*response.headers.find("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(response.body, R"(# HELP counterpart_requests_total Requests that were answered.
# TYPE counterpart_requests_total counter
counterpart_requests_total 4
# HELP counterpart_unmatched_total Requests that no operation is for.
# TYPE counterpart_unmatched_total counter
counterpart_unmatched_total 1
# HELP counterpart_violations_total Requests that a strict scenario did not await.
# TYPE counterpart_violations_total counter
counterpart_violations_total 0
# HELP counterpart_faults_total Answers that went out with a fault.
# TYPE counterpart_faults_total counter
counterpart_faults_total 1
# HELP counterpart_responses_total Answers by the contract's response.
# TYPE counterpart_responses_total counter
counterpart_responses_total{contract="notes",operation="listNotes",response="ok"} 1
counterpart_responses_total{contract="notes",operation="listNotes",response="none"} 0
counterpart_responses_total{contract="notes",operation="listNotes",response="guess"} 0
counterpart_responses_total{contract="notes",operation="getNote",response="ok"} 0
counterpart_responses_total{contract="notes",operation="addNote",response="added"} 0
counterpart_responses_total{contract="shop",operation="buy",response="bought"} 1
# HELP counterpart_spaces Spaces, without the unnamed one.
# TYPE counterpart_spaces gauge
counterpart_spaces 1
# HELP counterpart_journal_dropped_total Entries that fell out of a space's full journal.
# TYPE counterpart_journal_dropped_total counter
counterpart_journal_dropped_total{space=""} 1
)");
}

TEST(Admin, EscapesLabels) {
  World world;
  const std::string text = world.ask("GET", "metrics", "", {}, "a\"\\b\nc").body;
  EXPECT_TRUE(text.ends_with("\ncounterpart_journal_dropped_total{space=\"a\\\"\\\\b\\nc\"} 0\n")) << text;
}

void collect_refs(const Json& value, std::set<std::string>& refs) {
  if (value.is_object() && value.contains("$ref")) refs.insert(value["$ref"].get<std::string>());
  if (value.is_structured()) {
    for (const Json& part : value) collect_refs(part, refs);
  }
}

TEST(AdminOpenapi, IsWholeAndSound) {
  World world;
  const Json document = Json::parse(world.ask("GET", "openapi.json").body);
  EXPECT_EQ(document["openapi"], "3.1.0");
  EXPECT_EQ(document["info"]["title"], "Counterpart's admin API");
  EXPECT_EQ(document["servers"][0]["url"], "/");
  EXPECT_EQ(Json::parse(world.ask("GET", "openapi.json", "", {}, "x").body)["servers"][0]["url"], "/~x");
  std::set<std::string> ids;
  size_t operations = 0;
  for (const auto& [path, methods] : document["paths"].items()) {
    for (const auto& [method, operation] : methods.items()) {
      SCOPED_TRACE(method + " " + path);
      ++operations;
      EXPECT_TRUE(ids.insert(operation["operationId"].get<std::string>()).second);
      std::string by_parameters = path;
      for (const Json& parameter : operation.value("parameters", Json::array())) {
        EXPECT_FALSE(parameter["description"].get<std::string>().empty());
        if (parameter["in"] != "path") continue;
        const std::string name = "{" + parameter["name"].get<std::string>() + "}";
        ASSERT_NE(by_parameters.find(name), std::string::npos) << name;
        by_parameters.erase(by_parameters.find(name), name.size());
        EXPECT_EQ(parameter["required"], true);
      }
      EXPECT_EQ(by_parameters.find('{'), std::string::npos) << "every parameter of the path is declared";
      EXPECT_TRUE(operation["responses"].contains("401"));
      for (const Json& response : operation["responses"]) EXPECT_TRUE(response.contains("description"));
    }
  }
  EXPECT_EQ(operations, admin::endpoints().size());
  for (const auto& endpoint : admin::endpoints()) EXPECT_TRUE(ids.contains(std::string(endpoint.id))) << endpoint.id;
  std::set<std::string> refs;
  collect_refs(document, refs);
  for (const std::string& ref : refs) {
    EXPECT_TRUE(document.contains(Json::json_pointer(ref.substr(1)))) << ref;
  }
  EXPECT_EQ(refs.size(), document["components"]["schemas"].size()) << "every schema is used";
}

}  // namespace
}  // namespace counterpart::mock

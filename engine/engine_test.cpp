#include "engine/engine.h"

#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/initial_state.h"

namespace counterpart::engine {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* demo = R"(counterpart: 1
name: demo
clock: 2024-03-15T14:30:00Z
variables: { key: k1, count: 3 }
security: { account: { type: http, scheme: bearer } }
state:
  accounts: { key: key, items: [{ key: "${variables.key}", name: Ada }, { key: k2, name: Bob }] }
  items:
    key: id
    index: [owner]
    expires: end
    items:
      - { id: a, owner: k1, end: 1710513060000 }
      - { id: b, owner: k1, end: null }
      - { id: c, owner: k2, end: "2024-03-15T14:31:00Z" }
      - { $map: range(variables.count), each(i): { id: "n${i}", owner: k2, made: "${iso(now)}" } }
let:
  account: accounts[credential]
  mine: items:where{ owner = credential }
rules:
  - when: request.path ~= "/open" and not account
    respond: denied
responses:
  denied: { status: 401, body: { error: denied }, undocumented: "The document is silent;\nthis is what the server sends" }
operations:
  list:
    security: account
    request: { method: GET, path: /items }
    rules: [{ respond: listed }]
    responses:
      listed:
        status: 200
        headers: { X-Total: "${#mine}", X-Fixed: fixed }
        body: { who: "${account.name}", ids: { $map: mine, each(i): "${i.id}" } }
        example: { who: Ada, ids: [example] }
      denied: { $ref: '#/responses/denied' }
  create:
    security: account
    request: { method: POST, path: /items, body: { required: true, content: { application/json: { type: object } } } }
    rules:
      - when: "#invalid > 0"
        respond: bad
      - do: |
          id = uuid()
          items:insert{ id = id, owner = credential, text = body.text }
        respond: created
    responses:
      created: { status: 201, headers: { Location: "/items/${id}" }, body: { id: "${id}", n: "${random_int(1, 1000)}", t: "${random_text(8)}" } }
      bad: { status: 400, body: "${invalid[1].reason}", content-type: text/plain }
      denied: { $ref: '#/responses/denied' }
  kill:
    security: account
    request: { method: DELETE, path: "/items/{id}", path-parameters: { id: { type: string, allowEmptyValue: true } } }
    rules:
      - do: killed = items:remove_where{ id = path.id, owner = credential }
        respond: killed
    responses:
      killed: { status: 200, body: { killed: "${killed}" } }
      denied: { $ref: '#/responses/denied' }
  open:
    request: { method: GET, path: /open, query: { kind: { const: x } } }
    rules: [{ respond: plain }]
    responses:
      plain: { status: 200, body: hello, headers: { Set-Cookie: "a=b" } }
      empty: { status: 204 }
      gone: { status: 404, body: { gone: true } }
      also-gone: { status: 404, body: { also: true } }
      denied: { $ref: '#/responses/denied' }
  hidden:
    undocumented: not in the document
    request: { method: GET, path: /open, query: { kind: { const: hidden } } }
    rules: [{ respond: found }]
    responses:
      found: { status: 200, undocumented: { body: made up, headers: too }, body: 1 }
      denied: { $ref: '#/responses/denied' }
  broken:
    security: account
    request: { method: GET, path: /broken, query: { how: {} } }
    rules:
      - when: query.how == "when" and killed.here
        respond: ok
      - when: query.how == "do"
        do: |
          killed = items:remove("a")
          while true do end
        respond: ok
      - when: query.how == "body"
        respond: ok
      - when: query.how == "header"
        respond: bad-header
    responses:
      ok: { status: 200, body: { x: "${mine.x.y}" } }
      bad-header: { status: 200, headers: { X-Bad: "${nil + 1}" }, body: x }
      denied: { $ref: '#/responses/denied' }
  split:
    security: account
    request: { method: GET, path: /split, query: { v: {} } }
    rules: [{ respond: ok }]
    responses:
      ok: { status: 200, headers: { X-V: "${query.v}" }, body: "${query.v}" }
      denied: { $ref: '#/responses/denied' }
)";

struct EngineTest : testing::Test {
  std::unique_ptr<Engine> engine;
  std::unique_ptr<state::Space> space;
  state::VirtualClock* clock = nullptr;

  EngineTest() {
    document::Diagnostics diagnostics;
    auto loaded =
        contract::load(std::make_shared<document::Source>(document::Source{"demo.yaml", demo}), ".", diagnostics);
    EXPECT_EQ(diagnostics.render(false), "");
    if (!loaded) return;
    engine = std::make_unique<Engine>(std::move(loaded));
    space = make_space(1);
    clock = dynamic_cast<state::VirtualClock*>(space->clock.get());
  }

  std::unique_ptr<state::Space> make_space(uint64_t seed) const {
    document::Diagnostics diagnostics;
    auto made = engine->make_space({seed, 0, nullptr}, diagnostics);
    EXPECT_EQ(diagnostics.render(false), "");
    return made;
  }

  static http::Request request(const std::string& line, const std::string& key = "k1", const std::string& body = {},
                               http::Headers headers = {}) {
    http::Request made{line.substr(0, line.find(' ')), line.substr(line.find(' ') + 1), std::move(headers), body};
    if (!key.empty()) made.headers.add("Authorization", "Bearer " + key);
    if (!body.empty()) made.headers.add("Content-Type", "application/json");
    return made;
  }
  Answer answer(const std::string& line, const std::string& key = "k1", const std::string& body = {},
                http::Headers headers = {}) {
    return engine->answer(request(line, key, body, std::move(headers)), *space);
  }
  /// "200 body".
  std::string told(const std::string& line, const std::string& key = "k1", const std::string& body = {},
                   http::Headers headers = {}) {
    const Answer given = answer(line, key, body, std::move(headers));
    return std::to_string(given.response.status) + " " + given.response.body;
  }
  std::string preferred(const std::string& line, const std::string& preference) {
    return told(line, "", "", {{"Prefer", preference}});
  }
};

std::string text_of(const http::Response& response) {
  std::string text = std::to_string(response.status) + "\n";
  for (const auto& header : response.headers) text += header.name + ": " + header.value + "\n";
  return text + "\n" + response.body;
}

std::string detail(const Answer& answer) {
  const Json problem = Json::parse(answer.response.body);
  EXPECT_EQ(*answer.response.headers.find("Content-Type"), "application/problem+json");
  EXPECT_EQ(problem.at("status"), answer.response.status);
  return problem.at("detail");
}

TEST_F(EngineTest, AnswersAreWholeAndExplained) {
  EXPECT_EQ(
      text_of(answer("GET /items").response),
      "200\nContent-Type: application/json\nX-Fixed: fixed\nCounterpart-Operation: list\nCounterpart-Response: listed\n"
      "X-Total: 2\n\n{\"who\":\"Ada\",\"ids\":[\"a\",\"b\"]}");
  EXPECT_EQ(
      text_of(answer("GET /items", "nobody").response),
      "401\nContent-Type: application/json\nCounterpart-Operation: list\nCounterpart-Response: denied\n"
      "Counterpart-Undocumented: The document is silent; this is what the server sends\n\n{\"error\":\"denied\"}");
  EXPECT_EQ(text_of(answer("GET /open?kind=x").response),
            "200\nContent-Type: text/plain\nSet-Cookie: a=b\nCounterpart-Operation: open\nCounterpart-Response: "
            "plain\n\nhello");
  EXPECT_EQ(text_of(answer("GET /open?kind=hidden").response),
            "200\nContent-Type: application/json\nCounterpart-Operation: hidden\nCounterpart-Response: found\n"
            "Counterpart-Undocumented: not in the document; headers: too; body: made up\n\n1");
  const Answer why = answer("GET /items", "");
  EXPECT_EQ(why.operation->id, "list");
  EXPECT_EQ(why.documented->name, "denied");
  ASSERT_NE(why.rule, nullptr);
  EXPECT_EQ(why.rule->where.text(), "demo.yaml:21:5");
  EXPECT_EQ(answer("GET /items").rule->where.text(), "demo.yaml:29:13");
}

TEST_F(EngineTest, TheStateChangesAsTheRulesSay) {
  EXPECT_EQ(told("DELETE /items/c"), "200 {\"killed\":0}") << "another's";
  EXPECT_EQ(told("DELETE /items/a"), "200 {\"killed\":1}");
  EXPECT_EQ(told("DELETE /items/a"), "200 {\"killed\":0}");
  EXPECT_EQ(told("DELETE /items/"), "200 {\"killed\":0}");
  EXPECT_EQ(told("GET /items"), "200 {\"who\":\"Ada\",\"ids\":[\"b\"]}");
  const Json created = Json::parse(answer("POST /items", "k1", R"({"text":"t"})").response.body);
  EXPECT_EQ(told("GET /items"),
            "200 {\"who\":\"Ada\",\"ids\":[\"b\",\"" + created.at("id").get<std::string>() + "\"]}");
  EXPECT_EQ(told("POST /items", "k1", "[]"), "400 must be an object, is an empty array");
  EXPECT_EQ(told("POST /items", "k1", "{"),
            "400 is not JSON: at byte 2: unexpected end of input; expected string literal");
  EXPECT_EQ(told("POST /items"), "400 is required");
  EXPECT_EQ(told("GET /items", "k2"), "200 {\"who\":\"Bob\",\"ids\":[\"c\",\"n1\",\"n2\",\"n3\"]}");
  for (size_t i = 0; i < space->collections(); ++i) EXPECT_TRUE(space->shared(i).consistent());
}

TEST_F(EngineTest, WhatExpiresIsGoneWhenTheClockHasMoved) {
  EXPECT_EQ(told("GET /items", "k2"), "200 {\"who\":\"Bob\",\"ids\":[\"c\",\"n1\",\"n2\",\"n3\"]}");
  clock->advance(59'999);
  EXPECT_EQ(told("GET /items"), "200 {\"who\":\"Ada\",\"ids\":[\"a\",\"b\"]}");
  clock->advance(1);
  EXPECT_EQ(told("GET /items"), "200 {\"who\":\"Ada\",\"ids\":[\"b\"]}");
  EXPECT_EQ(told("GET /items", "k2"), "200 {\"who\":\"Bob\",\"ids\":[\"n1\",\"n2\",\"n3\"]}");
  clock->set(0);
  EXPECT_EQ(told("GET /items"), "200 {\"who\":\"Ada\",\"ids\":[\"b\"]}") << "what is gone stays gone";
}

TEST_F(EngineTest, SpacesDoNotSeeEachOther) {
  const auto other = make_space(1);
  EXPECT_EQ(told("DELETE /items/a"), "200 {\"killed\":1}");
  EXPECT_EQ(engine->answer(request("GET /items"), *other).response.body, "{\"who\":\"Ada\",\"ids\":[\"a\",\"b\"]}");
  clock->advance(60'000);
  EXPECT_EQ(engine->answer(request("GET /items"), *other).response.body, "{\"who\":\"Ada\",\"ids\":[\"a\",\"b\"]}");
}

TEST_F(EngineTest, TheSameSeedAndRequestsGiveTheSameBytes) {
  const auto play = [this](uint64_t seed) {
    const auto played = make_space(seed);
    std::string all;
    for (int i = 0; i < 50; ++i) {
      const Answer made = engine->answer(request("POST /items", "k1", "{\"text\":" + std::to_string(i) + "}"), *played);
      all += text_of(made.response) + text_of(engine->answer(request("GET /items"), *played).response);
      if (i % 3 != 0) continue;
      all += text_of(engine->answer(request("DELETE " + *made.response.headers.find("Location")), *played).response);
    }
    return all;
  };
  const std::string first = play(7);
  EXPECT_EQ(play(7), first);
  EXPECT_NE(play(8), first);
}

TEST_F(EngineTest, ClockAndSeedOfASpace) {
  document::Diagnostics diagnostics;
  const auto later = engine->make_space({1, 0, std::make_unique<state::VirtualClock>(1710513060000)}, diagnostics);
  EXPECT_EQ(engine->answer(request("GET /items"), *later).response.body, "{\"who\":\"Ada\",\"ids\":[\"b\"]}")
      << "expired before it began";
  EXPECT_EQ(clock->now_ms(), 1710513000000);
  const auto source = std::make_shared<document::Source>(document::Source{
      "c.yaml",
      "counterpart: 1\nname: x\noperations:\n  a: { request: { method: GET, path: /a }, rules: [{ respond: ok }], "
      "responses: { ok: { status: 200, body: '${now}' } } }\n"});
  const Engine unset(contract::load(source, ".", diagnostics));
  const auto at = unset.make_space({1, 12345, nullptr}, diagnostics);
  EXPECT_EQ(unset.answer({"GET", "/a", {}, ""}, *at).response.body, "12345");
}

TEST_F(EngineTest, PreferForcesADocumentedResponse) {
  const struct {
    const char* line;
    const char* preference;
    const char* told;
  } rows[] = {
      {"GET /items", "code=401", "401 {\"error\":\"denied\"}"},
      {"GET /items", "example=denied", "401 {\"error\":\"denied\"}"},
      {"GET /items", "example=listed",
       "200 {\"who\":\"Ada\",\"ids\":[\"example\"]}"},  // without state: as the document prints it
      {"GET /items", "code=200", "200 {\"who\":\"Ada\",\"ids\":[\"example\"]}"},
      {"GET /open?kind=x", "code=404", "404 {\"gone\":true}"},
      {"GET /open?kind=x", "example=also-gone", "404 {\"also\":true}"},
      {"GET /open?kind=x", "code=404, example=also-gone", "404 {\"also\":true}"},
      {"GET /open?kind=x", "example=\"gone\"; x=y, wait=5", "404 {\"gone\":true}"},
      {"GET /open?kind=x", "code=204", "204 "},
      {"GET /open?kind=x", "wait=5", "200 hello"},
      {"GET /open?kind=x", "", "200 hello"},
      {"GET /open?kind=x", "CODE=404", "404 {\"gone\":true}"},
      {"HEAD /open?kind=x", "code=404", "404 {\"gone\":true}"},
  };
  for (const auto& row : rows) EXPECT_EQ(preferred(row.line, row.preference), row.told) << row.preference;
  const Answer forced = answer("GET /items", "", "", {{"Prefer", "code=401"}});
  EXPECT_EQ(*forced.response.headers.find("Preference-Applied"), "code=401");
  EXPECT_EQ(forced.rule, nullptr);
  EXPECT_EQ(forced.documented->name, "denied");
  EXPECT_EQ(*answer("GET /items", "", "", {{"Prefer", "example=denied"}}).response.headers.find("Preference-Applied"),
            "example=denied");
  for (const char* unknown : {"code=404", "example=nothing", "code=200, example=denied", "code=20", "code=4040"}) {
    const Answer refused = answer("GET /items", "", "", {{"Prefer", unknown}});
    EXPECT_EQ(detail(refused), std::string("operation list has no response for \"Prefer: ") + unknown +
                                   "\"; it has listed (200), denied (401)");
    EXPECT_EQ(refused.response.status, 400);
    EXPECT_EQ(refused.documented, nullptr);
  }
  EXPECT_EQ(told("DELETE /items/a", "k1", "", {{"Prefer", "example=denied"}}).substr(0, 3), "401");
  EXPECT_EQ(told("GET /items"), "200 {\"who\":\"Ada\",\"ids\":[\"a\",\"b\"]}") << "a forced response runs no rule";
}

/// RFC 7240, 2: several fields are one list; of a repeated preference the first counts.
TEST_F(EngineTest, SeveralPreferFieldsAreOneList) {
  const struct {
    http::Headers headers;
    const char* told;
  } rows[] = {
      {{{"Prefer", "respond-async"}, {"Prefer", "example=denied"}}, "401 {\"error\":\"denied\"}"},
      {{{"prefer", "code=404"}, {"X", "y"}, {"PREFER", "example=also-gone"}}, "404 {\"also\":true}"},
      {{{"Prefer", "code=404"}, {"Prefer", "code=401"}}, "404 {\"gone\":true}"},
      {{{"Prefer", ""}, {"Prefer", "code=404"}}, "404 {\"gone\":true}"},
  };
  for (const auto& row : rows) EXPECT_EQ(told("GET /open?kind=x", "", "", row.headers), row.told);
}

TEST_F(EngineTest, WhatNoOperationAnswersIsExplained) {
  const struct {
    const char* line;
    int status;
    const char* detail;
    const char* allow;
  } rows[] = {
      {"GET /itms", 404,
       "no operation of demo answers GET /itms; the nearest is list (GET /items): path segment 1 is \"itms\", expected "
       "\"items\"",
       nullptr},
      {"GET /items/", 405, "/items/ answers DELETE, OPTIONS, not GET", "DELETE, OPTIONS"},
      {"PUT /items", 405, "/items answers GET, HEAD, POST, OPTIONS, not PUT", "GET, HEAD, POST, OPTIONS"},
      {"PATCH /items/a", 405, "/items/a answers DELETE, OPTIONS, not PATCH", "DELETE, OPTIONS"},
      {"HEAD /items/a", 405, "/items/a answers DELETE, OPTIONS, not HEAD", "DELETE, OPTIONS"},
      {"get /items", 405, "/items answers GET, HEAD, POST, OPTIONS, not get", "GET, HEAD, POST, OPTIONS"},
      {"GET /open", 404,
       "no operation of demo answers GET /open; the nearest is open (GET /open): the query parameter \"kind\" is "
       "missing, expected \"x\"",
       nullptr},
      {"GET /open?kind=hiden", 404,
       "no operation of demo answers GET /open; the nearest is hidden (GET /open): the query parameter \"kind\" is "
       "\"hiden\", expected \"hidden\"",
       nullptr},
      {"POST /open?kind=x", 405, "/open answers GET, HEAD, OPTIONS, not POST", "GET, HEAD, OPTIONS"},
      {"GET /item/a", 404,
       "no operation of demo answers GET /item/a; the nearest is kill (DELETE /items/{id}): path segment 1 is "
       "\"item\", expected "
       "\"items\"; the method is GET, expected DELETE",
       nullptr},
      {"GET /split/", 404,
       "no operation of demo answers GET /split/; the nearest is split (GET /split): the path ends in \"/\", expected "
       "none",
       nullptr},
      {"GET /x/y/z/w/v/u", 404, "no operation of demo answers GET /x/y/z/w/v/u", nullptr},
      {"GET /", 404,
       "no operation of demo answers GET /; the nearest is list (GET /items): path segment 1 is \"\", expected "
       "\"items\"",
       nullptr},
      {"GET /items/a/b", 404,
       "no operation of demo answers GET /items/a/b; the nearest is kill (DELETE /items/{id}): the path has 3 "
       "segments, "
       "expected 2; the method is GET, expected DELETE",
       nullptr},
      {"DELETE /item", 404,
       "no operation of demo answers DELETE /item; the nearest is list (GET /items): path segment 1 is \"item\", "
       "expected \"items\"; the method is DELETE, expected GET",
       nullptr},
      {"GET nowhere", 400, "the request's target is not a path with well-formed percent escapes", nullptr},
      {"GET /%zz", 400, "the request's target is not a path with well-formed percent escapes", nullptr},
      {"GET /items?a=%0", 400, "the request's target is not a path with well-formed percent escapes", nullptr},
      {"GET ", 400, "the request's target is not a path with well-formed percent escapes", nullptr},
  };
  for (const auto& row : rows) {
    const Answer refused = answer(row.line, "");
    EXPECT_EQ(refused.response.status, row.status) << row.line;
    EXPECT_EQ(detail(refused), row.detail) << row.line;
    const std::string* allow = refused.response.headers.find("Allow");
    EXPECT_EQ(allow == nullptr ? "none" : *allow, row.allow == nullptr ? "none" : row.allow) << row.line;
    EXPECT_EQ(refused.operation, nullptr);
    EXPECT_EQ(refused.documented, nullptr);
    EXPECT_EQ(refused.response.headers.find(operation_header), nullptr) << "nothing that looks documented";
  }
  const Answer other_method = answer("POST /open");
  ASSERT_NE(other_method.nearest, nullptr);
  EXPECT_EQ(other_method.nearest->id, "open");
  EXPECT_EQ(other_method.differences,
            (std::vector<std::string>{"the method is POST, expected GET",
                                      "the query parameter \"kind\" is missing, expected \"x\""}));
  EXPECT_EQ(Json::parse(other_method.response.body).at("nearestOperation"), "open");
  EXPECT_EQ(answer("POST /items/a").nearest->id, "kill") << "another path is no help where this one is known";
  const Json problem = Json::parse(answer("GET /itms").response.body);
  EXPECT_EQ(problem.at("nearestOperation"), "list");
  EXPECT_EQ(problem.at("differences").dump(), R"(["path segment 1 is \"itms\", expected \"items\""])");
}

TEST_F(EngineTest, OptionsAndHead) {
  EXPECT_EQ(text_of(answer("OPTIONS /items").response), "204\nAllow: GET, HEAD, POST, OPTIONS\n\n");
  EXPECT_EQ(text_of(answer("OPTIONS /items/a").response), "204\nAllow: DELETE, OPTIONS\n\n");
  EXPECT_EQ(text_of(answer("OPTIONS /open").response), "204\nAllow: GET, HEAD, OPTIONS\n\n");
  EXPECT_EQ(answer("OPTIONS /nowhere").response.status, 404);
  EXPECT_EQ(text_of(answer("HEAD /items").response), text_of(answer("GET /items").response))
      << "the player leaves the body out";
  EXPECT_TRUE(engine->knows_path({"PUT", "/items", {}, ""}));
  EXPECT_TRUE(engine->knows_path({"GET", "/open", {}, ""}));
  EXPECT_TRUE(engine->knows_path({"GET", "/items/x?y=z", {}, ""}));
  EXPECT_FALSE(engine->knows_path({"GET", "/itms", {}, ""}));
  EXPECT_FALSE(engine->knows_path({"GET", "/%", {}, ""}));
}

TEST_F(EngineTest, AFailingExpressionNamesItsLineAndTheNextRequestIsFine) {
  const struct {
    const char* how;
    const char* detail;
    int line;
  } rows[] = {
      {"when", "demo.yaml:80:15: nothing is named \"killed\"", 80},
      {"do", "demo.yaml:85: used more than its 10000000 instructions", 85},
      {"body", "demo.yaml:92:40: attempt to index a nil value (field 'x')", 92},
      {"header", "demo.yaml:93:55: attempt to perform arithmetic on a nil value", 93},
      {"other", "demo.yaml:76:3: no rule of operation broken applies to this request", 76},
  };
  for (const auto& row : rows) {
    const Answer failed = answer(std::string("GET /broken?how=") + row.how);
    EXPECT_EQ(failed.response.status, 500);
    const std::string text = detail(failed);
    EXPECT_EQ(text.substr(0, 13), std::string(row.detail).substr(0, 13)) << text;
    EXPECT_EQ(text.substr(text.find(": ")), std::string(row.detail).substr(std::string(row.detail).find(": ")));
    EXPECT_EQ(failed.operation->id, "broken");
    EXPECT_EQ(failed.documented, nullptr);
    const Json problem = Json::parse(failed.response.body);
    EXPECT_EQ(problem.value("line", 0), row.line) << text;
    EXPECT_EQ(problem.value("file", ""), "demo.yaml");
    EXPECT_EQ(told("GET /items", "k2"), "200 {\"who\":\"Bob\",\"ids\":[\"c\",\"n1\",\"n2\",\"n3\"]}");
  }
}

TEST_F(EngineTest, HeadersStayOneLine) {
  const Answer split = answer("GET /split?v=a%0D%0AX-Evil:%20yes%7F%09%01b");
  EXPECT_EQ(*split.response.headers.find("X-V"), "a  X-Evil: yes \t b");
  EXPECT_EQ(split.response.body,
            "a\r\nX-Evil: yes\x7F\t\x01"
            "b");
}

TEST(EngineState, WhatCannotBeStoredIsReported) {
  const struct {
    const char* items;
    const char* error;
  } rows[] = {
      {"[{ id: 1 }, { id: 1.0 }]", "c.yaml:3:48: error: two items of things have the key 1.0\n"},
      {"[{ id: 1 }, { name: x }]", "c.yaml:3:48: error: an item of things needs its key \"id\"\n"},
      {"[{ id: [1] }]", "c.yaml:3:37: error: the key \"id\" of things must be a scalar\n"},
      {"[x]", "c.yaml:3:37: error: an item of things must be a map, this is text\n"},
      {"[{ id: \"${nil + 1}\" }]", "c.yaml:3:46: error: attempt to perform arithmetic on a nil value\n"},
      {"{ $map: range(3), each(i): { id: x } }", "c.yaml:3:36: error: two items of things have the key \"x\"\n"},
      {"[{ id: \"${random_int(1, 5) > 0 and 'r'}\" }, { $map: range(2), each(i): { id: \"${i}\", list: { $map: "
       "range(2), each(j): 1 } } }]",
       ""},
      {"{ $map: range(1000000), each(i): { id: 1 } }", "99"},
  };
  for (const auto& row : rows) {
    document::Diagnostics diagnostics;
    const std::string yaml = std::string("counterpart: 1\nname: x\nstate: { things: { key: id, items: ") + row.items +
                             " } }\noperations:\n  a: { request: { method: GET, path: /a }, rules: [{ respond: ok }], "
                             "responses: { ok: { status: 200 } } }\n";
    auto loaded =
        contract::load(std::make_shared<document::Source>(document::Source{"c.yaml", yaml}), ".", diagnostics);
    ASSERT_TRUE(loaded) << diagnostics.render(false);
    const Engine engine(std::move(loaded));
    const auto space = engine.make_space({}, diagnostics);
    EXPECT_EQ(space == nullptr, *row.error != '\0') << row.items;
    const std::string text = diagnostics.render(false);
    if (std::string(row.error) == "99") {
      EXPECT_EQ(diagnostics.errors(), 999'999u);
    } else {
      EXPECT_EQ(text.substr(0, text.find('\n') + 1), row.error) << row.items;
    }
  }
}

TEST(EngineScenarios, TheContractsOfTheRepositoryStart) {
  const struct {
    const char* folder;
    http::Request request;
    const char* body;
  } rows[] = {
      {"keyauth-seller",
       {"GET", "/api/seller/?sellerkey=sellerkeyhere&type=kill&sessid=iMdaoCGXWr", {}, ""},
       R"({"success":true,"message":"Successfully killed session!"})"},
      {"panel-sessions",
       {"DELETE", "/api/account/sessions/session_def456uvw012", {{"Authorization", "Bearer YOUR_API_KEY"}}, ""},
       R"({"data":{"revoked":true,"currentSessionRevoked":false}})"},
  };
  for (const auto& row : rows) {
    document::Diagnostics diagnostics;
    const Engine engine(contract::load(std::string(COUNTERPART_SOURCE_DIR) + "/scenarios/" + row.folder, diagnostics));
    const auto space = engine.make_space({}, diagnostics);
    EXPECT_EQ(diagnostics.render(false), "");
    EXPECT_EQ(engine.answer(row.request, *space).response.body, row.body);
  }
}

/// Of operations as near, a documented one, and the one that has its constants, is what was meant.
TEST(EngineNearMiss, PrefersWhatIsDocumentedAndMeant) {
  const char* yaml = R"(counterpart: 1
name: x
operations:
  other:
    undocumented: What gets an unknown type
    request: { method: GET, path: /api/seller }
    rules: [{ respond: ok }]
    responses: { ok: { status: 400 } }
  kill:
    request: { method: GET, path: /api/seller, query: { type: { const: kill } } }
    rules: [{ respond: ok }]
    responses: { ok: { status: 200 } }
  list:
    request: { method: GET, path: /api/seller, query: { type: { const: list } } }
    rules: [{ respond: ok }]
    responses: { ok: { status: 200 } }
  parts:
    request: { method: GET, path: /a/b }
    rules: [{ respond: ok }]
    responses: { ok: { status: 200 } }
)";
  document::Diagnostics diagnostics;
  const Engine engine(
      contract::load(std::make_shared<document::Source>(document::Source{"c.yaml", yaml}), ".", diagnostics));
  EXPECT_EQ(diagnostics.render(false), "");
  const auto space = engine.make_space({}, diagnostics);
  const struct {
    const char* target;
    const char* nearest;
    const char* differences;
  } rows[] = {
      {"/api/seler?type=list", "list", R"(["path segment 2 is \"seler\", expected \"seller\""])"},
      {"/api/seler?type=kil", "kill",
       R"(["path segment 2 is \"seler\", expected \"seller\"","the query parameter \"type\" is \"kil\", expected \"kill\""])"},
      {"/api/seler?type=other", "other", R"(["path segment 2 is \"seler\", expected \"seller\""])"},
      {"/a", "parts", R"(["the path has 1 segment, expected 2"])"},
      // Another word in the path: what is documented, and of that what has a constant of the request, else the first.
      {"/api/xyz", "kill",
       R"(["path segment 2 is \"xyz\", expected \"seller\"","the query parameter \"type\" is missing, expected \"kill\""])"},
      {"/api/xyz?type=kill", "kill", R"(["path segment 2 is \"xyz\", expected \"seller\""])"},
      {"/api/xyz?type=kil", "kill",
       R"(["path segment 2 is \"xyz\", expected \"seller\"","the query parameter \"type\" is \"kil\", expected \"kill\""])"},
  };
  for (const auto& row : rows) {
    const Json problem = Json::parse(engine.answer({"GET", row.target, {}, ""}, *space).response.body);
    EXPECT_EQ(problem.at("nearestOperation"), row.nearest) << row.target;
    EXPECT_EQ(problem.at("differences").dump(), row.differences) << row.target;
  }
}

/// The budget is that of all items, not of each template or each collection.
TEST(EngineLimits, InitialItemsShareABudget) {
  const char* yaml = R"(counterpart: 1
name: x
state:
  first: { key: id, items: [{ $map: range(1000), each(i): { id: "${i + 0}" } }] }
  second: { key: id, items: [{ $map: range(1000), each(i): { id: "${i + 0}" } }] }
operations:
  all: { request: { method: GET, path: / }, rules: [{ respond: ok }], responses: { ok: { status: 200 } } }
)";
  document::Diagnostics diagnostics;
  const auto loaded =
      contract::load(std::make_shared<document::Source>(document::Source{"c.yaml", yaml}), ".", diagnostics);
  ASSERT_EQ(diagnostics.render(false), "");
  const contract::Contract& contract = *loaded.contract;
  state::Space space(std::make_unique<state::VirtualClock>(0), 1);
  SpaceScope scope(contract, space);
  expression::Interpreter interpreter(contract.program);
  for (const auto& collection : contract.state) space.add(state::Collection(collection.spec));
  expression::Budget enough_for_one;
  enough_for_one.instructions = 15'000;
  InitialState initial(interpreter, scope, enough_for_one);
  initial.fill(space.own(0), contract.state[0].items, diagnostics);
  EXPECT_EQ(diagnostics.render(false), "");
  initial.fill(space.own(1), contract.state[1].items, diagnostics);
  ASSERT_EQ(diagnostics.errors(), 1u);
  EXPECT_EQ(diagnostics.all()[0].message, "used more than its 15000 instructions");
}

/// A 404 costs what it costs among a few operations, however long the path and many the operations.
TEST(EngineLimits, ANearMissIsFoundInBoundedTime) {
  std::string yaml = "counterpart: 1\nname: x\noperations:\n";
  for (int i = 0; i < 5'000; ++i) {
    const std::string n = std::to_string(i);
    yaml += "  op" + n + ": { request: { method: GET, path: \"/api/resource" + n + "/{id}/part/of/a/longer/path\"" +
            " }, rules: [{ respond: ok }], responses: { ok: { status: 200 } } }\n";
  }
  document::Diagnostics diagnostics;
  const Engine engine(
      contract::load(std::make_shared<document::Source>(document::Source{"c.yaml", yaml}), ".", diagnostics));
  EXPECT_EQ(diagnostics.render(false), "");
  const auto space = engine.make_space({}, diagnostics);
  for (const std::string& target : {std::string(8'000, '/'), "/api/" + std::string(8'000, 'x'),
                                    std::string("/api/resuorce7/1/part/of/a/longer/path")}) {
    const Answer refused = engine.answer({"GET", target, {}, ""}, *space);
    EXPECT_EQ(refused.response.status, 404);
    EXPECT_LT(refused.response.body.size(), 40'000u);
  }
  const Json near =
      Json::parse(engine.answer({"GET", "/api/resuorce7/1/part/of/a/longer/path", {}, ""}, *space).response.body);
  EXPECT_EQ(near.at("nearestOperation"), "op0") << "of several as near, the first";
  EXPECT_EQ(engine.answer({"GET", "/api/resource4999/1/part/of/a/longer/path", {}, ""}, *space).response.status, 200);
}

/// Many threads on one space: every kill counts once, and what is left is exactly what the answers said.
TEST_F(EngineTest, ThreadsShareASpace) {
  constexpr int threads_count = 8;
  constexpr int steps = 60;
  std::vector<std::thread> threads;
  std::vector<int> created(threads_count), killed(threads_count), failed(threads_count);
  for (int t = 0; t < threads_count; ++t) {
    threads.emplace_back([&, t] {
      std::vector<std::string> own;
      for (int i = 0; i < steps; ++i) {
        const Answer made = engine->answer(request("POST /items", "k1", "{\"text\":\"t\"}"), *space);
        const std::string* location = made.response.headers.find("Location");
        if (made.response.status == 201 && location != nullptr) {
          ++created[t];
          own.push_back(*location);
        }
        const Answer list = engine->answer(request("GET /items"), *space);
        const Json ids = Json::parse(list.response.body).at("ids");
        if (std::to_string(ids.size()) != *list.response.headers.find("X-Total")) ++failed[t];
        // Somebody's item: several threads may try the same one, and one of them gets it.
        const std::string victim =
            ids.empty() ? "none" : ids[static_cast<size_t>(t * 7 + i) % ids.size()].get<std::string>();
        if (i % 2 == 0)
          killed[t] += Json::parse(engine->answer(request("DELETE /items/" + victim), *space).response.body)
                           .at("killed")
                           .get<int>();
        if (i % 20 == 0) clock->advance(1);
        if (engine->answer(request("GET /open?kind=x"), *space).response.status != 200) ++failed[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  int total = 2;
  for (int t = 0; t < threads_count; ++t) {
    EXPECT_EQ(created[t], steps);
    EXPECT_EQ(failed[t], 0);
    total += created[t] - killed[t];
  }
  EXPECT_EQ(Json::parse(answer("GET /items").response.body).at("ids").size(), static_cast<size_t>(total));
  for (size_t i = 0; i < space->collections(); ++i) EXPECT_TRUE(space->shared(i).consistent());
}

/// What clients add is bounded: the request that would pass the limit is a 500, and so is the next one.
TEST(EngineLimits, ACollectionGrowsSoFarAndNoFurther) {
  document::Diagnostics diagnostics;
  const Engine engine(
      contract::load(std::make_shared<document::Source>(document::Source{
                         "c.yaml",
                         "counterpart: 1\nname: c\nvariables: { text: \"\" }\n"
                         "state: { things: { key: id, items: [{ id: first, text: here }] } }\noperations:\n"
                         "  add: { request: { method: POST, path: /things },\n"
                         "         rules: [{ do: 'things:insert{ id = #things, text = body }', respond: ok }],\n"
                         "         responses: { ok: { status: 200, body: \"${#things}\" } } }\n"
                         "  empty: { request: { method: DELETE, path: /things },\n"
                         "           rules: [{ do: 'things:remove_if(function() return true end)', respond: ok }], "
                         "responses: { ok: { status: 200 } } }\n"}),
                     ".", diagnostics));
  auto space = engine.make_space({1, 0, nullptr}, diagnostics);
  ASSERT_EQ(diagnostics.render(false), "");
  constexpr size_t mebibytes = 4;
  const http::Request add{"POST", "/things", {{"Content-Type", "text/plain"}}, std::string(mebibytes << 20, 'x')};
  size_t added = 0;
  while (engine.answer(add, *space).response.status == 200) ASSERT_LE(++added, 1'000u);
  EXPECT_EQ(added, (state::Collection::growth_bytes_max >> 20) / mebibytes) << "each takes a little more than its text";
  const Answer refused = engine.answer(add, *space);
  EXPECT_EQ(refused.response.status, 500);
  EXPECT_EQ(Json::parse(refused.response.body).at("detail"),
            "c.yaml:7:24: things is full: it may grow by 256 MiB, and no more");
  EXPECT_EQ(engine.answer({"DELETE", "/things", {}, ""}, *space).response.status, 200);
  EXPECT_EQ(engine.answer(add, *space).response.body, "1");
}

/// What is wrong with items is told along with what is wrong elsewhere, if they can be made at all.
TEST(EngineLoading, TellsOfItemsAndTheRestAtOnce) {
  const struct {
    const char* state;
    const char* report;
  } cases[] = {
      {"things: { key: id, items: [{ id: 1 }, { id: 1 }, { id: \"${nil + 1}\" }] }",
       "c.yaml:8:24: operation \"a\" has no response \"okay\"\n"
       "c.yaml:4:41: two items of things have the key 1\n"
       "c.yaml:4:61: attempt to perform arithmetic on a nil value\n"},
      {"things: { kye: id, items: [{ id: 1 }, { id: 1 }] }",
       "c.yaml:4:11: a collection needs \"key\"\n"
       "c.yaml:4:13: unknown key \"kye\" in a collection\n"
       "c.yaml:8:24: operation \"a\" has no response \"okay\"\n"},
      {"things: { key: id, items: [{ id: 1 }, { id: 1 }, { id: \"${nosuch}\" }] }",
       "c.yaml:8:24: operation \"a\" has no response \"okay\"\n"
       "c.yaml:4:61: nothing is named \"nosuch\" here\n"},
  };
  for (const auto& row : cases) {
    document::Diagnostics diagnostics;
    const auto loaded =
        contract::load(std::make_shared<document::Source>(document::Source{
                           "c.yaml", std::string("counterpart: 1\nname: c\nstate:\n  ") + row.state +
                                         "\noperations:\n  a:\n    request: { method: GET, path: /a }\n"
                                         "    rules: [{ respond: okay }]\n    responses: { ok: { status: 200 } }\n"}),
                       ".", diagnostics);
    EXPECT_FALSE(loaded);
    std::string report;
    for (const document::Diagnostic& one : diagnostics.all()) report += one.where.text() + ": " + one.message + "\n";
    EXPECT_EQ(report, row.report);
  }
}

/// The mock would answer these itself.
TEST(EngineLoading, PathsOfTheMocksAreNoOperations) {
  const struct {
    const char* path;
    bool is_good;
  } cases[] = {{"/__counterpart/health", false},
               {"/__counterpart", false},
               {"/%5F_counterpart/x", false},
               {"/~x/y", false},
               {"/~", false},
               {"/%7Ex", false},
               {"/__counterparts/x", true},
               {"/x/~y", true},
               {"/x/__counterpart/y", true}};
  for (const auto& row : cases) {
    document::Diagnostics diagnostics;
    contract::load(
        std::make_shared<document::Source>(document::Source{
            "c.yaml", std::string("counterpart: 1\nname: c\noperations:\n  a: { request: { method: GET, path: \"") +
                          row.path + "\" }, rules: [{ respond: ok }], responses: { ok: { status: 200 } } }\n"}),
        ".", diagnostics);
    EXPECT_EQ(diagnostics.errors(), row.is_good ? 0u : 1u) << row.path << diagnostics.render(false);
  }
}

}  // namespace
}  // namespace counterpart::engine

#pragma once
/// For tests of the admin API: two contracts, their spaces, and an Admin whose every answer is held against its own
/// OpenAPI document.

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <string>

#include "engine/document/json.h"
#include "engine/document/yaml.h"
#include "engine/schema/schema.h"
#include "mock/admin/admin.h"
#include "mock/admin/openapi.h"
#include "mock/test_stage.h"

namespace counterpart::mock {

inline constexpr const char* notes_contract = R"(counterpart: 1
name: notes
title: Notes of "users"
clock: 2024-05-01T09:00:00Z
state:
  notes:
    key: id
    expires: ends
    items:
      - { id: n1, owner: Ada }
      - { id: n2, owner: Bob, ends: "2024-05-01T10:00:00Z" }
      - { id: "7", owner: Cem }
      - { id: 7, owner: Dee }
      - { id: 8, owner: Eve }
  tags: { key: name, items: [{ name: "a/b c" }] }
operations:
  listNotes:
    summary: List notes
    request: { method: GET, path: /notes, query: { owner: { type: string } } }
    rules: [{ when: query.owner == "nobody", respond: none }, { respond: ok }]
    responses:
      ok: { status: 200, body: { count: "${#notes}" } }
      none: { status: 404, description: Nobody has notes, body: { error: none } }
      guess: { status: 500, body: oops, undocumented: nobody says }
  getNote:
    request: { method: GET, path: "/notes/{id}" }
    rules: [{ respond: ok }]
    responses: { ok: { status: 200, body: "${path.id}" } }
  addNote:
    request: { method: POST, path: /notes, body: { content: { application/json: {} } } }
    rules: [{ respond: added }]
    responses: { added: { status: 201, body: { done: true } } }
)";

inline constexpr const char* shop_contract = R"(counterpart: 1
name: shop
clock: 2020-01-01T00:00:00Z
state: { notes: { key: id }, carts: { key: number, items: [{ number: 1 }] } }
operations:
  buy:
    request: { method: POST, path: /buy }
    rules: [{ respond: bought }]
    responses: { bought: { status: 204 } }
)";

inline constexpr const char* flaky_scenario = R"(scenario: flaky
summary: Not always there
given: { state: { notes: { items: [] } }, clock: 2024-06-01T00:00:00Z }
play:
  - { on: listNotes, times: 1, respond: none, fault: { truncate: { at: 1 } }, delay: 5ms }
)";

inline constexpr const char* story_scenario = R"(scenario: story
steps:
  - { call: listNotes, expect: ok }
  - { call: addNote, body: { text: hi }, expect: added }
)";

inline constexpr const char* tale_scenario = "scenario: tale\nsteps: [{ call: listNotes, expect: ok }]\n";

/// A schema without references: each is replaced by what it names.
inline admin::Json inlined(const admin::Json& schema) {
  if (schema.is_array()) {
    admin::Json list = admin::Json::array();
    for (const auto& item : schema) list.push_back(inlined(item));
    return list;
  }
  if (!schema.is_object()) return schema;
  if (schema.contains("$ref")) {
    const auto ref = schema["$ref"].get<std::string>();
    return inlined(admin::schemas().at(ref.substr(ref.rfind('/') + 1)));
  }
  admin::Json map = admin::Json::object();
  for (const auto& [name, value] : schema.items()) map[name] = inlined(value);
  return map;
}

/// What is wrong with an answer, by the document; "" when nothing is.
inline std::string deviation(const admin::Json& operation, const http::Response& response) {
  const auto documented = operation["responses"].find(std::to_string(response.status));
  if (documented == operation["responses"].end()) return "the status is not documented";
  if (!documented->contains("content")) return response.body.empty() ? "" : "a body is not documented";
  const std::string type = documented->at("content").begin().key();
  const admin::Json& content = documented->at("content").begin().value();
  const std::string* sent = response.headers.find("content-type");
  if (sent == nullptr || *sent != type) return "the content type is not " + type;
  const bool is_json = type.find("json") != std::string::npos;
  const auto body = is_json ? document::parse_json(response.body) : admin::Json(response.body);
  if (!body) return "the body is not JSON";
  document::Diagnostics diagnostics;
  const auto source = std::make_shared<const document::Source>(
      document::Source{"schema", document::write_json(inlined(content["schema"]))});
  const auto schema = schema::Schema::compile(*document::parse_yaml(source, diagnostics), source, diagnostics);
  std::string text = diagnostics.render(false);
  for (const auto& violation : schema.validate(*body)) text += violation.text() + "\n";
  return text;
}

class World {
 public:
  explicit World(std::string token = "", SpacesOptions options = {1, 10, 60'000, {}})
      : spaces(options, stage_of({seat_of(notes_contract, {flaky_scenario, story_scenario, tale_scenario}),
                                  seat_of(shop_contract)})),
        admin({std::move(token)}, spaces) {}

  Spaces spaces;
  Admin admin;

  /// Asks the admin API; `path` is what stands behind the prefix.
  http::Response ask(const std::string& method, const std::string& path, const std::string& body = "",
                     http::Headers headers = {}, const std::string& space = "") {
    http::Response response =
        admin.answer({method, std::string(Admin::prefix) + path, std::move(headers), body}, space);
    static const admin::Json document = admin::openapi_document("");
    for (const auto& [path_template, operations] : document["paths"].items()) {
      std::string pattern = path_template;
      RE2::GlobalReplace(&pattern, "\\{[a-z]+\\}", "[^/?]+");
      pattern += "(\\?(?s:.*))?";
      const auto operation = operations.find(http::lower_case(method));
      if (!RE2::FullMatch(std::string(Admin::prefix) + path, pattern) || operation == operations.end()) continue;
      EXPECT_EQ(deviation(*operation, response), "") << method << ' ' << path << '\n' << response.body;
    }
    return response;
  }

  /// Lets a space answer a request, and enters it into the journal.
  http::Response send(const std::string& method, const std::string& target, const std::string& body = "",
                      http::Headers headers = {}, const std::string& space = "") {
    const http::Request request{method, target, std::move(headers), body};
    const Spaces::Use use = spaces.use(space);
    const Played played = use->play(request);
    use->record(request, played, 42, spaces.journal_share());
    return played.answer.response;
  }
};

/// One call and its whole answer.
struct AdminCase {
  const char* method;
  const char* path;
  const char* body;
  int status;
  const char* answer;
};

template <size_t count>
void expect_all(World& world, const AdminCase (&cases)[count]) {
  for (const AdminCase& test : cases) {
    SCOPED_TRACE(std::string(test.method) + " " + test.path + " " + test.body);
    const http::Response response = world.ask(test.method, test.path, test.body);
    EXPECT_EQ(response.status, test.status);
    EXPECT_EQ(response.body, test.answer);
  }
}

}  // namespace counterpart::mock

// What a request says, as an operation's parameters read it.

#include "engine/request_values.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/contract/loader.h"

namespace counterpart::engine {
namespace {

/// One request to one operation.
struct Asked {
  contract::Loaded loaded;
  http::Request request;
  http::Target target;
  std::optional<RequestValues> values;

  /// `parts` are the members of the operation's request after method and path; `more` other members of the contract.
  Asked(const std::string& path, const std::string& parts, http::Request asked, const std::string& more = {},
        const std::string& operation = {})
      : request(std::move(asked)) {
    document::Diagnostics diagnostics;
    const std::string yaml = "counterpart: 1\nname: x\n" + more + "\noperations:\n  a:\n" +
                             (operation.empty() ? "" : "    " + operation + "\n") +
                             "    request: { method: GET, path: \"" + path + "\"" +
                             (parts.empty() ? "" : ", " + parts) +
                             " }\n    rules: [{ respond: ok }]\n    responses: { ok: { status: 200 } }\n";
    loaded = contract::load(std::make_shared<document::Source>(document::Source{"c.yaml", yaml}), ".", diagnostics);
    EXPECT_EQ(diagnostics.render(false), "");
    if (request.method.empty()) request.method = "GET";
    auto parsed = http::parse_target(request.target);
    EXPECT_TRUE(parsed) << request.target;
    if (parsed) target = *std::move(parsed);
    values.emplace(request, target);
    if (loaded) values->set_operation(*loaded.contract, loaded.contract->operations.at(0));
  }

  /// "name in: reason; ..." of every invalid parameter.
  std::string invalid() {
    std::string all;
    for (const Json& problem : values->invalid()) {
      if (!all.empty()) all += "; ";
      all += problem.at("name").get<std::string>() + " " + problem.at("in").get<std::string>() + ": " +
             problem.at("reason").get<std::string>();
    }
    return all;
  }
};

TEST(RequestValues, QueryIsCoercedBySchema) {
  const struct {
    const char* parameter;  ///< the schema of `p`
    const char* query;
    const char* values;
    const char* invalid;
  } rows[] = {
      {"{}", "p=x", R"({"p":"x"})", ""},
      {"{}", "", "{}", ""},
      {"{}", "p=50", R"({"p":"50"})", ""},
      {"{ type: string }", "p=50", R"({"p":"50"})", ""},
      {"{ type: string }", "p=a%20b+c", R"({"p":"a b c"})", ""},
      {"{ type: integer }", "p=50", R"({"p":50})", ""},
      {"{ type: integer }", "p=-5", R"({"p":-5})", ""},
      {"{ type: integer }", "p=0", R"({"p":0})", ""},
      {"{ type: integer }", "p=9223372036854775807", R"({"p":9223372036854775807})", ""},
      {"{ type: integer }", "p=-9223372036854775808", R"({"p":-9223372036854775808})", ""},
      {"{ type: integer }", "p=18446744073709551615", R"({"p":"18446744073709551615"})", "p query: must be an integer"},
      {"{ type: integer }", "p=18446744073709551616", R"({"p":"18446744073709551616"})", "p query: must be an integer"},
      {"{ type: integer }", "p=5.0", R"({"p":"5.0"})", "p query: must be an integer"},
      {"{ type: integer }", "p=abc", R"({"p":"abc"})", "p query: must be an integer"},
      {"{ type: integer }", "p=5x", R"({"p":"5x"})", "p query: must be an integer"},
      {"{ type: integer }", "p=+5", R"({"p":" 5"})", "p query: must be an integer"},  // a plus is a space
      {"{ type: integer }", "p=%2B5", R"({"p":"+5"})", "p query: must be an integer"},
      {"{ type: integer }", "p=0x10", R"({"p":"0x10"})", "p query: must be an integer"},
      {"{ type: integer }", "p=%205", R"({"p":" 5"})", "p query: must be an integer"},
      {"{ type: integer }", "p=", R"({"p":""})", "p query: must not be empty"},
      {"{ type: integer }", "p", R"({"p":""})", "p query: must not be empty"},
      {"{ type: integer, allowEmptyValue: true }", "p=", R"({"p":""})", "p query: must be an integer"},
      {"{ type: number }", "p=2.5", R"({"p":2.5})", ""},
      {"{ type: number }", "p=2", R"({"p":2})", ""},
      {"{ type: number }", "p=1e3", R"({"p":1000.0})", ""},
      {"{ type: number }", "p=18446744073709551616", R"({"p":18446744073709551616.0})", ""},
      {"{ type: number }", "p=1e999", R"({"p":"1e999"})", "p query: must be a number"},
      {"{ type: number }", "p=inf", R"({"p":"inf"})", "p query: must be a number"},
      {"{ type: number }", "p=nan", R"({"p":"nan"})", "p query: must be a number"},
      {"{ type: number }", "p=1.", R"({"p":"1."})", "p query: must be a number"},
      {"{ type: number }", "p=.5", R"({"p":".5"})", "p query: must be a number"},
      {"{ type: boolean }", "p=true", R"({"p":true})", ""},
      {"{ type: boolean }", "p=false", R"({"p":false})", ""},
      {"{ type: boolean }", "p=TRUE", R"({"p":"TRUE"})", "p query: must be true or false"},
      {"{ type: boolean }", "p=1", R"({"p":"1"})", "p query: must be true or false"},
      {"{ type: [integer, \"null\"] }", "p=null", R"({"p":null})", ""},
      {"{ type: [string, integer] }", "p=5", R"({"p":5})", ""},
      {"{ type: [string, integer] }", "p=x", R"({"p":"x"})", ""},
      {"{ const: 5 }", "p=5", R"({"p":5})", ""},
      {"{ const: 5 }", "p=6", R"({"p":6})", "p query: must be 5, is 6"},
      {"{ const: true }", "p=true", R"({"p":true})", ""},
      {"{ type: string, const: \"5\" }", "p=5", R"({"p":"5"})", ""},
      {"{ required: true }", "", "{}", "p query: is required"},
      {"{ required: true }", "p=", R"({"p":""})", "p query: must not be empty"},
      {"{ required: true, allowEmptyValue: true }", "p=", R"({"p":""})", ""},
      {"{ type: integer, default: 7 }", "", R"({"p":7})", ""},
      {"{ type: integer, default: 7, required: true }", "", R"({"p":7})", ""},
      {"{ type: integer, default: 7 }", "p=8", R"({"p":8})", ""},
      {"{ type: integer, default: 7 }", "p=", R"({"p":""})", "p query: must not be empty"},
      {"{ type: integer, minimum: 1, maximum: 100 }", "p=0", R"({"p":0})", "p query: must be at least 1, is 0"},
      {"{ type: integer, minimum: 1, maximum: 100 }", "p=101", R"({"p":101})", "p query: must be at most 100, is 101"},
      {"{ type: integer, minimum: 1, maximum: 100 }", "p=100", R"({"p":100})", ""},
      {"{ type: string, enum: [a, b] }", "p=b", R"({"p":"b"})", ""},
      {"{ type: string, pattern: \"^a+$\" }", "p=aab", R"({"p":"aab"})",
       "p query: must be text that matches ^a+$, is \"aab\""},
      {"{ type: string, maxLength: 2 }", "p=%C3%A4%C3%A4", "{\"p\":\"\u00e4\u00e4\"}", ""},
      // Repeated, and lists.
      {"{ type: integer }", "p=1&p=2&p=3", R"({"p":1})", "p query: must be given once, is given 3 times"},
      {"{ type: array }", "p=1&p=2", R"({"p":["1","2"]})", ""},
      {"{ type: array, items: { type: integer } }", "p=1&q=9&p=2", R"({"p":[1,2],"q":"9"})", ""},
      {"{ type: array, items: { type: integer } }", "p=5", R"({"p":[5]})", ""},
      {"{ type: array, items: { type: integer } }", "p=1&p=x", R"({"p":[1,"x"]})", "p query: must hold integer only"},
      {"{ type: array, items: { type: integer } }", "p=1,2", R"({"p":["1,2"]})", "p query: must hold integer only"},
      {"{ type: array, items: { type: integer }, explode: false }", "p=1,2,-3", R"({"p":[1,2,-3]})", ""},
      {"{ type: array, items: { type: integer }, explode: false }", "p=1,2&p=3", R"({"p":[1,2,3]})", ""},
      {"{ type: array, explode: false }", "p=a,,b,", R"({"p":["a","","b",""]})", ""},
      {"{ type: array, explode: false }", "p=", R"({"p":[""]})", ""},
      {"{ type: array, items: { type: [integer, boolean] } }", "p=1&p=true", R"({"p":[1,true]})", ""},
      {"{ type: array, items: { type: [integer, boolean] } }", "p=x", R"({"p":["x"]})",
       "p query: must hold integer or boolean only"},
      {"{ type: array, items: { type: integer, minimum: 2 } }", "p=1", R"({"p":[1]})",
       "p query: /0 must be at least 2, is 1"},
      {"{ type: array, default: [1] }", "", R"({"p":[1]})", ""},
      // What no parameter declares is there as text; of repeats the first.
      {"{ type: integer }", "z=1&z=2&y=", R"({"z":"1","y":""})", ""},
      {"{ type: integer }", "%70=5", R"({"p":5})", ""},
      {"{ type: integer }", "P=5", R"({"P":"5"})", ""},
  };
  for (const auto& row : rows) {
    http::Request request;
    request.target = std::string("/a?") + row.query;
    Asked asked("/a", std::string("query: { p: ") + row.parameter + " }", request);
    EXPECT_EQ(asked.values->query().dump(), Json::parse(row.values).dump()) << row.parameter << " ?" << row.query;
    EXPECT_EQ(asked.invalid(), row.invalid) << row.parameter << " ?" << row.query;
  }
}

TEST(RequestValues, OtherPlaces) {
  http::Request request;
  request.target = "/items/5/%C3%A4%2F//x?x=1";
  request.headers = {
      {"X-Limit", "10"},          {"x-tag", "a"},   {"X-TAG", "b"},
      {"X-Free", "free"},         {"X-Bad", "bad"}, {"Cookie", "theme=dark; n=5;; =odd ; lonely; quoted=\"q\""},
      {"cookie", "n=6; more=m=m"}};
  Asked asked("/items/{id}/{name}/{gap}/x",
              "path-parameters: { id: { type: integer }, gap: { allowEmptyValue: true, type: string } }, "
              "headers: { X-Limit: { type: integer }, X-Tag: { type: array }, X-Bad: { type: integer }, X-Default: { "
              "default: d }, X-Need: { required: true } }, "
              "cookies: { n: { type: integer }, gone: { type: string, default: g }, theme: { enum: [light] } }",
              request);
  EXPECT_EQ(asked.values->path().dump(), "{\"id\":5,\"gap\":\"\",\"name\":\"\u00e4/\"}");
  EXPECT_EQ(asked.values->cookies().dump(),
            R"({"theme":"dark","n":5,"":"odd","quoted":"\"q\"","more":"m=m","gone":"g"})");
  EXPECT_EQ(asked.values->headers().typed.dump(), R"({"x-limit":10,"x-tag":["a","b"],"x-bad":"bad","x-default":"d"})");
  EXPECT_EQ(*asked.values->headers().fields->find("x-free"), "free");
  EXPECT_EQ(
      asked.invalid(),
      "X-Bad header: must be an integer; X-Need header: is required; n cookie: must be given once, is given 2 times; "
      "theme cookie: must be \"light\", is \"dark\"");
  EXPECT_EQ(asked.values->invalid()[0].dump(),
            R"({"name":"X-Bad","in":"header","value":"bad","reason":"must be an integer"})");
  EXPECT_EQ(asked.values->invalid()[1].dump(),
            R"({"name":"X-Need","in":"header","value":null,"reason":"is required"})");
}

TEST(RequestValues, Bodies) {
  const char* both =
      "body: { required: true, content: { application/json: { type: object, required: [a], properties: { a: { type: "
      "integer } } }, "
      "text/csv: { type: string, maxLength: 3 } } }";
  const struct {
    const char* declared;
    const char* type;  ///< nullptr: no Content-Type
    const char* body;
    const char* value;  ///< "absent": none
    const char* invalid;
  } rows[] = {
      {"", "application/json", R"({"b":1,"a":[]})", R"({"b":1,"a":[]})", ""},
      {"", "application/problem+json; charset=utf-8", "[1]", "[1]", ""},
      {"", "text/plain", "[1]", "\"[1]\"", ""},
      {"", nullptr, "[1]", "\"[1]\"", ""},
      {"", "application/json", "", "absent", ""},
      {"", "application/json", "{", "absent", ""},
      {"", "application/json", "null", "null", ""},
      {both, "application/json", R"({"a":5})", R"({"a":5})", ""},
      {both, "Application/JSON;charset=utf-8", R"({"a":5})", R"({"a":5})", ""},
      {both, "application/json", R"({"a":"x"})", R"({"a":"x"})", "body body: /a must be an integer, is \"x\""},
      {both, "application/json", "{}", "{}", "body body: must be an object with \"a\", is one without"},
      {both, "application/json", "{", "absent",
       "body body: is not JSON: at byte 2: unexpected end of input; expected string literal"},
      {both, "application/json", "", "absent", "body body: is required"},
      {both, "text/csv", "a,b", "\"a,b\"", ""},
      {both, "text/csv", "a,b,c", "\"a,b,c\"", "body body: must be at most 3 characters long, is 5"},
      {both, "text/html", "<p>", "\"<p>\"", "body body: has the content type text/html, which is not accepted"},
      {both, nullptr, "x", "\"x\"", "body body: has the content type application/octet-stream, which is not accepted"},
      {"body: { content: { application/json: {} } }", nullptr, "", "absent", ""},
      {"body: { content: { '*/*': { type: string } } }", "x/y", "z", "\"z\"", ""},
      {"body: { required: true }", "x/y", "z", "\"z\"", ""},
      {"body: { required: true }", nullptr, "", "absent", "body body: is required"},
  };
  for (const auto& row : rows) {
    http::Request request{"GET", "/a", {}, row.body};
    if (row.type != nullptr) request.headers.add("Content-Type", row.type);
    Asked asked("/a", row.declared, request);
    const Json* body = asked.values->body();
    EXPECT_EQ(body == nullptr ? "absent" : body->dump(), row.value) << row.declared << " " << row.body;
    EXPECT_EQ(asked.invalid(), row.invalid) << row.declared << " " << row.body;
  }
}

TEST(RequestValues, Credentials) {
  const std::string schemes =
      "security: { query: { type: apiKey, in: query, name: key }, header: { type: apiKey, in: header, name: X-Key }, "
      "cookie: { type: apiKey, in: cookie, name: sid }, bearer: { type: http, scheme: bearer }, basic: { type: http, "
      "scheme: basic } }";
  const struct {
    const char* security;
    const char* query;
    http::Headers headers;
    const char* credential;  ///< nullptr: none
  } rows[] = {
      {"query", "key=a%20b", {}, "a b"},
      {"query", "", {}, nullptr},
      {"query", "key=", {}, ""},
      {"query", "KEY=a", {}, nullptr},
      {"query", "key=a&key=b", {}, "a"},
      {"header", "key=a", {{"x-key", "h"}}, "h"},
      {"header", "", {{"X-Other", "h"}}, nullptr},
      {"cookie", "", {{"Cookie", "a=b; sid=c"}}, "c"},
      {"cookie", "", {{"Cookie", "asid=c"}}, nullptr},
      {"bearer", "", {{"Authorization", "Bearer t0k"}}, "t0k"},
      {"bearer", "", {{"authorization", "bEARER   t0k "}}, "t0k"},
      {"bearer", "", {{"Authorization", "Basic t0k"}}, nullptr},
      {"bearer", "", {{"Authorization", "Bearer"}}, nullptr},
      {"bearer", "", {{"Authorization", "Bearer "}}, ""},
      {"bearer", "", {{"Authorization", "Bearert0k"}}, nullptr},
      {"bearer", "", {{"Authorization", ""}}, nullptr},
      {"basic", "", {{"Authorization", "Basic dTpw"}}, "dTpw"},
      {"[bearer, query]", "key=q", {}, "q"},
      {"[bearer, query]", "key=q", {{"Authorization", "Bearer b"}}, "b"},
      {"[query, bearer]", "key=q", {{"Authorization", "Bearer b"}}, "q"},
      {"none", "key=q", {{"Authorization", "Bearer b"}}, nullptr},
  };
  for (const auto& row : rows) {
    Asked asked("/a", "", {"GET", std::string("/a?") + row.query, row.headers, ""}, schemes,
                std::string("security: ") + row.security);
    const auto& credential = asked.values->credential();
    EXPECT_EQ(credential.has_value(), row.credential != nullptr) << row.security << " ?" << row.query;
    if (credential && row.credential != nullptr) {
      EXPECT_EQ(*credential, row.credential) << row.security;
    }
  }
}

TEST(RequestValues, FactsForSelection) {
  http::Request request{"POST",
                        "/a?q=1&q=2&r",
                        {{"X-A", "1"}, {"x-a", "2"}, {"Cookie", "c=1; c=2"}, {"Content-Type", "application/json"}},
                        R"({"s":"t","n":5,"f":1.5,"b":true,"z":null,"l":[1],"o":{}})"};
  Asked asked("/a", "", request);
  using contract::Place;
  const struct {
    Place in;
    const char* name;
    const char* value;
  } rows[] = {
      {Place::query, "q", "1"},      {Place::query, "r", ""},       {Place::query, "s", nullptr},
      {Place::header, "x-A", "1"},   {Place::header, "x", nullptr}, {Place::cookie, "c", "1"},
      {Place::cookie, "d", nullptr}, {Place::body, "s", "\"t\""},   {Place::body, "n", "5"},
      {Place::body, "f", "1.5"},     {Place::body, "b", "true"},    {Place::body, "z", "null"},
      {Place::body, "l", nullptr},   {Place::body, "o", nullptr},   {Place::body, "x", nullptr},
      {Place::path, "a", nullptr},
  };
  for (const auto& row : rows) {
    const auto value = asked.values->value(row.in, row.name);
    EXPECT_EQ(value.value_or("none"), row.value == nullptr ? "none" : row.value) << row.name;
  }
  EXPECT_EQ(asked.values->names(Place::query), (std::vector<std::string>{"q", "q", "r"}));
  EXPECT_EQ(asked.values->names(Place::header), (std::vector<std::string>{"x-a", "x-a", "cookie", "content-type"}));
  EXPECT_EQ(asked.values->names(Place::cookie), (std::vector<std::string>{"c", "c"}));
  EXPECT_EQ(asked.values->names(Place::body).size(), 7u);
  EXPECT_EQ(asked.values->names(Place::path).size(), 0u);
}

TEST(RequestValues, TellsOfTheRequest) {
  Asked with_host("/a", "", {"GET", "/a?x=%20y", {{"Host", "h:1"}}, ""});
  EXPECT_EQ(with_host.values->request().dump(),
            R"({"method":"GET","path":"/a","target":"/a?x=%20y","url":"http://h:1/a?x=%20y"})");
  Asked without("/a", "", {"GET", "/a", {}, ""});
  EXPECT_EQ(without.values->request().at("url"), "http://localhost/a");
}

TEST(RequestValues, HostileRequestsAreRead) {
  std::string many = "/a?";
  for (int i = 0; i < 2'000; ++i) many += "k" + std::to_string(i) + "=v&p=1&";
  std::string cookies;
  for (int i = 0; i < 5'000; ++i) cookies += "; ;=;==;c=" + std::string(3, '=');
  std::string deep = std::string(100'000, '[');
  Asked asked(
      "/a",
      "query: { p: { type: array, items: { type: integer }, maxItems: 3 } }, cookies: { c: {} }, body: { content: { "
      "application/json: { type: object } } }",
      {"GET",
       many,
       {{"Cookie", cookies}, {"Content-Type", "application/json"}, {"Authorization", std::string(100'000, ' ')}},
       deep});
  EXPECT_EQ(asked.values->query().size(), 2'001u);
  EXPECT_EQ(asked.values->query().at("p").size(), 2'000u);
  EXPECT_EQ(asked.values->body(), nullptr);
  EXPECT_EQ(asked.invalid(),
            "p query: must be at most 3 items long, is 2000; c cookie: must be given once, is given 5000 times; "
            "body body: is not JSON: nested deeper than 256 levels");
  Asked commas("/a", "query: { p: { type: array, explode: false } }",
               {"GET", "/a?p=" + std::string(50'000, ','), {}, ""});
  EXPECT_EQ(commas.values->query().at("p").size(), 50'001u);
}

}  // namespace
}  // namespace counterpart::engine

#include "engine/contract/router.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "engine/http/message.h"
#include "engine/http/url.h"

namespace counterpart::contract {
namespace {

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> result;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (end > 0) result.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

Place place_of(char letter) {
  return letter == 'q' ? Place::query : letter == 'h' ? Place::header : letter == 'c' ? Place::cookie : Place::body;
}

/// "name GET /a/{b}/{c?} either q:type=kill h:X=1 c:s=1 b:f=\"1\"": {c?} may be empty, the rest are `const` parameters.
Operation operation(std::string_view text) {
  const std::vector<std::string> parts = words(text);
  Operation made;
  made.id = parts[0];
  made.method = parts[1];
  made.path = parts[2];
  // A '?' would begin a query.
  std::string path = parts[2];
  std::replace(path.begin(), path.end(), '?', '!');
  const auto target = http::parse_target(path);
  for (const std::string& segment : target->segments) {
    const bool parameter = segment.size() > 1 && segment[0] == '{';
    const bool empty = parameter && segment[segment.size() - 2] == '!';
    made.segments.push_back(
        {parameter, empty, parameter ? segment.substr(1, segment.size() - (empty ? 3 : 2)) : segment});
  }
  for (size_t i = 3; i < parts.size(); ++i) {
    if (parts[i] == "either") {
      made.either_slash = true;
      continue;
    }
    const size_t equals = parts[i].find('=');
    Parameter parameter;
    parameter.in = place_of(parts[i][0]);
    parameter.name = parts[i].substr(2, equals - 2);
    const std::string value = parts[i].substr(equals + 1);
    parameter.literal = parameter.in == Place::body ? Json::parse(value) : Json(value);
    made.parameters.push_back(std::move(parameter));
  }
  return made;
}

/// What a request "GET /a/b q:type=kill" has.
class Given : public Facts {
 public:
  explicit Given(const std::vector<std::string>& parts) {
    for (size_t i = 2; i < parts.size(); ++i) {
      const size_t equals = parts[i].find('=');
      facts_.push_back({place_of(parts[i][0]), parts[i].substr(2, equals - 2), parts[i].substr(equals + 1)});
    }
  }
  std::optional<std::string_view> value(Place in, std::string_view name) override {
    ++asked;
    for (const Fact& fact : facts_) {
      if (fact.in == in && (in == Place::header ? http::equal_ignoring_case(fact.name, name) : fact.name == name))
        return fact.value;
    }
    return std::nullopt;
  }
  std::vector<std::string> names(Place in) override {
    std::vector<std::string> names;
    for (const Fact& fact : facts_) {
      if (fact.in == in) names.push_back(in == Place::header ? http::lower_case(fact.name) : fact.name);
    }
    return names;
  }
  size_t asked = 0;

 private:
  struct Fact {
    Place in;
    std::string name, value;
  };
  std::vector<Fact> facts_;
};

struct Table {
  std::vector<Operation> operations;
  Router router;
  std::string ties;

  explicit Table(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      operations.push_back(operation(text));
      if (const auto tie = router.add(operations.back(), operations.size() - 1))
        ties += operations.back().id + "=" + operations[*tie].id + " ";
    }
    router.finish();
  }

  Router::Match match(std::string_view request, size_t* asked = nullptr) const {
    const std::vector<std::string> parts = words(request);
    Given facts(parts);
    auto match = router.find(parts[0], http::parse_target(parts[1])->segments, facts);
    if (asked != nullptr) *asked = facts.asked;
    return match;
  }
  /// The operation's name; else "405 GET,POST" for a known path with its methods, or "404".
  std::string find(std::string_view request) const {
    const Router::Match found = match(request);
    if (found.operation) return operations[*found.operation].id;
    if (!found.path_known) return "404";
    std::string methods = "405";
    for (const std::string_view method : found.methods)
      methods += (methods.size() == 3 ? " " : ",") + std::string(method);
    return methods;
  }
};

struct Row {
  const char* request;
  const char* found;
};

void expect(const std::vector<std::string>& operations, const std::vector<Row>& rows) {
  const Table table(operations);
  EXPECT_EQ(table.ties, "");
  for (const Row& row : rows) EXPECT_EQ(table.find(row.request), row.found) << row.request;
}

TEST(Router, MoreLiteralBeatsLessLiteral) {
  expect({"any GET /a/{x}", "me GET /a/me", "both GET /{x}/{y}", "left GET /a/{y}/c", "right GET /{x}/b/c",
          "deep GET /a/b/c/{z}", "root GET /"},
         {
             {"GET /a/me", "me"},
             {"GET /a/you", "any"},
             {"GET /b/you", "both"},
             {"GET /a/b/c", "left"},  // the leftmost difference decides
             {"GET /z/b/c", "right"},
             {"GET /a/b/c/d", "deep"},
             {"GET /", "root"},
             {"GET /a", "404"},
             {"GET /a/b/c/d/e", "404"},
             {"GET //you", "404"},
             {"GET /a/me%2Fx", "any"},  // an encoded slash is no separator
             {"GET /A/me", "both"},
             {"GET /a/%6de", "me"},
         });
}

TEST(Router, GoesBackWhereALiteralLeadsNowhere) {
  expect({"deep GET /a/b/c", "wide GET /{x}/{y}/d", "post POST /a/b", "get GET /{x}/b", "typed GET /t/x q:k=1",
          "rest GET /{p}/x"},
         {
             {"GET /a/b/c", "deep"},
             {"GET /a/b/d", "wide"},
             {"GET /a/b", "get"},
             {"POST /a/b", "post"},
             {"PUT /a/b", "405 POST,GET"},
             {"GET /t/x q:k=1", "typed"},
             {"GET /t/x q:k=2", "rest"},
             {"GET /a/b/e", "404"},
         });
}

TEST(Router, SlashAtTheEnd) {
  expect({"strict GET /strict", "slash GET /slash/", "either GET /either either", "either2 GET /either2/ either",
          "e3 GET /both either", "s3 GET /both/", "p GET /p/{x} either", "o GET /o/{x?}", "oo GET /o either",
          "root GET / either"},
         {
             {"GET /strict", "strict"}, {"GET /strict/", "404"},     {"GET /slash", "404"},
             {"GET /slash/", "slash"},  {"GET /either", "either"},   {"GET /either/", "either"},
             {"GET /either//", "404"},  {"GET /either2", "either2"}, {"GET /either2/", "either2"},
             {"GET /both", "e3"},       {"GET /both/", "s3"},  // exactly as written beats either
             {"GET /p/1", "p"},         {"GET /p/1/", "p"},          {"GET /p/", "404"},
             {"GET /p//", "404"},       {"GET /o/1", "o"},           {"GET /o", "oo"},
             {"GET /o/", "oo"},         {"GET /", "root"},
         });
}

TEST(Router, AnEmptySegmentMatchesOnlyWhatMayBeEmpty) {
  expect({"filled GET /a/{x}", "empty GET /b/{x?}", "c1 GET /c/{x}", "c2 GET /c/{x?}", "middle GET /d/{x?}/e"},
         {
             {"GET /a/", "404"},
             {"GET /a/1", "filled"},
             {"GET /b/", "empty"},
             {"GET /b/1", "empty"},
             {"GET /b", "404"},
             {"GET /c/", "c2"},
             {"GET /c/1", "c1"},
             {"GET /d//e", "middle"},
             {"GET /d/1/e", "middle"},
         });
}

TEST(Router, Methods) {
  expect({"get GET /a", "post POST /a", "head HEAD /b", "bget GET /b", "kill DELETE /a/{id}", "opt OPTIONS /c",
          "const GET /d q:t=1"},
         {
             {"HEAD /a", "get"},
             {"HEAD /b", "head"},
             {"PUT /a", "405 GET,POST"},
             {"get /a", "405 GET,POST"},
             {"HEAD /a/1", "405 DELETE"},
             {"OPTIONS /a", "405 GET,POST"},
             {"OPTIONS /c", "opt"},
             {"GET /d q:t=1", "const"},
             {"HEAD /d q:t=1", "const"},
             {"GET /d", "405 GET"},
             {"POST /d q:t=1", "405 GET"},
             {"POST /e", "404"},
         });
}

TEST(Router, ConstParametersTellOperationsApart) {
  expect({"kill GET /a q:type=kill", "list GET /a q:type=list", "kill_all GET /a q:type=kill q:all=1", "rest GET /a",
          "version GET /a h:X-Version=2", "cookie GET /a c:beta=1", "empty GET /a q:type=", "p1 POST /a b:kind=\"x\"",
          "p2 POST /a b:kind=1", "p3 POST /a b:kind=true b:n=null", "p4 POST /a b:kind=\"x\" q:type=kill"},
         {
             {"GET /a q:type=kill", "kill"},
             {"GET /a q:type=list", "list"},
             {"GET /a q:type=kill q:all=1", "kill_all"},
             {"GET /a q:type=kill q:all=2", "kill"},
             {"GET /a q:all=1", "rest"},
             {"GET /a q:type=other", "rest"},
             {"GET /a q:Type=kill", "rest"},
             {"GET /a q:type=KILL", "rest"},
             {"GET /a q:type=list q:type=kill", "list"},  // the first, when repeated
             {"GET /a q:type=", "empty"},
             {"GET /a h:x-version=2", "version"},
             {"GET /a c:beta=1", "cookie"},
             {"GET /a c:beta=0", "rest"},
             // As many: the first written wins, whatever places they stand at.
             {"GET /a h:X-Version=2 q:type=list", "list"},
             {"GET /a h:X-Version=2 c:beta=1", "version"},
             {"POST /a b:kind=\"x\"", "p1"},
             {"POST /a b:kind=1", "p2"},
             {"POST /a b:kind=true b:n=null", "p3"},
             {"POST /a b:kind=true", "405 GET,POST"},
             {"POST /a b:kind=x", "405 GET,POST"},
             {"POST /a b:kind=\"x\" q:type=kill", "p4"},
         });
}

TEST(Router, OfAsManyConstsTheFirstWrittenWins) {
  expect({"a1 GET /a q:a=1", "b1 GET /a q:b=1", "a2 GET /a q:a=2"}, {{"GET /a q:a=1 q:b=1", "a1"},
                                                                     {"GET /a q:a=2 q:b=1", "b1"},
                                                                     {"GET /a q:b=1 q:a=2", "b1"},
                                                                     {"GET /a q:a=2", "a2"}});
  std::vector<std::string> many{"last GET /a q:z=1"};  // the same once there are too many kinds to try them all
  for (int i = 0; i < 50; ++i) {
    many.push_back("n" + std::to_string(i) + " GET /a q:n" + std::to_string(i) + "=1");
    many.push_back("h" + std::to_string(i) + " GET /a h:X-H" + std::to_string(i) + "=1");
  }
  many.insert(many.end(), {"two GET /a q:n1=1 q:n2=1", "none GET /a", "n0b GET /a q:n0=2"});
  expect(many, {{"GET /a q:n1=1", "n1"},
                {"GET /a q:n2=1 q:n1=1", "two"},
                {"GET /a q:n7=1 q:n3=1", "n3"},
                {"GET /a q:n0=2 q:n3=1", "n3"},
                {"GET /a q:n0=2 q:n0=2 q:n0=2", "n0b"},
                {"GET /a q:z=1 q:n3=1", "last"},
                {"GET /a h:X-H5=1", "h5"},
                {"GET /a h:x-h5=1", "h5"},
                {"GET /a h:x-H5=1 q:n9=1", "h5"},
                {"GET /a q:n1=2", "none"},
                {"GET /a", "none"},
                {"HEAD /a q:n1=1", "n1"},
                {"PUT /a q:n1=1", "405 GET"}});
}

TEST(Router, TiesAreFound) {
  const struct {
    std::vector<std::string> operations;
    const char* ties;
  } rows[] = {
      {{"a GET /x", "b GET /x"}, "b=a "},
      {{"a GET /x", "b POST /x"}, ""},
      {{"a GET /x/{p}", "b GET /x/{q}"}, "b=a "},
      {{"a GET /x/{p}", "b GET /x/{q?}"}, ""},
      {{"a GET /x/{p?}", "b GET /x/{q?}"}, "b=a "},
      {{"a GET /x q:t=1", "b GET /x q:t=2"}, ""},
      {{"a GET /x q:t=1", "b GET /x q:t=1"}, "b=a "},
      {{"a GET /x q:t=1", "b GET /x"}, ""},
      {{"a GET /x q:t=1 q:u=1", "b GET /x q:u=1 q:t=1"}, "b=a "},
      {{"a GET /x q:t=1", "b GET /x h:t=1"}, ""},
      {{"a GET /x h:T=1", "b GET /x h:t=1"}, "b=a "},
      {{"a GET /x q:T=1", "b GET /x q:t=1"}, ""},
      {{"a GET /x q:t=11 q:u=1", "b GET /x q:t=1 q:u=11"}, ""},
      {{"a GET /x q:t=1 q:u=", "b GET /x q:t= q:u=1"}, ""},
      {{"a GET /x either", "b GET /x"}, "b=a "},
      {{"a GET /x", "b GET /x either"}, "b=a "},
      {{"a GET /x either", "b GET /x/ either"}, "b=a "},
      {{"a GET /x either", "b GET /x/"}, ""},
      {{"a GET /x", "b GET /x/"}, ""},
      {{"a GET /x either q:t=1", "b GET /x either q:t=1"}, "b=a "},
      {{"a GET /x", "b GET /%78"}, "b=a "},
      {{"a POST /x b:k=1", "b POST /x b:k=\"1\""}, ""},
      {{"a GET /x", "b GET /y", "c GET /x", "d GET /x"}, "c=a d=a "},
  };
  for (const auto& row : rows)
    EXPECT_EQ(Table(row.operations).ties, row.ties) << row.operations[0] << " and " << row.operations[1];
}

TEST(Router, OverlappingPathsAreFound) {
  const struct {
    const char* first;
    const char* second;
    bool overlap;
  } rows[] = {
      {"a GET /x", "b POST /x", true},
      {"a GET /x", "b GET /y", false},
      {"a GET /x/{p}", "b GET /x/y", true},
      {"a GET /x/y", "b GET /x/{p}", true},
      {"a GET /x/{p}", "b GET /{q}/y", true},
      {"a GET /x/{p}", "b GET /{q}/y/z", false},
      {"a GET /x/{p}", "b GET /{q}", false},
      {"a GET /{p}/a/{q}", "b GET /b/{r}/{s}", true},
      {"a GET /{p}/a/c", "b GET /b/{r}/d", false},
      {"a GET /x/{p}", "b GET /x/", false},
      {"a GET /x/{p?}", "b GET /x/", true},
      {"a GET /x/", "b GET /x/{p}", false},
      {"a GET /x/", "b GET /x/{p?}", true},
      {"a GET /x", "b GET /x/", false},
      {"a GET /x either", "b GET /x/", true},
      {"a GET /x/", "b GET /x either", true},
      {"a GET /x", "b GET /x/ either", true},
      {"a GET /x/ either", "b GET /x", true},
      {"a GET /x either", "b GET /x either", true},
      {"a GET /x either", "b GET /x/{p}", false},
      {"a GET /x either", "b GET /x/{p?}", true},
      {"a GET /x/{p?}", "b GET /x either", true},
      {"a GET /x/{p}", "b GET /x either", false},
      {"a GET /x/{p} either", "b GET /x/y/", true},
      {"a GET /x/y/", "b GET /x/{p} either", true},
      {"a GET /", "b GET /", true},
      {"a GET /", "b GET /{p}", false},
      {"a GET /", "b GET /{p?}", true},
      {"a GET /x q:t=1", "b GET /x q:t=2", true},
  };
  for (const auto& row : rows) {
    const Table table({row.first});
    EXPECT_EQ(table.router.overlapping(operation(row.second)).has_value(), row.overlap)
        << row.first << " and " << row.second;
  }
  const Table table({"a GET /p", "b GET /q/{x}", "c GET /r"});
  EXPECT_EQ(table.router.overlapping(operation("z GET /q/1")), 1u);
}

/// Ten thousand operations, on as many paths, on one path by one parameter, and by as many parameters: the right one
/// is found, and what is asked of the request does not grow with them.
TEST(Router, CostsTheRequestAndNotTheOperations) {
  constexpr int count = 10'000;
  std::vector<std::string> paths, types, names, pairs;
  for (int i = 0; i < count; ++i) {
    const std::string n = std::to_string(i);
    paths.push_back("o" + n + " GET /api/v1/resource" + n + "/{id}");
    types.push_back("o" + n + " GET /api q:type=t" + n);
    names.push_back("o" + n + " GET /api q:name" + n + "=1");
    pairs.push_back("o" + n + " GET /api q:a" + std::to_string(i / 100) + "=1 q:b" + std::to_string(i % 100) + "=1");
  }
  const Table by_path(paths), by_type(types), by_name(names), by_pair(pairs);
  EXPECT_EQ(by_path.ties + by_type.ties + by_name.ties + by_pair.ties, "");
  for (int i = 0; i < count; i += 7) {
    const std::string n = std::to_string(i);
    ASSERT_EQ(by_path.find("GET /api/v1/resource" + n + "/5"), "o" + n);
    ASSERT_EQ(by_type.find("GET /api q:x=1 q:type=t" + n), "o" + n);
    ASSERT_EQ(by_name.find("GET /api q:x=1 q:name" + n + "=1"), "o" + n);
    ASSERT_EQ(by_pair.find("GET /api q:a" + std::to_string(i / 100) + "=1 q:b" + std::to_string(i % 100) + "=1"),
              "o" + n);
  }
  EXPECT_EQ(by_path.find("GET /api/v1/resource10000/5"), "404");
  EXPECT_EQ(by_type.find("GET /api q:type=t10000"), "405 GET");
  EXPECT_EQ(by_name.find("GET /api q:name9999=2"), "405 GET");
  size_t asked = 0;
  by_path.match("GET /api/v1/resource9999/5", &asked);
  EXPECT_EQ(asked, 0u);
  by_type.match("GET /api q:type=t9999", &asked);
  EXPECT_EQ(asked, 1u);
  by_name.match("GET /api q:name9999=1", &asked);
  EXPECT_EQ(asked, 1u);
  by_pair.match("GET /api q:a99=1 q:b99=1", &asked);
  EXPECT_LE(asked, 200u);
  std::string repeated = "GET /api";
  for (int i = 0; i < 3000; ++i) repeated += " q:a5=1";
  by_pair.match(repeated, &asked);
  EXPECT_LE(asked, 200u) << "a repeated parameter is tried once";
}

TEST(Router, FactTextIsWhatRequestsShow) {
  EXPECT_EQ(fact_text(Place::query, "a\"b"), "a\"b");
  EXPECT_EQ(fact_text(Place::query, 5), "5");
  EXPECT_EQ(fact_text(Place::query, true), "true");
  EXPECT_EQ(fact_text(Place::body, "a\"b"), "\"a\\\"b\"");
  EXPECT_EQ(fact_text(Place::body, 5), "5");
  EXPECT_EQ(fact_text(Place::body, nullptr), "null");
}

}  // namespace
}  // namespace counterpart::contract

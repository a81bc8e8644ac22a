// What expressions mean: values, collections, helpers, libraries, sessions.

#include "engine/expression/interpreter.h"

#include "engine/expression/method_calls.h"
#include "engine/expression/test_bench.h"

namespace counterpart::expression {
namespace {

struct Row {
  const char* code;
  const char* value;
};

struct InterpreterTest : testing::Test {
  Bench bench;

  InterpreterTest() {
    bench.values["body"] = Bench::Json::parse(R"({
      "null": null, "empty_list": [], "empty_map": {}, "yes": true, "no": false,
      "list": [1, 2.5, "x", null, [], {"z": 1, "a": 2}], "max": 9223372036854775807, "min": -9223372036854775808,
      "past": 9223372036854775808, "zero": 0, "float": 0.1, "whole": 2.0, "text": "\u00e4\u20ac\"\\\n", "deep": {"b": {"a": [[{}]]}},
      "insert": "a field", "where": 1})");
    bench.values["name"] = "ada";
    bench.values["flag"] = true;
    bench.values["nothing"] = nullptr;
    bench.collect(
        "sessions", {"owner"}, "",
        R"([{"id":"b","owner":"x","n":2},{"id":"a","owner":"x","n":1},{"id":"c","owner":"y","n":3},{"id":"d","n":2}])");
    bench.collect(
        "ranked", {"owner"}, "n",
        R"([{"id":1,"n":30,"owner":"x"},{"id":2,"n":10,"owner":"y"},{"id":3,"n":20,"owner":"x"},{"id":4,"n":10,"owner":"x"}])");
    bench.collect("methods", {}, "", R"([{"id":"insert","v":1},{"id":"where","v":2},{"id":"all","v":3}])");
  }

  void expect(const std::vector<Row>& rows) {
    for (const Row& row : rows) EXPECT_EQ(bench.value(row.code), row.value) << row.code;
  }
  /// Each row's statements run on a state of its own; then the value.
  struct Change {
    const char* statements;
    const char* code;
    const char* value;
  };
  void expect_changes(const std::vector<Change>& rows) {
    const auto before = bench.collections;
    for (const Change& row : rows) {
      bench.collections = before;
      EXPECT_EQ(bench.after(row.statements, row.code), row.value) << row.statements << "\n" << row.code;
      for (const auto& [name, collection] : bench.collections) EXPECT_TRUE(collection.consistent()) << row.statements;
    }
  }
};

TEST_F(InterpreterTest, ValuesComeOutAsTheyWentIn) {
  const auto& body = bench.values["body"];
  EXPECT_EQ(bench.value("body"), document::write_json(body));
  for (const auto& [name, value] : body.items()) {
    EXPECT_EQ(bench.value("body[\"" + name + "\"]"),
              name == "past" ? "9.223372036854776e+18" : document::write_json(value))
        << name;
    EXPECT_EQ(bench.value("{v = body[\"" + name + "\"]}"), name == "past" || name == "null"
                                                               ? bench.value("{v = body[\"" + name + "\"]}")
                                                               : "{\"v\":" + document::write_json(value) + "}");
  }
  expect({
      {"{v = body.null}", R"({"v":null})"},
      {"body.absent", "null"},
      {"nil", "null"},
      {"null", "null"},
      {"{}", "{}"},
      {"list()", "[]"},
      {"list{}", "[]"},
      {"{1, 2}", "[1,2]"},
      {"{b = 1, a = 2}", R"({"a":2,"b":1})"},
      {"{list(), {}, list{3}, list(4, 5)}", "[[],{},[3],[4,5]]"},
      {"9223372036854775807", "9223372036854775807"},
      {"math.mininteger", "-9223372036854775808"},
      {"body.max + 0", "9223372036854775807"},
      {"body.max == 9223372036854775807", "true"},
      {"1", "1"},
      {"1.0", "1.0"},
      {"1e300", "1e+300"},
      {"0.1", "0.1"},
      {"10 / 4", "2.5"},
      {"10 // 4", "2"},
      {"'\\u{e4}'", "\"\u00e4\""},
      {"'\\xff'", "\"\ufffd\""},
      {"'a\\0b'", "\"a\\u0000b\""},
      {"name", "\"ada\""},
      {"flag", "true"},
      {"nothing", "null"},
      {"nothing == null", "true"},
      {"absent == nil", "true"},
      {"absent", "null"},
      {"not nothing", "false"},  // null is a value; only nil and false are false
      {"body.null == nil", "false"},
      {"body.empty_list == {}", "false"},
      {"body.list == body.list", "true"},
      {"body.deep == body.deep.b", "false"},
      {"#body.list", "6"},
      {"#body.deep", "1"},
      {"body.list[1]", "1"},
      {"body.list[6].a", "2"},
      {"body.list[0]", "null"},
      {"body.list[7]", "null"},
      {"body.list[math.mininteger]", "null"},
      {"body.list.x", "null"},
      {"body.insert", "\"a field\""},
      {"body[1]", "null"},
      {"headers['X-TOKEN']", "\"t1\""},
      {"headers['x-count'] + 1", "8"},
      {"headers['no-such']", "null"},
      {"headers[1]", "null"},
      {"headers", "! headers are not a value: take one of them"},
      {"1/0", "! JSON has no infinity and no NaN"},
      {"-(0/0)", "! JSON has no infinity and no NaN"},
      {"function() end", "! a function is not JSON"},
      {"{f = tostring}", "! a function is not JSON"},
      {"{1, 2, x = 3}", "[1,2]"},
      {"{[1.5] = 1}", "! a table with keys that are neither 1, 2, 3, ... nor text is not JSON"},
      {"{[true] = 1}", "! a table with keys that are neither 1, 2, 3, ... nor text is not JSON"},
      {"{[2] = 1}", "! a table with keys that are neither 1, 2, 3, ... nor text is not JSON"},
      {"body.list.x.y", "! attempt to index a nil value (field 'x')"},
      {"nothing.x", "! attempt to index a userdata value (global 'nothing')"},
  });
  EXPECT_EQ(bench.after("body.x = 1", "1"),
            "! values of the state and of the request are read-only: use update{...} of the collection");
  EXPECT_EQ(bench.after("sessions.b = 1", "1"),
            "! values of the state and of the request are read-only: use update{...} of the collection");
}

TEST_F(InterpreterTest, TextFormIsPlain) {
  const Row rows[] = {
      {"name", "ada"},    {"nil", ""},         {"null", "null"},
      {"1", "1"},         {"1.5", "1.5"},      {"true", "true"},
      {"'a\"b'", "a\"b"}, {"'\\xff'", "\xff"}, {"body.list[6]", R"({"z":1,"a":2})"},
      {"{}", "{}"},       {"absent", ""},      {"body.max", "9223372036854775807"},
  };
  for (const Row& row : rows) EXPECT_EQ(bench.text(row.code), row.value) << row.code;
}

TEST_F(InterpreterTest, ReadsCollections) {
  expect({
      {"sessions.b", R"({"id":"b","owner":"x","n":2})"},
      {"sessions['a'].n", "1"},
      {"sessions.e", "null"},
      {"sessions[nil]", "null"},
      {"sessions[null]", "null"},
      {"sessions[1]", "null"},
      {"sessions[{}]", "null"},
      {"sessions[body]", "null"},
      {"ranked[1].n", "30"},
      {"ranked[1.0].n", "30"},
      {"ranked['1']", "null"},
      {"#sessions", "4"},
      // Names of methods are keys like any other.
      {"methods['insert'].v", "1"},
      {"methods.where.v", "2"},
      {"methods['all'].v", "3"},
      {"sessions.insert", "null"},
      {"sessions['where']", "null"},
      {"#methods:all()", "3"},
      {"map(sessions:all(), function(s) return s.id end)", R"(["b","a","c","d"])"},
      {"map(sessions, function(s) return s.id end)", R"(["b","a","c","d"])"},
      {"sessions:all()[2].id", "\"a\""},
      {"sessions:all()[0]", "null"},
      {"sessions:all()[5]", "null"},
      {"sessions:all().x", "null"},
      {"#sessions:where{owner = 'x'}", "2"},
      {"sessions:where{owner = 'x'}[2].id", "\"a\""},
      {"sessions:where{owner = 'z'}", "[]"},
      {"sessions:where{owner = null}[1].id", "\"d\""},
      {"sessions:where{n = 2}[2].id", "\"d\""},
      {"sessions:where{n = 2.0}[2].id", "\"d\""},
      {"#sessions:where{n = '2'}", "0"},
      {"sessions:where{owner = 'x', n = 1}[1].id", "\"a\""},
      {"#sessions:where{owner = 'x', n = 3}", "0"},
      {"#sessions:where{missing = null}", "4"},
      {"#sessions:where{owner = list('x')}", "0"},
      {"#sessions:where{owner = {}}", "0"},
      {"sessions:first{owner = 'x'}.id", "\"b\""},
      {"sessions:first{n = 3}.id", "\"c\""},
      {"sessions:first{n = 4}", "null"},
      {"sessions:count{owner = 'x'}", "2"},
      {"sessions:count{n = 2}", "2"},
      {"sessions:count{owner = 'x', n = 2}", "1"},
      {"sessions:where{}", "! expected fields to look for, as in {field = value}; a nil value leaves its field out"},
      {"sessions:where{owner = nil}",
       "! expected fields to look for, as in {field = value}; a nil value leaves its field out"},
      {"sessions:where()", "! expected fields to look for, as in {field = value}; a nil value leaves its field out"},
      {"sessions:where('x')", "! expected fields to look for, as in {field = value}; a nil value leaves its field out"},
      {"sessions:where{'x'}", "! expected fields to look for, as in {field = value}; a nil value leaves its field out"},
      {"sessions:where{[true] = 1}", "! a field to look for has a name"},
      {"sessions:first{}", "! expected fields to look for, as in {field = value}; a nil value leaves its field out"},
      {"sessions:count{}", "! expected fields to look for, as in {field = value}; a nil value leaves its field out"},
      {"sessions:wher{owner = 'x'}", "! attempt to call a nil value (method 'wher')"},
      {"body:where{a = 1}", "! only collections have a method \"where\""},
      {"range(3):all()", "! only collections have a method \"all\""},
      {"sessions:upper()", "! only collections have a method \"upper\""},
      {"sessions:all():where{n = 1}", "! this list is not a collection: only collections have that method"},
      {"name:where{n = 1}", "! text has no such method"},
  });
}

TEST_F(InterpreterTest, OrdersLists) {
  const std::string ids = "map(%, function(s) return s.id end)";
  const Row rows[] = {
      {"ranked", "[2,4,3,1]"},
      {"ranked:all()", "[2,4,3,1]"},
      {"ranked:order_by('n')", "[2,4,3,1]"},
      {"ranked:order_by('n', 'asc')", "[2,4,3,1]"},
      {"ranked:order_by('n', 'desc')", "[1,3,4,2]"},
      {"ranked:order_by('n', 'desc'):order_by('n')", "[2,4,3,1]"},
      {"ranked:where{owner = 'x'}:order_by('n', 'desc')", "[1,3,4]"},
      {"ranked:where{owner = 'x', n = 10}:order_by('n', 'desc')", "[4]"},
      {"ranked:order_by('id')", "[1,2,3,4]"},
      {"ranked:order_by('id', 'desc')", "[4,3,2,1]"},
      {"ranked:order_by('owner')", "[4,3,1,2]"},
      {"ranked:order_by('owner', 'desc')", "[2,1,3,4]"},
      {"ranked:order_by('nothing')", "[2,4,3,1]"},
      {"ranked:order_by('nothing', 'desc')", "[1,3,4,2]"},
      {"page(ranked:order_by('n', 'desc'), 1, 2):order_by('n')", "[3,1]"},
      {"page(ranked:order_by('n', 'desc'), 2, 2):order_by('n', 'desc')", "[2,4]"},
      {"sessions:order_by('n')", R"(["a","b","d","c"])"},
      {"sessions:order_by('n', 'desc')", R"(["c","d","b","a"])"},
      {"sessions:order_by('owner')", R"(["d","b","a","c"])"},
      {"ranked:order_by('n', 'down')", "! order_by expects \"asc\" or \"desc\""},
      {"ranked:order_by()", "! bad argument #1 to '?' (string expected, got no value)"},
  };
  for (const Row& row : rows) {
    std::string code = ids;
    EXPECT_EQ(bench.value(code.replace(code.find('%'), 1, row.code)), row.value) << row.code;
  }
}

TEST_F(InterpreterTest, CutsPages) {
  bench.collect("many", {"half"}, "", "[]");
  for (int i = 1; i <= 1500; ++i)
    bench.collections.at("many").insert({{"id", i}, {"half", i <= 750 ? "low" : "high"}, {"odd", i % 2 == 1}});
  bench.values["numbers"] = {1, 2, 3, 4, 5};
  const std::string ids = "map(%, function(s) return type(s) == 'map' and s.id or s end)";
  const Row rows[] = {
      {"page(many, 1, 3)", "[1,2,3]"},
      {"page(many, 500, 3)", "[1498,1499,1500]"},
      {"page(many, 501, 3)", "[]"},
      {"page(many, 172, 3)", "[514,515,516]"},
      {"page(many, 75, 20)[20]", "! expected a list, got a map"},
      {"page(many:all(), 1, 2)", "[1,2]"},
      {"page(many:where{half = 'high'}, 1, 2)", "[751,752]"},
      {"page(many:where{half = 'high'}, 375, 2)", "[1499,1500]"},
      {"page(many:where{half = 'high'}, 376, 2)", "[]"},
      {"page(many:where{odd = true}, 2, 2)", "[5,7]"},
      {"page(many:where{odd = true}, 375, 2)", "[1497,1499]"},
      {"page(many:where{odd = true}, 376, 2)", "[]"},
      {"page(many:order_by('id', 'desc'), 1, 2)", "[1500,1499]"},
      {"page(page(many, 2, 100), 3, 2)", "[105,106]"},
      {"page(page(many, 15, 100), 34, 3)", "[1500]"},
      {"page(many, 1, 9223372036854775807)[1]", "! expected a list, got a map"},
      {"{#page(many, 1, 9223372036854775807)}", "[1500]"},
      {"page(many, 9223372036854775807, 1)", "[]"},
      {"page(many, 9223372036854775807, 9223372036854775807)", "[]"},
      {"page(many, 2, 9223372036854775807)", "[]"},
      {"page(numbers, 2, 2)", "[3,4]"},
      {"page(numbers, 3, 2)", "[5]"},
      {"page(numbers, 4, 2)", "[]"},
      {"page(numbers, 9223372036854775807, 2)", "[]"},
      {"page({10, 20, 30}, 2, 2)", "[30]"},
      {"page(list(), 1, 2)", "[]"},
      {"page(range(100), 50, 2)", "[99,100]"},
      {"page(range(9007199254740992), 4503599627370496, 2)", "[9007199254740991,9007199254740992]"},
      {"page(many, 0, 3)", "! page(list, number, size) counts from 1, got 0 and 3"},
      {"page(many, -9223372036854775807, 3)",
       "! page(list, number, size) counts from 1, got -9223372036854775807 and 3"},
      {"page(many, 1, 0)", "! page(list, number, size) counts from 1, got 1 and 0"},
      {"page(many, 1.5, 1)", "! bad argument #2 to 'page' (number has no integer representation)"},
      {"page(many, nil, 1)", "! bad argument #2 to 'page' (number expected, got nil)"},
      {"page(body, 1, 1)", "! expected a list, got a map"},
      {"page(nil, 1, 1)", "! expected a list, got nil"},
      {"page(null, 1, 1)", "! expected a list, got null"},
      {"page('text', 1, 1)", "! expected a list, got string"},
  };
  for (const Row& row : rows) {
    std::string code = ids;
    EXPECT_EQ(bench.value(code.replace(code.find('%'), 1, row.code)), row.value) << row.code;
  }
}

TEST_F(InterpreterTest, ChangesCollections) {
  const std::vector<Change> rows{
      {"r = sessions:insert{id = 'e', owner = 'y'}", "{r, #sessions, sessions.e.owner, #sessions:where{owner = 'y'}}",
       R"([{"id":"e","owner":"y"},5,"y",2])"},
      {"sessions:insert{id = 1}; sessions:insert{id = '1'}", "#sessions", "6"},
      {"sessions:insert(sessions:first{id = 'a'})", "1", "! sessions already has an item with the key \"a\""},
      {"ranked:insert{id = 1.0}", "1", "! ranked already has an item with the key 1.0"},
      {"sessions:insert{owner = 'x'}", "1", "! an item of sessions needs its key \"id\""},
      {"sessions:insert{id = null}", "1", "! an item of sessions needs its key \"id\""},
      {"sessions:insert{id = {}}", "1", "! the key \"id\" of sessions must be a scalar"},
      {"sessions:insert('x')", "1", "! an item of sessions must be a map, this is text"},
      {"sessions:insert()", "1", "! an item of sessions must be a map, this is null"},
      {"sessions:insert(body.list)", "1", "! an item of sessions must be a map, this is a list"},
      {"r = sessions:update('a', {n = 9, more = {1}})", "{r, sessions.a == r}",
       R"([{"id":"a","owner":"x","n":9,"more":[1]},true])"},
      {"sessions:update('a', {owner = 'y'})", "{#sessions:where{owner = 'x'}, sessions:where{owner = 'y'}[1].id}",
       R"([1,"a"])"},
      {"sessions:update('a', {id = 'z'})", "{sessions.a, sessions.z.n, sessions:all()[2].id}", R"([null,1,"z"])"},
      {"sessions:update('a', {id = 'b'})", "1", "! the new key is that of another item of sessions"},
      {"sessions:update('a', {id = null})", "1", "! an item of sessions needs its key \"id\""},
      {"r = sessions:update('zz', {n = 1})", "r == nil", "true"},
      {"r = sessions:update({}, {n = 1})", "r == nil", "true"},
      {"sessions:update('a', 'n')", "1", "! update(key, {...}) expects a map of the fields to change"},
      {"sessions:update('a', {1})", "1", "! update(key, {...}) expects a map of the fields to change"},
      {"sessions:update('a', {})", "sessions.a.n", "1"},
      {"ranked:update(2, {n = 99})", "ranked:all()[4].id", "2"},
      {"r = {sessions:remove('a'), sessions:remove('a'), sessions:remove(nil), sessions:remove{}}", "{r, #sessions}",
       "[[1,0,0,0],3]"},
      {"r = sessions:remove_where{owner = 'x'}", "{r, #sessions}", "[2,2]"},
      {"r = sessions:remove_where{owner = 'x', n = 1}", "{r, #sessions}", "[1,3]"},
      {"r = sessions:remove_where{n = 77}", "{r, #sessions}", "[0,4]"},
      {"sessions:remove_where{}", "1",
       "! expected fields to look for, as in {field = value}; a nil value leaves its field out"},
      {"r = sessions:remove_if(function(s) return s.n >= 2 end)", "{r, #sessions, sessions.a.n}", "[3,1,1]"},
      {"r = sessions:remove_if(function() end)", "{r, #sessions}", "[0,4]"},
      {"sessions:remove_if(function(s) sessions:remove(s.id) end)", "1", "! only `do` may change the state"},
      {"sessions:remove_if('x')", "1", "! bad argument #1 to '?' (function expected, got string)"},
      {"r = sessions:replace({{id = 'p', n = 1}, {id = 'q', owner = 'z'}}, {owner = 'x'})",
       "{r, #sessions, sessions.p, sessions.q.owner, #sessions:where{owner = 'x'}}",
       R"([2,4,{"id":"p","n":1,"owner":"x"},"x",2])"},
      {"r = sessions:replace(list(), {owner = 'x'})", "{r, #sessions}", "[0,2]"},
      {"sessions:replace({1}, {owner = 'x'})", "1", "! an item of sessions must be a map, this is a number"},
      {"sessions:replace({{id = 'c'}}, {owner = 'x'})", "1", "! sessions already has an item with the key \"c\""},
      {"sessions:replace(1, {owner = 'x'})", "1", "! expected a list, got number"},
      {"sessions:replace(list(), {})", "1",
       "! expected fields to look for, as in {field = value}; a nil value leaves its field out"},
      {"for i = 1, 600 do sessions:insert{id = i, owner = 'x'} end; r = sessions:remove_where{owner = 'x'}",
       "{r, #sessions}", "[602,2]"},
      {"local v = sessions:all(); v:insert{id = 1}", "1",
       "! this list is not a collection: only collections have that method"},
  };
  expect_changes(rows);
}

TEST_F(InterpreterTest, OnlyStatementsChangeTheState) {
  for (const char* code : {"sessions:insert{id = 'e'}", "sessions:update('a', {n = 2})", "sessions:remove('a')",
                           "sessions:remove_where{n = 1}", "sessions:remove_if(function() return true end)",
                           "sessions:replace(list(), {n = 1})"}) {
    EXPECT_EQ(bench.value(code), "! only `do` may change the state");
  }
  EXPECT_EQ(bench.after("function change() sessions:remove('a') end", "change()"), "! only `do` may change the state");
  const SnippetId bad = bench.add("sessions:remove('b'); error_here.x = 1", true);
  const SnippetId change = bench.add("sessions:remove('a')");
  Session session(bench.interpreter(), bench);
  EXPECT_THROW(session.run(bad), Error);
  EXPECT_THROW(session.test(change), Error) << "a failed `do` leaves no permission behind";
  EXPECT_EQ(bench.collections.at("sessions").size(), 3u);
}

TEST_F(InterpreterTest, ListsAreSnapshots) {
  const std::string ids = "map(v, function(s) return s.id end)";
  const std::vector<Change> rows{
      {"v = sessions:all(); sessions:remove('a')", ids.c_str(), R"(["b","a","c","d"])"},
      {"v = sessions:all(); sessions:insert{id = 'e'}", ids.c_str(), R"(["b","a","c","d"])"},
      {"v = sessions:all(); sessions:update('a', {n = 9})", "v[2].n", "1"},
      {"v = sessions.a; sessions:update('a', {n = 9})", "{v.n, sessions.a.n}", "[1,9]"},
      {"v = sessions.a; sessions:remove('a')", "v.n", "1"},
      {"v = sessions:where{owner = 'x'}; sessions:remove_where{owner = 'x'}", ids.c_str(), R"(["b","a"])"},
      {"v = sessions:where{n = 2}; sessions:remove('b')", ids.c_str(), R"(["b","d"])"},
      {"v = page(sessions, 2, 2); sessions:remove_if(function() return true end)", ids.c_str(), R"(["c","d"])"},
      {"v = ranked:order_by('n', 'desc'); ranked:remove(1)", ids.c_str(), "[1,3,4,2]"},
      {"v = page(ranked:order_by('n', 'desc'), 2, 2); ranked:remove(1); ranked:update(3, {n = 0})", ids.c_str(),
       "[4,2]"},
      {"v = page(ranked:where{owner = 'x'}:order_by('n', 'desc'), 1, 2); ranked:replace(list(), {owner = 'x'})",
       ids.c_str(), "[1,3]"},
      {"v = sessions:all(); sessions:replace(v, {owner = 'x'})", "1",
       "! sessions already has an item with the key \"c\""},
      {"v = sessions:where{owner = 'x'}; sessions:replace(v, {owner = 'x'})", ids.c_str(), R"(["b","a"])"},
      {"for _, s in ipairs(sessions:all()) do sessions:remove(s.id) end", "#sessions", "0"},
      {"v = sessions:all(); w = v:order_by('n'); sessions:remove('a')", "{#v, #w, w[1].id}", R"([4,4,"a"])"},
      {"v = sessions:all(); ranked:remove(1)", "#v", "4"},
  };
  expect_changes(rows);
}

TEST_F(InterpreterTest, Helpers) {
  expect({
      {"map({1, 2}, function(x) return x * 2 end)", "[2,4]"},
      {"map(list(), function(x) return x end)", "[]"},
      {"map({1, 2, 3}, function(x) if x ~= 2 then return x end end)", "[1,null,3]"},
      {"map(body.list, function(x) return type(x) end)", R"(["number","number","string","null","list","map"])"},
      {"map(range(3), tostring)", R"(["1","2","3"])"},
      {"map(1, tostring)", "! expected a list, got number"},
      {"map({}, 1)", "! bad argument #2 to 'map' (function expected, got number)"},
      {"filter({1, 2, 3}, function(x) return x ~= 2 end)", "[1,3]"},
      {"filter(range(10), function(x) return x > 10 end)", "[]"},
      {"filter(sessions, function(s) return s.n == 2 end)[2].id", "\"d\""},
      {"filter(body, function() end)", "! expected a list, got a map"},
      {"find(sessions, {n = 3}).id", "\"c\""},
      {"find(sessions, {n = 4})", "null"},
      {"find({{a = 1}, {a = 2, b = 3}}, {a = 2}).b", "3"},
      {"find({5, 6}, 6)", "6"},
      {"find(body.list, null)", "null"},
      {"find(sessions, {})", "! expected fields to look for, as in {field = value}; a nil value leaves its field out"},
      {"contains(sessions, {id = 'a'})", "true"},
      {"contains(sessions:where{owner = 'y'}, {id = 'a'})", "false"},
      {"contains(body.list, 2.5)", "true"},
      {"contains(body.list, 'y')", "false"},
      {"contains(body.list, null)", "true"},
      {"contains(body.list, {a = 2})", "true"},
      {"contains(body.list, body.list[6])", "true"},
      {"contains(range(10), 10)", "true"},
      {"contains(range(10), 11)", "false"},
      {"contains('text', 't')", "! expected a list, got string"},
      {"matches('abc', 'b')", "true"},
      {"matches('abc', '^b')", "false"},
      {"matches('\\u{e4}', '^.$')", "true"},
      {"matches(nil, 'b')", "false"},
      {"matches(5, '5')", "false"},
      {"matches('a', '(')", "! RE2 cannot take this pattern: missing ): ("},
      {"matches('a', '(?=a)')", "! RE2 cannot take this pattern: invalid perl operator: (?="},
      {"matches('a', nil)", "! bad argument #2 to 'matches' (string expected, got nil)"},
      {"matches('a', '((a{1000}){1000}){1000}')", "! RE2 cannot take this pattern: invalid repetition size: {1000}"},
      {"ceil(1.2)", "2"},
      {"ceil(-1.2)", "-1"},
      {"ceil(9223372036854775807)", "9223372036854775807"},
      {"ceil(1e300)", "1e+300"},
      {"floor(1.8)", "1"},
      {"floor(-1.2)", "-2"},
      {"floor('3.5')", "3"},
      {"floor(nil)", "! bad argument #1 to 'floor' (number expected, got nil)"},
      {"min(3, 1, 2)", "1"},
      {"min(1, 1.0)", "1"},
      {"max(3, 10, 2)", "10"},
      {"max(1.5, 1)", "1.5"},
      {"min()", "! bad argument #1 to 'min' (number expected, got no value)"},
      {"max(1, 'x')", "! bad argument #2 to 'max' (number expected, got string)"},
      {"iso(0)", "\"1970-01-01T00:00:00.000Z\""},
      {"iso(1710513000005)", "\"2024-03-15T14:30:00.005Z\""},
      {"iso(9223372036854775807)", "! iso(ms): the year is not between 0 and 9999"},
      {"iso(-9223372036854775807)", "! iso(ms): the year is not between 0 and 9999"},
      {"iso(1.5)", "! bad argument #1 to 'iso' (number has no integer representation)"},
      {"epoch_ms('2024-03-15T14:30:00Z')", "1710513000000"},
      {"epoch_ms(iso(12345))", "12345"},
      {"epoch_ms('yesterday')", "! epoch_ms(text) expects an RFC 3339 date-time, as in 2024-03-15T14:30:00Z"},
      {"epoch_ms(5)", "! bad argument #1 to 'epoch_ms' (string expected, got number)"},
      {"matches(uuid(), '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$')", "true"},
      {"uuid() == uuid()", "false"},
      {"random_int(5, 5)", "5"},
      {"matches(tostring(random_int(1, 3)), '^[123]$')", "true"},
      {"math.type(random_int(math.mininteger, math.maxinteger))", "\"integer\""},
      {"random_int(2, 1)", "! random_int(a, b) expects a <= b"},
      {"#random_text(20)", "20"},
      {"random_text(5, 'a')", "\"aaaaa\""},
      {"random_text(0)", "\"\""},
      {"random_text(4097)", "! random_text(n, alphabet) expects n from 0 to 4096 and some characters"},
      {"random_text(-1)", "! random_text(n, alphabet) expects n from 0 to 4096 and some characters"},
      {"random_text(1, '')", "! random_text(n, alphabet) expects n from 0 to 4096 and some characters"},
      {"range(3)", "[1,2,3]"},
      {"range(2, 4)", "[2,3,4]"},
      {"range(0)", "[]"},
      {"range(3, 1)", "[]"},
      {"#range(-9007199254740992, 9007199254740992)", "18014398509481985"},
      {"range(-9007199254740992, 9007199254740992)[1]", "-9007199254740992"},
      {"#range(9223372036854775807, 0)", "0"},
      {"#range(0, math.mininteger)", "0"},
      {"range(9007199254740993)", "! range goes from -2^53 to 2^53"},
      {"range(math.mininteger, 0)", "! range goes from -2^53 to 2^53"},
      {"list(nil, 1)", "[null,1]"},
      {"list({}, {})", "[{},{}]"},
      {"list{a = 1}", "[]"},
  });
}

TEST_F(InterpreterTest, Libraries) {
  expect({
      {"string.sub('hello', 2, 3)", "\"el\""},
      {"('hello'):sub(-3)", "\"llo\""},
      {"name:upper()", "\"ADA\""},
      {"string.lower('ABC')", "\"abc\""},
      {"name:len()", "3"},
      {"#name", "3"},
      {"name:rep(2, '-')", "\"ada-ada\""},
      {"('x'):rep(0)", "\"\""},
      {"('x'):rep(-5)", "\"\""},
      {"string.rep('ab', 524288):len()", "1048576"},
      {"string.rep('ab', 524289)", "! string.rep would make more than 1 MiB"},
      {"string.rep('', 9223372036854775807)", "! string.rep would make more than 1 MiB"},
      {"string.rep('x', 2, string.rep('y', 1048576))", "! string.rep would make more than 1 MiB"},
      {"string.format('%03d|%s|%5.1f|%%|%x|%q', 7, 'a', 2.25, 255, 'q')", R"("007|a|  2.2|%|ff|\"q\"")"},
      {"string.format('%s %s %s %s', nil, null, body.deep, {1})", R"("nil null {\"b\":{\"a\":[[{}]]}} [1]")"},
      {"string.format('%d', 1.5)", "! bad argument #2 to 'string.format' (number has no integer representation)"},
      {"string.format('%s')", "! bad argument #2 to 'string.format' (no value)"},
      {"('%d'):format(3)", "\"3\""},
      {"'a' .. 1 .. 2.0", "\"a12.0\""},
      {"'a' < 'b'", "true"},
      {"'1' == 1", "false"},
      {"table.concat({1, 2, 'c'}, ', ')", "\"1, 2, c\""},
      {"table.concat(list(), ',')", "\"\""},
      {"table.concat({{}}, ',')", "! invalid value (table) at index 1 in table for 'concat'"},
      {"table.concat(body.list, ',')", "! bad argument #1 to 'concat' (table expected, got counterpart.object)"},
      {"{table.unpack({1, 2, 3})}", "[1,2,3]"},
      {"table.unpack({1, 2, 3}, 2, 2)", "2"},
      {"math.floor(2.5) + math.max(1, 2) + math.abs(-3)", "7"},
      {"math.tointeger(3.0)", "3"},
      {"math.type(1.0)", "\"float\""},
      {"math.maxinteger", "9223372036854775807"},
      {"math.huge > 1", "true"},
      {"math.ult(1, -1)", "true"},
      {"math.fmod(7, 3)", "1"},
      {"math.sqrt(9)", "3.0"},
      {"tostring(nil) .. tostring(true) .. tostring(1.0)", "\"niltrue1.0\""},
      {"tostring(null)", "\"null\""},
      {"tostring(body.deep)", R"("{\"b\":{\"a\":[[{}]]}}")"},
      {"tostring({b = 1, a = list()})", R"("{\"a\":[],\"b\":1}")"},
      {"tostring(tostring)", "\"function\""},
      {"tostring(sessions:where{owner = 'y'})", R"("[{\"id\":\"c\",\"owner\":\"y\",\"n\":3}]")"},
      {"tonumber('12')", "12"},
      {"tonumber('0x1f')", "31"},
      {"tonumber('z', 36)", "35"},
      {"tonumber('x')", "null"},
      {"type(nil)", "\"nil\""},
      {"type(null)", "\"null\""},
      {"type(1)", "\"number\""},
      {"type('')", "\"string\""},
      {"type({})", "\"map\""},
      {"type({1})", "\"list\""},
      {"type(list())", "\"list\""},
      {"type(body)", "\"map\""},
      {"type(body.empty_list)", "\"list\""},
      {"type(sessions)", "\"list\""},
      {"type(sessions:all())", "\"list\""},
      {"type(range(1))", "\"list\""},
      {"type(headers)", "\"map\""},
      {"type(type)", "\"function\""},
      {"type()", "! bad argument #1 to 'type' (value expected)"},
  });
  const std::vector<Change> rows{
      {"t = {}; table.insert(t, 'a'); table.insert(t, 1, 'b')", "t", R"(["b","a"])"},
      {"t = list(); table.insert(t, {})", "t", "[{}]"},
      {"table.insert(body.list, 1)", "1", "! bad argument #1 to 'insert' (table expected, got counterpart.object)"},
      {"t = {}; for i, x in ipairs(body.list) do t[i] = type(x) end", "t",
       R"(["number","number","string","null","list","map"])"},
      {"t = 0; for i, s in ipairs(sessions) do t = t + i * s.n end", "t", "21"},
      {"t = 0; for _, i in ipairs(range(3, 5)) do t = t + i end", "t", "12"},
      {"t = ''; for k, v in pairs(body.list[6]) do t = t .. k .. v end", "t", "\"z1a2\""},
      {"t = ''; for k, v in pairs{c = 1, a = 2, b = 3} do t = t .. k .. v end", "t", "\"a2b3c1\""},
      {"t = ''; for k, v in pairs{'x', 'y'} do t = t .. k .. v end", "t", "\"1x2y\""},
      {"t = 0; for _ in pairs{} do t = t + 1 end", "t", "0"},
      {"for _ in pairs(nil) do end", "1", "! pairs expects a map or a list, got nil"},
      {"for _ in pairs(5) do end", "1", "! pairs expects a map or a list, got number"},
      {"for _ in pairs(headers) do end", "1", "! headers are not a value: take one of them"},
      {"for _ in ipairs(body) do end", "1", "! expected a list, got a map"},
      {"local next_one = ipairs{}; t = {next_one({1}, math.maxinteger), next_one({1}, math.mininteger), next_one({1}, "
       "-1)}",
       "#t", "0"},
      {"local next_one = pairs{a = 1}; next_one()", "1", "! attempt to index a string value"},
  };
  expect_changes(rows);
}

TEST_F(InterpreterTest, TheOrderOfPairsNeverVaries) {
  const char* code =
      "t = {}; for i = 1, 200 do t['k' .. i * 7919 % 1000] = i end; s = ''; for k in pairs(t) do s = s .. k .. ' ' end";
  const std::string first = bench.after(code, "s");
  Bench other;
  EXPECT_EQ(other.after("pad = {}; for i = 1, 999 do pad[i] = {} end; " + std::string(code), "s"), first);
}

TEST_F(InterpreterTest, TheSameSeedGivesTheSameRandomValues) {
  const char* code = "{uuid(), random_int(1, 1000000), random_text(12), random_text(3, 'xyz'), uuid()}";
  Bench same, different;
  different.numbers.next();
  const std::string first = bench.value(code);
  EXPECT_EQ(same.value(code), first);
  EXPECT_NE(different.value(code), first);
  EXPECT_NE(bench.value(code), first) << "the sequence goes on";
}

TEST_F(InterpreterTest, NamesAreFoundOrExplained) {
  bench.let("double", "single * 2");
  bench.let("single", "21");
  bench.let("one", "two");
  bench.let("two", "three");
  bench.let("three", "one");
  bench.let("self", "self + 1");
  bench.let("owner_count", "#sessions:where{owner = 'x'}");
  bench.let("clean_up", "sessions:remove_where{owner = 'x'}");
  expect({
      {"double", "42"},
      {"double + double", "84"},
      {"one", "! the let \"one\" needs itself"},
      {"self", "! the let \"self\" needs itself"},
      {"sesions", "! nothing is named \"sesions\", did you mean \"sessions\"?"},
      {"strin", "! nothing is named \"strin\", did you mean \"string\"?"},
      {"qqqqqq", "! nothing is named \"qqqqqq\""},
      {"clean_up", "! only `do` may change the state"},
  });
  EXPECT_EQ(bench.after("gone = sessions:first{id = 'no'}; set = 1; set = nil", "{gone == nil, set == nil}"),
            "[true,true]")
      << "a name is known once it was assigned, be it nil";
  EXPECT_EQ(
      bench.after("before = owner_count; sessions:remove('a')", "{before, owner_count, #sessions:where{owner = 'x'}}"),
      "[2,2,1]")
      << "a let is evaluated once in a session";
}

TEST_F(InterpreterTest, NothingSurvivesASession) {
  const Change rows[] = {
      {"kept = 1", "kept", "! nothing is named \"kept\""},
      {"kept = body", "kept", "! nothing is named \"kept\""},
      {"kept = sessions:all()", "kept", "! nothing is named \"kept\""},
      {"function kept() return 1 end", "kept()", "! nothing is named \"kept\""},
      {"page = 1", "#page(sessions, 1, 2)", "2"},
      {"string = {sub = 1}", "string.sub('abc', 2)", "\"bc\""},
      {"name = 'eve'", "name", "\"ada\""},
      {"_ENV.kept = 1", "kept", "! nothing is named \"kept\""},
      {"for i = 1, 5000 do _ENV['n' .. i] = body end", "n1", "! nothing is named \"n1\""},
  };
  for (const Change& row : rows) {
    bench.after(row.statements, "1");
    EXPECT_EQ(bench.value(row.code), row.value) << row.statements;
  }
  // Snippets are compiled once: what they did to their own _ENV must not be there the next time.
  const SnippetId swap = bench.add("seen = _ENV.kept; _ENV = {kept = body}", true);
  const SnippetId look = bench.add("seen");
  for (int i = 0; i < 3; ++i) {
    Session session(bench.interpreter(), bench);
    EXPECT_THROW(session.run(swap), Error) << "nothing is named kept, in any session";
  }
  const SnippetId counter = bench.add("n = (function() x = 1; _ENV = {x = x + 1, n = 0}; return x end)()", true);
  for (int i = 0; i < 3; ++i) {
    Session session(bench.interpreter(), bench);
    session.run(counter);
    EXPECT_THROW(session.value(look), Error);
  }
  for (const char* code :
       {"string.sub = 1", "math.pi = 3", "table.x = 1", "string.new = tostring", "table.insert(string, 1)"}) {
    EXPECT_EQ(bench.after(code, "1"), "! the libraries cannot be changed") << code;
  }
}

TEST_F(InterpreterTest, ErrorsSayWhere) {
  bench.let("broken", "1 +\n nil", 40);
  bench.let("fine", "1", 50);
  const Row rows[] = {
      {"x = nil + 1", "c.yaml:10:1 attempt to perform arithmetic on a nil value"},
      {"x = 1\ny = 2\nz = nil + 1", "c.yaml:12 attempt to perform arithmetic on a nil value"},
      {"local function f()\n  return nil .. 'x'\nend\n\nf()", "c.yaml:11 attempt to concatenate a nil value"},
      {"x = 1\nx = sessins", "c.yaml:11 nothing is named \"sessins\", did you mean \"sessions\"?"},
      {"x = 1\nsessions:insert(1)", "c.yaml:11 an item of sessions must be a map, this is a number"},
      {"x = 1\nx =\n\ntable.concat({{}})", "c.yaml:13 invalid value (table) at index 1 in table for 'concat'"},
      {"x = 1\nx = string.format('%d', 'x')",
       "c.yaml:11 bad argument #2 to 'string.format' (number expected, got string)"},
      {"x = 1\nx = map({1}, function(i)\n return i.x.y\nend)", "c.yaml:12 attempt to index a number value (local 'i')"},
      {"x = 1\nx = map({1}, string.upper)\ny = map({{}}, string.upper)",
       "c.yaml:12 bad argument #1 to 'string.upper' (string expected, got table)"},
      {"x = 1\nwhile true do\n x = 2 end", "c.yaml:12 used more than its 10000000 instructions"},
      {"x = 1\nx = map(range(1000000000),\nfunction() end)", "c.yaml:11 used more than its 16 MiB of memory"},
      {"x = 1\nx = filter(range(1000000000),\nfunction() end)", "c.yaml:11 used more than its 10000000 instructions"},
      {"local f\nf = function()\n return 1 + f() end\nf()", "c.yaml:12 used more than its 16 MiB of memory"},
      {"x = 1\nx = broken", "c.yaml:40:1 attempt to perform arithmetic on a nil value"},
      {"x = fine\nx = fine.x.y", "c.yaml:11 attempt to index a number value (global 'fine')"},
      {"x = 1\nx = = 2", "c.yaml:11 unexpected symbol near '='"},
      {"x = 1\nif x then", "c.yaml:11 'end' expected near <eof>"},
      {"x = ", "c.yaml:10:1 unexpected symbol near <eof>"},
      {"return 1", "no error"},
      {"", "no error"},
  };
  for (const Row& row : rows) EXPECT_EQ(bench.place(row.code), row.value) << row.code;
  EXPECT_EQ(bench.place("nil + 1", false), "c.yaml:10:1 attempt to perform arithmetic on a nil value");
  EXPECT_EQ(bench.place("1; x = 2", false), "c.yaml:10:1 <eof> expected near 'x'");
  EXPECT_EQ(bench.place("x = 2", false), "c.yaml:10:1 <eof> expected near '='");
  EXPECT_EQ(bench.place("", false), "no error");
  EXPECT_THROW(bench.interpreter().compile(bench.add("a b")), Error);
  EXPECT_NO_THROW(bench.interpreter().compile(bench.add("a.b")));
}

TEST_F(InterpreterTest, EachBindsElements) {
  const SnippetId outer = bench.add("body.list[6] == nil and {} or {10, 20}");
  const SnippetId inner = bench.add("range(x // 10)", false, 1, {"x", "i"});
  const SnippetId both = bench.add("x + y + i", false, 1, {"x", "i", "y"});
  const SnippetId after = bench.add("x", false, 1, {"x", "i"});
  Session session(bench.interpreter(), bench);
  std::string out;
  session.each(outer, true, [&] {
    session.each(inner, false, [&] {
      session.append_text(both, out);
      out += ' ';
    });
    session.append_text(after, out);
    out += ';';
  });
  EXPECT_EQ(out, "12 10;23 24 20;");
  EXPECT_THROW(session.each(bench.add("body"), false, [] {}), Error);
  EXPECT_THROW(session.each(bench.add("nil"), false, [] {}), Error);
}

TEST_F(InterpreterTest, WhatIsRenderedIsChargedToo) {
  bench.budget.instructions = 1000;
  EXPECT_EQ(bench.guarded([&](Session& session) {
    session.test(bench.add("true"));
    session.charge(500);
    session.charge(1000);
    return std::string("went on");
  }),
            "! used more than its 1000 instructions");
  const SnippetId list = bench.add("range(1000000000)");
  EXPECT_EQ(bench.guarded([&](Session& session) {
    session.each(list, false, [] {});
    return std::string("went on");
  }),
            "! used more than its 1000 instructions");
}

TEST(MethodCalls, AreRewritten) {
  const Row rows[] = {
      {"sessions:where{a = 1}", "sessions \"where\"{a = 1}"},
      {"a:b():where{}", "a:b() \"where\"{}"},
      {"x:all():order_by('n')", "x \"all\"() \"order_by\"('n')"},
      {"s:\n  sub(1)", "s\n   \"sub\"(1)"},
      {"s: sub(1)", "s  \"sub\"(1)"},
      {"x:wherever{}", "x:wherever{}"},
      {"x:all_of()", "x:all_of()"},
      {"x:al()", "x:al()"},
      {"x.where", "x.where"},
      {"x['where']", "x['where']"},
      {"':where'", "':where'"},
      {"\"a\\\":where\"", "\"a\\\":where\""},
      {"'a\\\\':where", "'a\\\\' \"where\""},
      {"[[x:where]]:sub(1)", "[[x:where]] \"sub\"(1)"},
      {"[==[ ]] x:where ]=] ]==] x:sub()", "[==[ ]] x:where ]=] ]==] x \"sub\"()"},
      {"-- x:where\nx:sub()", "-- x:where\nx \"sub\"()"},
      {"--[[ x:where\n x:all ]] x:sub()", "--[[ x:where\n x:all ]] x \"sub\"()"},
      {"--[=[ ]] x:where ]=] x:sub()", "--[=[ ]] x:where ]=] x \"sub\"()"},
      {"--[ x:where\nx:all()", "--[ x:where\nx \"all\"()"},
      {"goto where ::where:: x:all()", "goto where ::where:: x \"all\"()"},
      {":: where ::", ":: where ::"},
      {"a[b[1]]:sub()", "a[b[1]] \"sub\"()"},
      {"t[x]:where{}", "t[x] \"where\"{}"},
      {"'unclosed :where", "'unclosed :where"},
      {"[[unclosed :where", "[[unclosed :where"},
      {"--[[unclosed :where", "--[[unclosed :where"},
      {"--", "--"},
      {"'\\", "'\\"},
      {"[", "["},
      {"[=", "[="},
      {"x:", "x:"},
      {":", ":"},
      {"", ""},
      {"x:where", "x \"where\""},
      {"a:replace(b:where{}, {})", "a \"replace\"(b \"where\"{}, {})"},
  };
  for (const Row& row : rows) EXPECT_EQ(rewrite_method_calls(row.code), row.value) << row.code;
  for (const char* method : {"all", "where", "first", "count", "insert", "update", "remove", "remove_where",
                             "remove_if", "replace", "order_by", "rep", "upper", "lower", "format", "sub", "len"}) {
    EXPECT_TRUE(is_method(method)) << method;
  }
  for (const char* other : {"", "Where", "find", "gsub", "match", "byte"}) EXPECT_FALSE(is_method(other)) << other;
}

}  // namespace
}  // namespace counterpart::expression

// Expressions that are meant to hurt: each must fail, or end, in bounded time and memory, and leave the interpreter as
// it was.

#include <chrono>

#include "engine/expression/test_bench.h"

namespace counterpart::expression {
namespace {

std::string repeated(std::string_view text, size_t times) {
  std::string result;
  result.reserve(text.size() * times);
  for (size_t i = 0; i < times; ++i) result += text;
  return result;
}

struct SandboxTest : testing::Test {
  Bench bench;

  SandboxTest() {
    bench.collect("items", {"owner"}, "n", R"([{"id":1,"n":1,"owner":"x"},{"id":2,"n":2,"owner":"y"}])");
    bench.values["body"] = Bench::Json{{"text", std::string(100'000, 'x')}, {"list", {1, 2, 3}}};
    bench.budget.instructions = 2'000'000;
    bench.budget.memory_bytes = 4u << 20;
    bench.budget.cpu_ms = 500;
  }

  /// The answer to `code`, once what it must not break was seen to work.
  std::string hurt(const std::string& code, bool statements) {
    const auto before = bench.collections;
    const auto start = std::chrono::steady_clock::now();
    const std::string answer = statements ? bench.after(code, "'survived'") : bench.value(code);
    const auto took = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start);
    EXPECT_LT(took.count(), 60) << code.substr(
        0, 200);  // far above the budget of 500 ms: machines differ, endless loops do not
    for (const auto& [name, collection] : bench.collections)
      EXPECT_TRUE(collection.consistent()) << code.substr(0, 200);
    bench.collections = before;
    EXPECT_EQ(bench.value("{1 + 1, #items, items[2].owner, map(items, function(i) return i.n end)}"),
              R"([2,2,"y",[1,2]])")
        << "after " << code.substr(0, 200);
    return answer;
  }
};

constexpr const char* instructions = "! used more than its 2000000 instructions";
constexpr const char* memory = "! used more than its 4 MiB of memory";
constexpr const char* time_spent = "! ran for more than its 500 ms";
constexpr const char* survived = "\"survived\"";

TEST_F(SandboxTest, WhatMustNotExistDoesNot) {
  for (const char* name :
       {"io",       "os",       "require",   "load",           "loadstring",   "loadfile",     "dofile",
        "debug",    "package",  "coroutine", "utf8",           "getmetatable", "setmetatable", "rawset",
        "rawget",   "rawequal", "rawlen",    "collectgarbage", "print",        "error",        "assert",
        "pcall",    "xpcall",   "next",      "select",         "unpack",       "warn",         "_G",
        "_VERSION", "arg",      "getfenv",   "setfenv",        "newproxy",     "module"}) {
    EXPECT_EQ(bench.value(name).find(std::string("! nothing is named \"") + name + "\""), 0u) << name;
    EXPECT_EQ(bench.value(std::string("_ENV.") + name).find("! nothing is named"), 0u) << name;
  }
  for (const char* field :
       {"string.dump", "string.find", "string.gsub", "string.gmatch", "string.match", "string.byte", "string.char",
        "string.pack", "string.unpack", "string.packsize", "string.reverse", "math.random", "math.randomseed",
        "table.sort", "table.move", "table.remove", "table.pack", "string.__index", "('').sub"}) {
    EXPECT_TRUE(bench.value(field) == "null" || bench.value(field).find("! attempt to index a string value") == 0)
        << field;
  }
  for (const char* code :
       {"body.__index", "body.__metatable", "items.__index", "items:all().__len", "null.x", "body.list.__gc"}) {
    const std::string value = bench.value(code);
    EXPECT_TRUE(value == "null" || value[0] == '!') << code << " " << value;
  }
  std::vector<std::string> known = Interpreter::builtin_names();
  for (const std::string& name : known) EXPECT_NE(bench.value(name).find("nothing is named"), 2u) << name;
}

TEST_F(SandboxTest, TheEnvironmentIsTheNamesAndNoMore) {
  const struct {
    const char* code;
    const char* value;
  } rows[] = {
      {"_ENV.string.sub('abc', 2)", "\"bc\""},
      {"_ENV.body.list", "[1,2,3]"},
      {"_ENV[1]", "! nothing is named \"\""},
      {"_ENV[body]", "! nothing is named \"\""},
      {"#_ENV", "0"},
      {"(function() local _ENV = {x = 1}; return x end)()", "1"},
      {"(function() local _ENV = {}; return string end)()", "null"},
      {"(function(_ENV) return list end)(body)", "[1,2,3]"},
      {"_ENV._ENV", "! nothing is named \"_ENV\""},
  };
  for (const auto& row : rows) EXPECT_EQ(bench.value(row.code), row.value) << row.code;
  EXPECT_EQ(
      bench.after("local seen = {}; for k in pairs(_ENV) do seen[#seen + 1] = k end; found = table.concat(seen, ' ')",
                  "found"),
      "\"\"")
      << "nothing was asked for but helpers";
  EXPECT_EQ(bench.after("_ENV[nil] = 1", "1"), "! table index is nil");
}

TEST_F(SandboxTest, NoAddressIsSeen) {
  for (const char* code : {"string.format('%p', body)", "string.format('%s%p', 1, body)",
                           "string.format('%-20p', body)", "string.format('%%%p', {})", "string.format('%.3p', {})"}) {
    EXPECT_EQ(bench.value(code), "! string.format has no %p here: addresses differ from run to run") << code;
  }
  EXPECT_EQ(bench.value("string.format('%%p %d%%', 5)"), "\"%p 5%\"");
  for (const char* code : {"tostring(print_me)", "tostring(function() end)", "tostring(string.sub)", "tostring({})",
                           "tostring(body)", "tostring(null)", "string.format('%s', function() end)",
                           "string.format('%s', tostring)", "string.format('%q', null)"}) {
    EXPECT_EQ(bench.value(code).find("0x"), std::string::npos) << code;
  }
}

TEST_F(SandboxTest, LoopsEnd) {
  const struct {
    const char* code;
    const char* answer;
  } rows[] = {
      {"while true do end", instructions},
      {"repeat until false", instructions},
      {"for i = 1, math.huge do end", instructions},
      {"for i = 1, math.maxinteger do end", instructions},
      {"::again:: goto again", instructions},
      {"local function f() return f() end; f()", instructions},
      {"map(range(9007199254740992), function() return nil end)", memory},
      {"filter(range(9007199254740992), function() return false end)", instructions},
      {"find(range(9007199254740992), 0)", instructions},
      {"contains(range(9007199254740992), {a = 1})", instructions},
      {"for _ in ipairs(range(9007199254740992)) do end", instructions},
      {"page(range(9007199254740992), 1, 9007199254740992)", instructions},
      {"x = {page(range(9007199254740992), 1, 9007199254740992)}", instructions},
      {"x = tostring(range(9007199254740992))", instructions},
      {"x = range(9007199254740992) == range(9007199254740992)", survived},
      {"items:replace(range(9007199254740992), {owner = 'x'})", instructions},
      {"for i = 1, 10000000 do items:insert{id = 'n' .. i} end", instructions},
      {"for i = 1, 10000000 do items:update(1, {n = i}) end", instructions},
      {"for i = 1, 10000000 do local v = items:where{n = 1}; items:update(1, {n = i}) end", instructions},
      {"for i = 1, 10000000 do local v = items:all(); v = v:order_by('id') end", instructions},
      {"items:remove_if(function() while true do end end)", instructions},
      {"while true do matches('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab', '^(a|a)*$') end", instructions},
      {"for i = 1, 10000000 do matches('a', 'a{' .. i % 1000 .. '}') end", instructions},
      {"while true do uuid() end", instructions},
      {"while true do random_text(4096) end", instructions},
      {"for k in pairs(setmetatable) do end", "! nothing is named \"setmetatable\""},
  };
  for (const auto& row : rows) {
    const std::string answer = hurt(row.code, true);
    EXPECT_TRUE(answer == row.answer || answer == time_spent) << row.code << "\n" << answer;
  }
}

TEST_F(SandboxTest, RecursionEnds) {
  bench.let("a1", "a2");
  for (int i = 2; i < 5000; ++i) bench.let("a" + std::to_string(i), "a" + std::to_string(i + 1));
  bench.let("a5000", "1");
  const struct {
    const char* code;
    const char* part;
  } rows[] = {
      {"local function f() return 1 + f() end; f()", "memory"},
      {"local function f(...) return (f(1, ...)) end; f()", ""},
      {"local function f() map({1}, f) end; f()", "C stack overflow"},
      {"local function f() items:remove_if(f) end; f()", ""},
      {"x = a1", "C stack overflow"},
      {"x = tostring((function() local t = {}; for i = 1, 100 do t = {t} end; return t end)())",
       "a table nests too deep, or holds itself"},
      {"t = {}; t.t = t; x = tostring(t)", "a table nests too deep, or holds itself"},
      {"t = list(); table.insert(t, t); items:insert{id = 5, t = t}", "a table nests too deep, or holds itself"},
      {"t = {}; t.t = t; items:where{id = t}", "a table nests too deep, or holds itself"},
      {"t = {}; t.t = t; for k in pairs(t) do end", "a table nests too deep, or holds itself"},
  };
  for (const auto& row : rows) {
    const std::string answer = hurt(row.code, true);
    EXPECT_EQ(answer[0], '!') << row.code << "\n" << answer;
    EXPECT_NE(answer.find(row.part), std::string::npos) << row.code << "\n" << answer;
  }
}

/// Values put around values that are in the state: each step is small, the whole would overflow the stack of
/// whatever walks over it.
TEST_F(SandboxTest, NestingDoesNotGrowThroughTheState) {
  std::string answer;
  for (int request = 0; request < 20 && answer != "! a value nests too deep"; ++request) {
    answer = bench.after("for i = 1, 50 do items:update(1, {v = {v = {v = items[1].v or null}}}) end", "'survived'");
  }
  EXPECT_EQ(answer, "! a value nests too deep");
  EXPECT_EQ(bench.value("#tostring(items[1].v) < 5000"), "true");
  EXPECT_EQ(bench.value("items[1].v == items[1].v"), "true");
}

TEST_F(SandboxTest, MemoryIsBounded) {
  const struct {
    const char* code;
    const char* answer;
  } rows[] = {
      {"s = 'x'; while true do s = s .. s end", memory},
      {"s = ''; while true do s = s .. 'x' end", instructions},
      {"t = {}; for i = 1, 10000000 do t[i] = {} end", memory},
      {"t = {}; for i = 1, 10000000 do t[i] = i end", memory},
      {"t = {}; for i = 1, 10000000 do t['k' .. i] = i end", memory},
      {"for i = 1, 10000000 do _ENV['k' .. i] = i end", memory},
      {"for i = 1, 10000000 do _ENV['k' .. i] = nil end", instructions},
      {"t = {}; for i = 1, 10000000 do t[i] = ('x'):rep(1048576) .. i end", memory},
      {"x = string.rep(string.rep('x', 1048576), 1048576)", "! string.rep would make more than 1 MiB"},
      {"x = string.rep('x', math.maxinteger)", "! string.rep would make more than 1 MiB"},
      {"x = string.rep('', math.maxinteger, '')", "! string.rep would make more than 1 MiB"},
      {"x = string.format('%1000000s', 'x')", "! invalid conversion specification: '%1000000s'"},
      {"x = string.format('%99.99f', 1e300)", survived},
      {"x = table.concat({}, 'x', 1, 9223372036854775807)", "! invalid value (nil) at index 1 in table for 'concat'"},
      {"local t = {}; for i = 1, 100 do t[i] = ('x'):rep(1048576) end; x = table.concat(t)", memory},
      {"local s = ('x'):rep(100000); local t = {}; for i = 1, 1000 do t[i] = s end; x = table.concat(t)", memory},
      {"x = {table.unpack({}, 1, 201)}", "! table.unpack gives at most 200 values"},
      {"x = {table.unpack({}, 1, 200)}", survived},
      {"x = {table.unpack({}, math.mininteger, math.maxinteger)}", "! table.unpack gives at most 200 values"},
      {"x = {table.unpack({}, math.maxinteger, math.mininteger)}", survived},
      {"x = table.unpack(items)", "! bad argument #1 to 'unpack' (table expected, got counterpart.object)"},
      {"x = map(range(10000000), function(i) return {i} end)", memory},
      {"x = random_text(10000000)", "! random_text(n, alphabet) expects n from 0 to 4096 and some characters"},
      // What C++ holds for Lua: copies of texts and of trees.
      {"local s = ('x'):rep(1048576); for i = 1, 1000000 do items:insert{id = 'n' .. i, s = s} end", instructions},
      {"for i = 1, 1000000 do items:insert{id = 'n' .. i, b = body} end", instructions},
      {"for i = 1, 1000000 do items:update(1, {b = body}) end", instructions},
      {"for i = 1, 1000000 do x = {tostring(body)} end", instructions},
      {"t = {}; for i = 1, 100000 do t[i] = body end; x = tostring(t)", instructions},
      {"t = {}; for i = 1, 100000 do t[i] = body end; items:replace(t, {owner = 'x'})", instructions},
      {"for i = 1, 10000000 do find({body}, {text = 'y'}) end", instructions},
  };
  for (const auto& row : rows) {
    const std::string answer = hurt(row.code, true);
    EXPECT_TRUE(answer == row.answer || answer == time_spent) << row.code << "\n" << answer;
  }
}

/// Few instructions, each slow: the clock stops them.
TEST_F(SandboxTest, TimeIsBounded) {
  bench.budget = {1'000'000'000'000, 64u << 20, 200};
  const std::string two_long_texts =
      "local a = ('x'):rep(1048576); a = a .. a .. a .. a; local b = a .. 'y'; a = a .. 'z'; ";
  const std::string many = "local t = {}; for i = 1, 1000 do t[i] = i end; ";
  for (const std::string& code :
       {two_long_texts + "while true do x = a < b end", two_long_texts + "while true do x = a == b end",
        two_long_texts + "while true do x = a:upper() end", many + "while true do table.insert(t, 1, 0) end",
        std::string("while true do items:update(1, {b = body}) end"),
        std::string("while true do find(range(1000), 0) end"), std::string("find(range(9007199254740992), 0)"),
        std::string("while true do end")}) {
    EXPECT_EQ(bench.after(code, "'survived'"), "! ran for more than its 200 ms") << code;
  }
}

/// Source text that is meant to hurt the compiler.
TEST_F(SandboxTest, SourceTextIsBounded) {
  constexpr size_t deep = 8'000;
  constexpr size_t longest = 64u << 10;
  const struct {
    const char* what;
    std::string code;
    bool fails;
  } rows[] = {
      {"parentheses", repeated("(", deep) + "1" + repeated(")", deep), true},
      {"150 parentheses", repeated("(", 150) + "1" + repeated(")", 150), false},
      {"tables", repeated("{", deep) + repeated("}", deep), true},
      {"not", repeated("not ", deep) + "1", true},
      {"minus", repeated("- ", deep) + "1", true},
      {"concatenation", repeated("'' .. ", deep) + "'x'", true},
      {"powers", repeated("2 ^ ", deep) + "1", true},
      {"functions", repeated("function() return ", 2'000) + "1" + repeated(" end", 2'000), true},
      {"calls", repeated("f(", deep) + repeated(")", deep), true},
      {"indexes", repeated("a[", deep) + "1" + repeated("]", deep), true},
      {"unclosed brackets", repeated("[", deep), true},
      {"unclosed long bracket", "[" + repeated("=", deep) + "[", true},
      {"quotes", repeated("'", deep + 1), true},
      {"colons", repeated(":", deep), true},
      {"method calls", "items" + repeated(":all()", deep), true},
      {"much addition", "1" + repeated(" + 1", longest / 4 - 1), false},
      {"many names", "flag" + repeated(" or flag", longest / 8 - 1), false},
      {"a long name", std::string(longest, 'a'), true},
      {"a long text", "#'" + std::string(longest - 3, 'a') + "'", false},
      {"a long comment", "1 --" + std::string(longest - 4, 'a'), false},
      {"a long list", "#{" + repeated("1,", longest / 2 - 2) + "}", false},
      {"nonsense", repeated(std::string_view("\xff\x00\x01", 3), longest / 3), true},
      {"one byte too much", "1 --" + std::string(longest - 3, 'a'), true},
      {"a megabyte", "flag" + repeated(" or flag", 131'072), true},
      {"bytes of a compiled chunk", std::string("\x1bLua\x54\x00\x19\x93\r\n\x1a\n", 12), true},
      {"escape from the expression", "1) x = (2", true},
      {"escape from the return", "1; items:remove(1)", true},
      {"escape from the text", "1\nend\nitems:remove(1)", true},
  };
  bench.values["flag"] = false;
  bench.budget.memory_bytes = 64u << 20;
  for (const auto& row : rows) {
    const std::string answer = hurt(row.code, false);
    EXPECT_EQ(answer[0] == '!', row.fails) << row.what << ": " << answer.substr(0, 300);
    EXPECT_LT(answer.size(), 1000u) << row.what;
  }
  EXPECT_EQ(hurt("::x::" + repeated("do ", deep) + repeated("end ", deep), true)[0], '!');
  EXPECT_EQ(hurt(repeated("if true then ", 3'000) + repeated("end ", 3'000), true)[0], '!');
  EXPECT_EQ(hurt(repeated("local x ", 300), true)[0], '!');
  EXPECT_EQ(bench.value(std::string(70'000, ' ')), "! this is longer than 64 KiB");
}

/// A session that used much leaves nothing that later ones pay for.
TEST_F(SandboxTest, TheNextSessionStartsFresh) {
  bench.budget.memory_bytes = 16u << 20;
  bench.budget.cpu_ms = 60'000;  // sanitizers are slow
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(bench.after("for i = 1, 40000 do _ENV['k' .. i] = i end; x = ('x'):rep(1048576)", "k40000"), "40000");
    EXPECT_EQ(bench.after("local t = {}; for i = 1, 200000 do t[i] = i end", "1"), "1");
  }
  const SnippetId simple = bench.add("1 + 1");
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 2'000; ++i) {
    Session session(bench.interpreter(), bench, bench.budget);
    session.test(simple);
  }
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  EXPECT_LT(took.count(), 1'500) << "an emptied table of 65,536 names is walked over again and again";
}

}  // namespace
}  // namespace counterpart::expression

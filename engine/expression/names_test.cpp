#include "engine/expression/names.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace counterpart::expression {
namespace {

/// "a s.find f() = x": what is read, with `()` behind what only a function reads; then what is assigned.
std::string told(const char* code, std::vector<std::string> locals = {}) {
  const Names names = names_of({code, {}, true, std::move(locals)});
  std::string text;
  for (const NameUse& use : names.uses) {
    EXPECT_EQ(std::string_view(code).substr(use.offset, use.name.size()), use.name);
    if (!use.member.empty()) {
      EXPECT_EQ(std::string_view(code).substr(use.member_offset, use.member.size()), use.member);
    }
    text += (text.empty() ? "" : " ") + use.name + (use.member.empty() ? "" : "." + use.member) +
            (use.in_function ? "()" : "");
  }
  if (!names.assigned.empty()) text += fmt::format(" = {}", fmt::join(names.assigned, " "));
  return text + (names.says_env ? " _ENV!" : "");
}

TEST(Names, ReadAndAssigned) {
  const struct {
    const char* code;
    const char* told;
  } rows[] = {
      {"", ""},
      {"a", "a"},
      {"a.b.c + d['e'].f", "a.b d"},
      {"a..b", "a b"},
      {"a ... b", "a b"},
      {"s:where{ owner = credential, [k] = v, 5; w }", "s credential k v w"},
      {"'a' .. \"b\" .. [[c]] .. [==[d]] e]==] -- f\n.. g --[[ h\n]] .. i", "g i"},
      {"1e5 + 0x1Fp-3 + .5 + 3 ..x", "x"},
      {"0x1e+a", "a"},
      {"true and nil or not false", ""},
      {"a = b", "b = a"},
      {"a, b = c, d", "c d = a b"},
      {"a, t.x, t[k], b = c", "t.x t k c = a b"},
      {"t.x = a", "t.x a"},
      {"a == b", "a b"},
      {"x = a, b\ny = c", "a b c = x y"},
      {"f(a, b)", "f a b"},
      {"local a, b <const>, c = d; return a + b + c", "d"},
      {"local a = a", ""},
      {"for k, v in pairs(t) do n = k .. v end", "pairs t = n"},
      {"for i = 1, m do end", "m"},
      {"map(l, function(x, ...) return x + y end) + z", "map l y() z"},
      {"local function f(n) return f(n - 1) end", ""},
      {"function f(n) return n + m end a = f(1)", "m() f = f a"},
      {"function t.f() return 1 end", "t()"},
      {"l = { f = function() x = 1; y = 2 end, g = z }", "z = l x y"},
      {"if a then b = 1 elseif c then d = 2 else e = 3 end f = 4", "a c = b d e f"},
      {"while a do if b then break end end c = 1", "a b = c"},
      {"repeat a = b until c d = 1", "b c = a d"},
      {"goto done; ::done:: a = 1", " = a"},
      {"string.find(a, 'b') + math.pi", "string.find a math.pi"},
      {"_ENV.x = 1", "_ENV.x _ENV!"},
      {"'unclosed a", ""},
      {"(a", "a"},
      {"a))) = b", "a b"},
      {"end end a = b", "b = a"},
  };
  for (const auto& row : rows) EXPECT_EQ(told(row.code), row.told) << row.code;
  EXPECT_EQ(told("s.id .. i .. other", {"s", "i"}), "other");
}

TEST(Names, LibrariesTellTheirMembers) {
  EXPECT_EQ(library_members("string"), (std::vector<std::string>{"sub", "len", "upper", "lower", "format", "rep"}));
  EXPECT_EQ(library_members("table"), (std::vector<std::string>{"concat", "insert", "unpack"}));
  EXPECT_EQ(library_members("math").size(), 23u);
  EXPECT_TRUE(library_members("os").empty());
}

/// Tokens are looked at a bounded number of times, whatever a file holds.
TEST(Names, LongCodeTakesLittleTime) {
  std::string list = "a", nested;
  for (int i = 0; i < 16'000; ++i) list += ",a";
  for (int i = 0; i < 32'000; ++i) nested += "{";
  EXPECT_EQ(names_of({list, {}, true, {}}).uses.size(), 16'001u);
  EXPECT_TRUE(names_of({nested + "a", {}, true, {}}).assigned.empty());
}

}  // namespace
}  // namespace counterpart::expression

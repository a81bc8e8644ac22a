/// Plain expressions mean what Lua says they mean: everything here is asked of both.
#include "engine/expression/plain.h"

#include <gtest/gtest.h>

#include <array>

#include "engine/expression/test_bench.h"

namespace counterpart::expression {
namespace {

/// Values of every kind. What an expression gives comes as JSON, as text and as a condition.
class World : public Bench {
 public:
  using Bench::Bench;

  World() {
    values = Json::parse(R"({
      "yes": true, "no": false, "zero": 0, "five": 5, "minus": -3, "five_real": 5.0, "half": 2.5, "null_value": null,
      "greatest": 9223372036854775807, "least": -9223372036854775808, "beyond": 18446744073709551615,
      "near_greatest": 9223372036854775808.0, "tiny": -0.0, "huge": 1e300, "text": "a", "empty": "", "digits": "5",
      "quoted": "a\"b\\c\n\u0000\u00e9", "things": [1, "a", null, [true], {"id": "x"}], "no_items": [],
      "fields": {"a": 1, "b": null, "id": "k1", "things": [1, 2], "no": false, "five": 5.0, "insert": "i", "": "nameless"},
      "same_map": {"a": 1}, "other_map": {"a": 1}, "no_fields": {}
    })")
                 .get<std::map<std::string, Json, std::less<>>>();
    collect("items", {}, "", R"([{"id": "k1", "n": 1, "who": null}, {"id": "5", "n": 2}, {"id": 5, "n": 3},
                                 {"id": true, "n": 4}, {"id": 2.5, "n": 5}, {"id": "", "n": 6}])");
    collect("nothing", {}, "", "[]");
    let("item", "items[fields.id]");
    let("same", "item");
    let("chain", "same and same.n or absent");
    let("all", "items");
    let("lua", "tostring(five)");
    let("mixed", "lua == digits and items[lua]");
    let("itself", "itself or five");
    let("broken", "absent.field");
  }

  std::optional<Value> find(std::string_view name) override {
    if (name == "now") return int64_t{1'700'000'000'000} + asked_for_now_++;
    return Bench::find(name);
  }

  enum class As { json, text, condition, value };

  std::string asked(SnippetId id, As as) {
    lent_ = 0;
    Session session(
        program, *this,
        [this]() -> Interpreter& {
          ++lent_;
          return interpreter();
        },
        budget);
    std::string out;
    try {
      if (as == As::json) session.append_json(id, out);
      if (as == As::text) session.append_text(id, out);
      if (as == As::condition) out = session.test(id) ? "holds" : "does not hold";
      if (as == As::value) {
        const Json value = session.value(id);
        out = value.is_string() ? "text " + value.get<std::string>() : document::write_json(value);
      }
    } catch (const Error& error) {
      return error.where().text() + " ! " + error.what();
    }
    return out;
  }

  /// How often the latest session asked for its interpreter.
  int lent() const { return lent_; }
  void restart_time() { asked_for_now_ = 0; }

 private:
  int lent_ = 0;
  int64_t asked_for_now_ = 0;
};

constexpr std::array ways{World::As::json, World::As::text, World::As::condition, World::As::value};

/// The same to Lua, which alone takes comments.
std::string for_lua(const std::string& code) { return code + " --"; }

void expect_the_same(World& world, const std::string& code) {
  const SnippetId plain = world.add(code, false, 7);
  const SnippetId lua = world.add(for_lua(code), false, 7);
  EXPECT_EQ(world.program.plain(lua), nullptr);
  for (const World::As as : ways) {
    world.restart_time();
    const std::string expected = world.asked(lua, as);
    world.restart_time();
    EXPECT_EQ(world.asked(plain, as), expected) << code << ", way " << static_cast<int>(as);
  }
}

TEST(Plain, NeedsNoLua) {
  const std::pair<const char*, const char*> cases[] = {
      {"five", "5"},
      {"absent", "null"},
      {"nil", "null"},
      {"null", "null"},
      {"'it'", "\"it\""},
      {"-3", "-3"},
      {"- 0.50", "-0.5"},
      {"fields.a", "1"},
      {"fields . things [ 2 ]", "2"},
      {"fields['no']", "false"},
      {"fields[\"\"]", "\"nameless\""},
      {"fields.insert", "\"i\""},
      {"fields.nothing", "null"},
      {"fields[five]", "null"},
      {"things[1]", "1"},
      {"things[0]", "null"},
      {"things[6]", "null"},
      {"things[1.0]", "null"},
      {"things.id", "null"},
      {"things[5].id", "\"x\""},
      {"items[fields.id].n", "1"},
      {"items['5'].n == 2 and items[5].n == 3 and items[true].n == 4 and items[2.5].n == 5", "true"},
      {"items[5.0].n", "3"},
      {"items[absent]", "null"},
      {"items.k1.n", "1"},
      {"#items", "6"},
      {"#nothing", "0"},
      {"#things", "5"},
      {"#fields.things", "2"},
      {"#text == 1 and #empty == 0", "true"},
      {"headers['x-TOKEN']", "\"t1\""},
      {"headers['X-Count']", "7"},
      {"headers.nothing", "null"},
      {"not absent", "true"},
      {"not null", "false"},
      {"not not zero", "true"},
      {"not five == 5", "false"},
      {"absent or no or five", "5"},
      {"no and absent.field", "false"},
      {"five or absent.field", "5"},
      {"absent and five or text", "\"a\""},
      {"five == five_real", "true"},
      {"five == digits", "false"},
      {"greatest == near_greatest", "false"},
      {"tiny == 0", "true"},
      {"null_value == null", "true"},
      {"null_value == nil", "false"},
      {"absent == nil", "true"},
      {"fields == fields", "true"},
      {"fields ~= text", "true"},
      {"fields == five", "false"},
      {"yes == true and no ~= true", "true"},
      {"zero < five and five <= 5 and five > 4 and five >= 5", "true"},
      {"half < 2.6", "true"},
      {"item.n == 1 and same == item", "true"},
      {"chain", "1"},
      {"(five)", "5"},
      {"((fields).a) == (1)", "true"},
      {"now == now", "true"},
      {"1 < 2 == true", "true"},
      {"'caf\xE9'", "\"caf\xEF\xBF\xBD\""},  // JSON is UTF-8; as a value it keeps its bytes
  };
  World world;
  for (const auto& [code, expected] : cases) {
    EXPECT_EQ(world.asked(world.add(code), World::As::json), expected) << code;
    EXPECT_EQ(world.lent(), 0) << code;
    expect_the_same(world, code);
  }
}

TEST(Plain, LeavesTheRestToLua) {
  const char* const never_parsed[] = {
      "five + 1",
      "-five",
      "five .. text",
      "items:all()",
      "tostring(five)",
      "list{}",
      "string",
      "{}",
      "'a\\n'",
      "[[a]]",
      "1e3",
      "0x10",
      "1.",
      ".5",
      "99999999999999999999",
      "five --five",
      "fields.a -- note",
      "_ENV",
      "_ENV.five",
      "(function() return 1 end)()",
      "fields.end",
      "five five",
      "fields.",
      "fields[1",
      "(five",
      "",
      "not",
      "five ==",
      "...",
      "five = 1",
      "'a' 'b'",
      "fields 'a'",
      "a.b:c()",
      "five & 1",
      "2 ^ 2",
  };
  for (const char* code : never_parsed) {
    EXPECT_EQ(Plain::parse({code, {}, false, {}}), nullptr) << code;
    World world;
    expect_the_same(world, code);
  }
  EXPECT_EQ(Plain::parse({"'a", {}, false, {}}), nullptr);
  const char* const told_by_lua[] = {
      "absent.field",
      "null.field",
      "five.a",
      "yes['a']",
      "#five",
      "#absent",
      "#headers",
      "nobody",
      "nobody or five",
      "text < digits",
      "five < half",
      "five < text",
      "fields < fields",
      "items == items",
      "items == fields",
      "headers == headers",
      "same_map == other_map",
      "items[fields]",
      "items[headers]",
      "items",
      "headers",
      "all",
      "all == items",
      "lua",
      "mixed.n",
      "itself",
      "broken",
      "text.len",
      "beyond",
      "beyond == beyond",
      "items[beyond]",
  };
  for (const char* code : told_by_lua) {
    World world;
    const SnippetId id = world.add(code);
    EXPECT_NE(world.program.plain(id), nullptr) << code;
    world.asked(id, World::As::json);
    EXPECT_EQ(world.lent(), 1) << code;
    expect_the_same(world, code);
  }
}

TEST(Plain, IsBounded) {
  const auto repeated = [](const char* piece, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += piece;
    return text;
  };
  World world;
  for (const int times : {1, 10, 29, 40, 100, 190}) {
    expect_the_same(world, repeated("not ", times) + "five");
    expect_the_same(world, repeated("(", times) + "five" + repeated(")", times));
    expect_the_same(world, "five" + repeated(" and five", times));
    expect_the_same(world, "things" + repeated("[1]", times));
    std::string previous = "five";
    for (int i = 0; i < times / 2; ++i) {
      std::string name = "let" + std::to_string(i);
      world.let(name, previous + " or " + previous);
      previous = std::move(name);
    }
    expect_the_same(world, previous);
  }
  for (const int times : {300, 10'000, 100'000}) {
    EXPECT_EQ(Plain::parse({repeated("(", times), {}, false, {}}), nullptr);
    EXPECT_EQ(Plain::parse({repeated("not ", times) + "five", {}, false, {}}), nullptr);
    EXPECT_EQ(Plain::parse({"five" + repeated(" or five", times), {}, false, {}}), nullptr);
  }
}

TEST(Plain, SharesNamesWithLua) {
  // Name, statements, what it is then.
  struct Case {
    const char* first;
    const char* statements;
    const char* then;
    const char* expected;
  };
  const Case cases[] = {
      {"item.n", "items:update('k1', {n = 9})", "item.n", "1"},
      {"item.n", "items:remove('k1')", "item.n", "1"},
      {"item.n", "items:remove('k1')", "items[fields.id]", "null"},
      {"item.n", "local n = item.n; items:update('k1', {n = 9}); found = n", "found + item.n", "2"},
      {"item.n", "item = 7", "item", "7"},
      {"item.n", "five = item.n; item = 7", "five + item", "8"},
      {"five", "five = 6", "five", "6"},
      {"five", "five = nil", "five", "5"},
      {"item.n", "items:update('k1', {n = 9}); item = nil", "item.n", "9"},
      {"null == null_value", "null = 1", "null == null_value", "false"},
      {"now > 0", "later = now", "later == now", "true"},
      {"now > 0", "", "now", "1700000000000"},
      {"#items", "items:remove('k1')", "#items", "5"},
  };
  for (const Case& each : cases) {
    for (const bool with_lua : {false, true}) {
      World world;
      const SnippetId first = world.add(with_lua ? for_lua(each.first) : each.first);
      const std::string result = world.guarded([&](Session& session) {
        std::string out;
        session.test(first);
        session.run(world.add(each.statements, true));
        session.append_json(world.add(each.then), out);
        return out;
      });
      EXPECT_EQ(result, each.expected) << each.first << "; " << each.statements << "; " << each.then << with_lua;
    }
  }
}

TEST(Plain, NothingIsPlainBesideEnv) {
  World world;
  const SnippetId before = world.add("five");
  EXPECT_NE(world.program.plain(before), nullptr);
  world.add("_ENV", true);
  EXPECT_EQ(world.program.plain(before), nullptr);
  World with_local;
  const SnippetId inner = with_local.add("five", false, 1, {"_ENV"});
  EXPECT_EQ(with_local.program.plain(inner), nullptr);
}

/// An expression for every value of a list, asked both ways in the same session.
void expect_the_same_inside(World& world, const std::string& list, const std::string& code) {
  const std::vector<std::string> locals{"outer", "i", "x"};
  const SnippetId first = world.add("no_items and things"), all = world.add(list);
  const SnippetId plain = world.add(code, false, 7, locals), lua = world.add(for_lua(code), false, 7, locals);
  const auto asked = [&](SnippetId id) {
    std::string out;
    try {
      Session session(world.interpreter(), world, world.budget);
      session.each(first, true, [&] {
        session.each(all, false, [&] {
          session.append_json(id, out);
          session.append_text(id, out);
          out += session.test(id) ? "+" : "-";
        });
      });
    } catch (const Error& error) {
      out += error.where().text() + " ! " + error.what();
    }
    return out;
  };
  EXPECT_EQ(asked(plain), asked(lua)) << code << " in " << list;
}

TEST(Plain, KnowsTheNamesOfEach) {
  for (const char* list : {"things", "items", "items:where{n = 2}", "range(3)", "list{1, 'a', fields}", "no_items"}) {
    for (const char* code : {"x", "x.id", "x['id']", "x[1]", "outer", "i", "x == outer", "i == 1 and x", "#x",
                             "x.n == 2", "x.id.y", "items[x.id].n", "not x", "x.who == null"}) {
      World world;
      expect_the_same_inside(world, list, code);
    }
  }
  World world;
  std::string out;
  Session session(world.interpreter(), world);
  const SnippetId again = world.add("x.id", false, 1, {"x", "x"});
  session.each(world.add("no_items and things"), false,
               [&] { session.each(world.add("items"), false, [&] { session.append_text(again, out); }); });
  EXPECT_EQ(out, "k155true2.5k155true2.5k155true2.5k155true2.5k155true2.5") << "the inner of two of a name";
  EXPECT_EQ(Plain::parse({"end.id", {}, false, {"end"}}), nullptr) << "no name, whatever it says";
}

TEST(Plain, WritesNumbersOfElementsAsTheyAre) {
  World world;
  world.values["numbers"] = World::Json::parse(R"([{"n": 18446744073709551615}])");
  std::string out;
  Session session(world.interpreter(), world);
  session.each(world.add("numbers"), false, [&] { session.append_json(world.add("x.n", false, 1, {"x"}), out); });
  EXPECT_EQ(out, "18446744073709551615");
}

/// Random expressions, most of them plain, many of them wrong.
class Generator {
 public:
  Generator(uint64_t seed, std::vector<std::string> names) : random_(seed), names_(std::move(names)) {}

  std::string expression(int depth = 0) {
    switch (depth > 5 ? below(6) : below(22)) {
      case 0:
      case 1:
      case 2:
        return one_of(names_);
      case 3:
        return one_of(literals_);
      case 4:
      case 5:
        return one_of(names_) + member();
      case 6:
      case 7:
        return "not " + operand(depth);
      case 8:
        return "#" + operand(depth);
      case 9:
      case 10:
        return one_of(names_) + "[" + expression(depth + 1) + "]";
      case 11:
      case 12:
        return operand(depth) + " and " + operand(depth);
      case 13:
      case 14:
        return operand(depth) + " or " + operand(depth);
      case 15:
      case 16:
      case 17:
      case 18:
        return operand(depth) + one_of(equalities_) + operand(depth);
      case 19:
        return operand(depth) + one_of(orders_) + operand(depth);
      case 20:
        return "(" + expression(depth + 1) + ")" + member();
      default:
        return one_of(rest_);
    }
  }

 private:
  size_t below(size_t count) { return static_cast<size_t>(random_.below(count)); }
  std::string one_of(const std::vector<std::string>& texts) { return texts[below(texts.size())]; }
  std::string operand(int depth) { return below(3) == 0 ? "(" + expression(depth + 1) + ")" : expression(depth + 1); }
  std::string member() {
    static const std::vector<std::string> members{".id", ".a",  ".b",      ".n",   "['id']",
                                                  "[1]", "[2]", ".things", ".who", ""};
    return one_of(members);
  }

  state::SeededRandom random_;
  const std::vector<std::string> names_;
  const std::vector<std::string> literals_{
      "1",   "5",     "5.0",  "2.5",  "-3",   "0",    "'a'", "\"5\"",
      "nil", "false", "true", "null", "'k1'", "'id'", "''",  "9223372036854775807"};
  const std::vector<std::string> equalities_{" == ", " ~= "};
  const std::vector<std::string> orders_{" < ", " <= ", " > ", " >= "};
  const std::vector<std::string> rest_{"tostring(five)", "five + 1", "items:all()", "{}", "nobody", "'\\65'"};
};

TEST(Plain, AgreesWithLua) {
  constexpr int rounds = 200, expressions = 60;
  int without_lua = 0;
  for (uint64_t seed = 1; seed <= rounds; ++seed) {
    World world;
    Generator generator(seed, world.names());
    for (int i = 0; i < expressions && !HasFailure(); ++i) {
      const std::string code = generator.expression();
      expect_the_same(world, code);
      if (world.lent() == 0) ++without_lua;
    }
  }
  EXPECT_GT(without_lua, rounds * expressions / 5);
}

TEST(Plain, AgreesWithLuaInsideOfEach) {
  constexpr int rounds = 100, expressions = 20;
  for (uint64_t seed = 1; seed <= rounds; ++seed) {
    World world;
    std::vector<std::string> names{"x", "x", "x", "x", "i", "outer", "five", "items"};
    Generator generator(seed, names);
    for (int i = 0; i < expressions && !HasFailure(); ++i) {
      expect_the_same_inside(world, i % 2 == 0 ? "things" : "items", generator.expression());
    }
  }
}

}  // namespace
}  // namespace counterpart::expression

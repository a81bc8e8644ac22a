#include <gtest/gtest.h>

#include "engine/contract/loader.h"

namespace counterpart::contract {
namespace {

struct Case {
  const char* name;
  const char* parts;   ///< of the contract, beside its one operation
  const char* rules;   ///< of the operation
  const char* body;    ///< of its response
  const char* report;  ///< each diagnostic's first line without the file, and its hint
};

/// "3:7: error: ..." and " (hint)" of every diagnostic.
std::string told(const document::Diagnostics& diagnostics) {
  std::string text;
  for (const document::Diagnostic& diagnostic : diagnostics.all()) {
    text += diagnostic.where.text().substr(7) + ": " + diagnostic.message;
    if (!diagnostic.hint.empty()) text += " (" + diagnostic.hint + ")";
    text += "\n";
  }
  return text;
}

class CheckNames : public testing::TestWithParam<Case> {};

TEST_P(CheckNames, AtLoad) {
  const Case& row = GetParam();
  const std::string yaml = std::string("counterpart: 1\nname: x\n") + row.parts +
                           "operations:\n  a:\n    request: { method: GET, path: /a }\n    rules:\n      - " +
                           row.rules + "\n        respond: ok\n    responses: { ok: { status: 200, body: " + row.body +
                           " } }\n";
  document::Diagnostics diagnostics;
  const auto source = std::make_shared<document::Source>(document::Source{"c.yaml", yaml});
  const Loaded loaded = load(source, ".", diagnostics);
  EXPECT_EQ(told(diagnostics), row.report);
  EXPECT_EQ(static_cast<bool>(loaded), *row.report == '\0');
}

const Case cases[] = {
    {"Fine", "variables: { v: 1 }\nstate: { things: { key: id, items: [{ id: \"${variables.v + #range(now)}\" }] } }\n",
     "do: n = things:count{ owner = query.owner, [path.id] = string.upper(\"x\") }",
     "{ $map: range(n), \"each(i, k)\": \"${i} ${k} ${invalid} ${request.path} ${headers} ${cookies} ${body} "
     "${credential}\" }",
     ""},
    {"Misspelt", "", "when: qeury.x == 1 and string.find(query.x, 'a')", "x",
     "7:15: nothing is named \"qeury\" here (did you mean \"query\"?)\n"
     "7:39: there is no string.find\n"},
    {"InABody", "", "when: true", "\"${nosuch.thing} ${os.exit(1)} ${string.fromat('x')}\"",
     "9:46: nothing is named \"nosuch\" here\n"
     "9:62: nothing is named \"os\" here\n"
     "9:83: there is no string.fromat (did you mean \"format\"?)\n"},
    {"OncePerExpression", "", "when: nosuch or nosuch", "x", "7:15: nothing is named \"nosuch\" here\n"},
    {"InABlock", "", "do: |\n          local a = 1\n          b = a + nosuch", "\"${b}\"",
     "9:19: nothing is named \"nosuch\" here\n"},
    {"LocalsStayInTheirExpression", "", "do: local a = 1", "\"${a}\"", "9:46: nothing is named \"a\" here\n"},
    {"EachBindsInsideAlone", "", "when: true", "[{ $map: range(2), each(i): \"${i}\" }, \"${i}\"]",
     "9:84: nothing is named \"i\" here\n"},
    {"AssignedAnywhere", "let: { l: made }\n", "do: function made() return list() end", "\"${made()} ${l}\"", ""},
    {"AnAssignedLibrary", "", "do: string = { find = 1 }", "\"${string.find}\"", ""},
    {"EnvironmentsMayHoldAnything", "", "do: _ENV[\"x\"] = 1", "\"${x}\"", ""},
    {"ItemsSeeNoRequest", "let: { l: 1 }\nstate: { things: { key: id, items: [{ id: \"${l}${query}${things}\" }] } }\n",
     "when: true", "x",
     "4:46: nothing is named \"l\" here\n"
     "4:50: nothing is named \"query\" here\n"
     "4:58: nothing is named \"things\" here\n"},
    {"ResponseIsForScenarios", "", "when: response", "x", "7:15: nothing is named \"response\" here\n"},
    {"BrokenExpressionsAreBrokenAlone", "", "when: nosuch ==", "x",
     "7:15: this is not Lua: unexpected symbol near <eof>\n"},
    {"AWrongLetIsNotUnknownAsWell", "let: { query: 1, while: 2 }\n", "when: query", "x",
     "3:8: the let \"query\" is a name expressions already have\n"
     "3:18: the let \"while\" is not a name expressions can use: letters, digits and _, no Lua keyword\n"},
    {"LetsInACircle", "let:\n  a: nosuch + 1\n  b: b\n  c: d and 1\n  d: \"#e\"\n  e: c or a\n  f: c\n", "when: a", "x",
     "4:6: nothing is named \"nosuch\" here\n"
     "5:6: the let \"b\" needs itself: b needs b\n"
     "6:6: the let \"c\" needs itself: c needs d needs e needs c\n"},
    {"OnlyDoChangesTheState",
     "state: { things: { key: id } }\nlet: { clear: \"function() return things:remove_where{} end\" }\n",
     "when: 'things:remove(1) == 1'\n        do: 'things:insert{ id = 1 } clear()'",
     "\"${things:remove_if(query)} ${string.rep('x:remove(1)', 2)} ${#things:all()}\"",
     "12:53: only `do` may change the state, and \"remove_if\" changes it\n"
     "9:23: only `do` may change the state, and \"remove\" changes it\n"},
    {"FunctionsMayCallThemselves", "let: { f: \"function(n) return n < 2 and 1 or n * f(n - 1) end\" }\n", "when: true",
     "\"${f(5)}\"", ""},
};

INSTANTIATE_TEST_SUITE_P(Cases, CheckNames, testing::ValuesIn(cases), [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace counterpart::contract

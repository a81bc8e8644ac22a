/// Lua in its sandbox: statements, a line `---`, an expression. Whatever they are, they end within their budget, fail with
/// an expression's error and no other, give JSON, and leave collections whose indexes agree.

#include "engine/document/json.h"
#include "engine/expression/interpreter.h"
#include "fuzz/inputs/expression_world.h"
#include "fuzz/inputs/input.h"
#include "fuzz/inputs/mutators.h"

using namespace counterpart;
using namespace counterpart::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto source = std::make_shared<const document::Source>(document::Source{"x.yaml", ""});
  std::string_view code = text_of(data, size);
  ExpressionWorld world;
  expression::Program program;
  const std::string statements(take_part(code));
  const auto run = program.add({statements, {source, {1, 1}}, true, {}});
  const auto give = program.add({code.empty() ? statements : std::string(code), {source, {1, 1}}, false, {}});
  expression::Interpreter interpreter(program);
  std::string out, text;
  try {
    expression::Session session(interpreter, world, {20'000, 1u << 20, 500});
    if (!code.empty()) session.run(run);
    session.test(give);
    session.append_text(give, text);
    session.each(give, true, [] {});
  } catch (const expression::Error&) {
  }
  try {
    expression::Session session(interpreter, world, {20'000, 1u << 20, 500});
    session.append_json(give, out);
    std::string error;
    const auto value = document::parse_json(out, &error);
    require(value.has_value() || out.size() > 100'000 || error.find("deep") != std::string::npos, error, out);
  } catch (const expression::Error&) {
  }
  require(world.is_sound(), "the indexes agree");
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t size_max, unsigned seed) {
  return mutate_lines(data, size, size_max, seed);
}

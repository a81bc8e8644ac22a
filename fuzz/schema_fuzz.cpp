/// JSON Schema: a schema (YAML), then after each line `---` a value (JSON). Whatever they are, validation ends, says the
/// same twice, and gives a reason for everything it refuses. Compiled not strictly, too, and of either draft. What `check` and
/// `fuzz server` draw from it for requests fits it.

#include <nlohmann/json.hpp>

#include "engine/document/json.h"
#include "engine/document/yaml.h"
#include "engine/schema/schema.h"
#include "fuzz/inputs/drawn_values.h"
#include "fuzz/inputs/input.h"
#include "fuzz/inputs/mutators.h"

using namespace counterpart;
using namespace counterpart::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text = text_of(data, size);
  document::Diagnostics diagnostics;
  const auto source =
      std::make_shared<const document::Source>(document::Source{"x.yaml", std::string(take_part(text))});
  const auto node = document::parse_yaml(source, diagnostics);
  if (!node) return 0;
  schema::Options lenient;
  lenient.formats = lenient.strict = false;
  const auto compiled = schema::Schema::compile(*node, source, diagnostics);
  const auto compiled_leniently = schema::Schema::compile(*node, source, diagnostics, lenient);
  diagnostics.render(true);
  std::vector<document::Json> known;
  while (!text.empty()) {
    const auto value = document::parse_json(take_part(text));
    if (!value) continue;
    known.push_back(*value);
    const auto violations = compiled.validate(*value);
    require(violations.size() == compiled.validate(*value).size(), "the same twice");
    for (const schema::Violation& violation : violations) require(!violation.text().empty(), "a reason");
    compiled_leniently.validate(*value);
  }
  if (diagnostics.errors() == 0) require_drawn_fit(compiled, known, size);
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t size_max, unsigned seed) {
  return mutate_json(data, size, size_max, seed);
}

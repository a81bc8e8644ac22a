/// Schemas made with a value of which it is known whether it fits: the validator must say so.

#include <nlohmann/json.hpp>

#include "engine/document/json.h"
#include "engine/document/yaml.h"
#include "engine/schema/schema.h"
#include "fuzz/inputs/schema_pairs.h"

using namespace counterpart;
using namespace counterpart::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteReader bytes(text_of(data, size));
  const SchemaPair pair = make_schema_pair(bytes);
  document::Diagnostics diagnostics;
  const auto source =
      std::make_shared<const document::Source>(document::Source{"x.yaml", document::write_json(pair.schema)});
  const auto node = document::parse_yaml(source, diagnostics);
  require(node.has_value(), "JSON is YAML", source->text);
  const auto schema = schema::Schema::compile(*node, source, diagnostics);
  require(diagnostics.all().empty(), "a schema that compiles", diagnostics.render(false));
  const auto violations = schema.validate(pair.value);
  require(violations.empty() == pair.fits, pair.fits ? "a value that fits" : "a value that does not fit",
          source->text + "\n" + document::write_json(pair.value));
  return 0;
}

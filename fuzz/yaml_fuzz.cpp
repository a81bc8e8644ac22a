/// YAML text: whatever it is, it is read or refused. What was read is the same value once it is written as JSON, and JSON
/// is YAML, but for keys that are too long.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/document/json.h"
#include "engine/document/yaml.h"
#include "engine/schema/value.h"
#include "fuzz/inputs/input.h"
#include "fuzz/inputs/mutators.h"

using namespace counterpart;
using namespace counterpart::fuzz;

namespace {

std::optional<document::Node> read(std::string text) {
  document::Diagnostics diagnostics;
  const auto source = std::make_shared<const document::Source>(document::Source{"x.yaml", std::move(text)});
  auto node = document::parse_yaml(source, diagnostics);
  require(node.has_value() != diagnostics.has_errors(), "read or refused", diagnostics.render(true));
  return node;
}

bool has_long_key(const document::Json& value) {
  constexpr size_t key_bytes_max = 1024;  // between its first quote and the colon: docs/format.md
  return value.is_structured() && std::ranges::any_of(value.items(), [&](const auto& member) {
           const bool is_long = value.is_object() && document::write_json(member.key()).size() > key_bytes_max;
           return is_long || has_long_key(member.value());
         });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto node = read(std::string(text_of(data, size)));
  if (!node) return 0;
  const document::Json value = node->to_json();
  const std::string text = document::write_json(value);
  const auto as_json = document::parse_json(text);
  require(as_json && schema::equal(*as_json, value), "the same as JSON", text);
  const auto as_yaml = read(text);
  require(has_long_key(value) || (as_yaml && schema::equal(as_yaml->to_json(), value)), "the same as YAML again", text);
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t size_max, unsigned seed) {
  return mutate_lines(data, size, size_max, seed);
}

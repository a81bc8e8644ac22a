#include "engine/schema/dialect.h"

#include <array>
#include <utility>

#include "engine/schema/registry.h"

namespace counterpart::schema {

namespace {

constexpr std::string_view vocabulary_prefix = "https://json-schema.org/draft/2020-12/vocab/";
constexpr std::array<std::pair<std::string_view, Vocabulary>, 8> vocabularies = {{
    {"core", core},
    {"applicator", applicator},
    {"unevaluated", unevaluated},
    {"validation", validation},
    {"meta-data", description},
    {"format-annotation", format_annotation},
    {"format-assertion", format_assertion},
    {"content", content},
}};

}  // namespace

std::optional<Dialect> find_dialect(std::string_view uri, const Registry* registry) {
  // A metaschema's own metaschema decides what its $vocabulary means; no sound one has a long way to a draft.
  constexpr int steps_max = 8;
  const document::Node* vocabulary = nullptr;
  for (int step = 0; step < steps_max; ++step) {
    if (uri.ends_with('#')) uri.remove_suffix(1);
    if (uri == "http://json-schema.org/draft-07/schema") return Dialect{Draft::seven, 0xff & ~format_assertion};
    if (uri == "https://json-schema.org/draft/2020-12/schema") break;
    const Registry::Document* metaschema = registry ? registry->find(uri) : nullptr;
    const document::Node* above = metaschema ? metaschema->node.find("$schema") : nullptr;
    if (!above || step + 1 == steps_max) return std::nullopt;
    if (!vocabulary) vocabulary = metaschema->node.find("$vocabulary");
    uri = above->text;
  }
  Dialect dialect;
  if (!vocabulary) return dialect;
  dialect.vocabularies = core;
  for (const document::Member& member : vocabulary->members) {
    for (const auto& [name, bit] : vocabularies) {
      if (!member.key.starts_with(vocabulary_prefix)) continue;
      if (member.key.substr(vocabulary_prefix.size()) == name) dialect.vocabularies |= bit;
    }
  }
  return dialect;
}

}  // namespace counterpart::schema

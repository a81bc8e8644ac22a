// What describes a value and says nothing of which fit (JSON Schema 2020-12 validation, 8 and 9).

#include "engine/schema/check.h"

namespace counterpart::schema {

namespace {

/// Of what the content is decoded to, which nobody does here: compiled for what is wrong with it.
std::unique_ptr<Check> compile_content_schema(const Node& value, Compiler& compiler) {
  compiler.part(value);
  return nullptr;
}

}  // namespace

std::span<const Keyword> description_keywords() {
  constexpr auto y2020 = static_cast<uint8_t>(Draft::y2020);
  static constexpr Keyword keywords[] = {
      {"title", nullptr, description},
      {"description", nullptr, description},
      {"default", nullptr, description},
      {"examples", nullptr, description},
      {"deprecated", nullptr, description},
      {"readOnly", nullptr, description},
      {"writeOnly", nullptr, description},
      {"contentEncoding", nullptr, content},
      {"contentMediaType", nullptr, content},
      {"contentSchema", compile_content_schema, content, Phase::value, Shape::schema, y2020}};
  return keywords;
}

}  // namespace counterpart::schema

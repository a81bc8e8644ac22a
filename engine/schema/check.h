#pragma once
/// What the keyword files and the compiler share: a compiled keyword, and what it is compiled with. Nobody outside of
/// this folder includes it.

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/schema/compiler.h"
#include "engine/schema/dialect.h"
#include "engine/schema/visit.h"

namespace counterpart::schema {

/// A compiled keyword.
class Check {
 public:
  virtual ~Check() = default;
  /// Whether `value` fits; reports to `visit` if it does not. A value the keyword does not speak of (a minimum of text)
  /// fits.
  virtual bool run(const Json& value, const Visit& visit) const = 0;
};

/// nullptr when the value says nothing, or is wrong and was reported.
using Compile = std::unique_ptr<Check> (*)(const Node& value, Compiler& compiler);

/// When a keyword runs: what judges the value itself first, so that the outermost violation is the first.
enum class Phase : uint8_t { value, parts, unevaluated };

/// Where schemas stand in a keyword's value.
enum class Shape : uint8_t { none, schema, list, map, schema_or_list };

constexpr uint8_t both_drafts = static_cast<uint8_t>(Draft::seven) | static_cast<uint8_t>(Draft::y2020);

struct Keyword {
  std::string_view name;
  Compile compile = nullptr;  ///< nullptr: means nothing
  Vocabulary vocabulary = validation;
  Phase phase = Phase::value;
  Shape shape = Shape::none;
  uint8_t drafts = both_drafts;

  bool is_in(Draft draft) const { return (drafts & static_cast<uint8_t>(draft)) != 0; }
};

/// The families, one a file.
std::span<const Keyword> general_keywords();      // type, const, enum
std::span<const Keyword> number_keywords();       // minimum, multipleOf, ...
std::span<const Keyword> string_keywords();       // minLength, pattern, format, ...
std::span<const Keyword> array_keywords();        // minItems, maxItems, uniqueItems
std::span<const Keyword> item_keywords();         // items, prefixItems, contains, ...
std::span<const Keyword> object_keywords();       // required, minProperties, propertyNames, ...
std::span<const Keyword> property_keywords();     // properties, patternProperties, additionalProperties
std::span<const Keyword> logic_keywords();        // allOf, anyOf, oneOf, not, if, then, else
std::span<const Keyword> reference_keywords();    // $ref, $dynamicRef, $defs, and what names schemas
std::span<const Keyword> unevaluated_keywords();  // unevaluatedItems, unevaluatedProperties
std::span<const Keyword> description_keywords();  // title, default and others that mean nothing

/// The keyword of a name, in whatever draft, or nullptr.
const Keyword* find_keyword(std::string_view name);
/// Every keyword of a draft, for hints.
const std::vector<std::string>& keyword_names(Draft draft);

}  // namespace counterpart::schema

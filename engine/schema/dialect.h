#pragma once
/// Which keywords a schema may use, and in which sense: what its `$schema` stands for. Used by the compiler.

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/document/node.h"

namespace counterpart::schema {

class Registry;

enum class Draft : uint8_t { seven = 1, y2020 = 2 };

/// The vocabularies of draft 2020-12, as bits.
enum Vocabulary : uint8_t {
  core = 1,
  applicator = 2,
  unevaluated = 4,
  validation = 8,
  description = 16,  ///< "meta-data"
  format_annotation = 32,
  format_assertion = 64,
  content = 128,
};

struct Dialect {
  Draft draft = Draft::y2020;
  uint8_t vocabularies = static_cast<uint8_t>(~format_assertion);
};

/// The dialect of a metaschema: one of the two drafts' or one in `registry` (which may be nullptr) with a
/// `$vocabulary`.
std::optional<Dialect> find_dialect(std::string_view uri, const Registry* registry);

}  // namespace counterpart::schema

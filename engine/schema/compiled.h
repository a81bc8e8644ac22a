#pragma once
/// A schema as it was compiled, and the parts it refers to. Made by the compiler, read by visit.h and schema.cpp.

#include <deque>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/schema/schema.h"

namespace counterpart::schema {

class Check;

/// The `$dynamicAnchor`s of one schema resource.
using DynamicAnchors = std::vector<std::pair<std::string, const Compiled*>>;

struct Compiled {
  struct Entry {
    std::string_view keyword;
    std::unique_ptr<const Check> check;
  };
  Compiled();
  ~Compiled();

  bool accepts_nothing = false;             ///< the schema `false`
  bool has_unevaluated = false;             ///< asks what other keywords have looked at
  const DynamicAnchors* anchors = nullptr;  ///< of its resource; nullptr: it has none
  std::vector<Entry> entries;               ///< those that judge the value itself, then those that judge its parts

  const Json* source = nullptr;
  std::vector<std::string> types;
  std::optional<Schema> items;        ///< does not keep it alive
  std::vector<const Compiled*> also;  ///< what applies to the same value whatever it is: `$ref`, `allOf`
  std::vector<const Compiled*> parts;
  std::vector<std::pair<std::string, const Compiled*>> references;  ///< as written
};

/// What schemas that were compiled together keep alive together.
struct Model {
  std::deque<Compiled> schemas;
  std::deque<DynamicAnchors> anchors;
  std::deque<Json> sources;
};

}  // namespace counterpart::schema

#pragma once
/// Documents that a `$ref` may lead to by URI. Nothing is ever fetched: what is not here, and is no metaschema, does
/// not exist.

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/document/node.h"

namespace counterpart::schema {

using document::Json;

/// Read by many threads once it is filled.
class Registry {
 public:
  struct Document {
    document::Node node;
    std::shared_ptr<const document::Source> source;  ///< its name is the URI; without text
  };

  /// `uri` without a fragment. The first document of a URI counts.
  void add(std::string uri, const Json& document);
  /// The document, or nullptr.
  const Document* find(std::string_view uri) const;

  /// The metaschemas of the drafts that schema.h knows; read when first asked for.
  static const Registry& metaschemas();

 private:
  std::unordered_map<std::string, std::unique_ptr<const Document>> documents_;
};

}  // namespace counterpart::schema

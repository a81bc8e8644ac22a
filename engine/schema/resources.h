#pragma once
/// Where schemas are: the document that is being compiled, those it refers to, and the names (`$id`, `$anchor`, JSON
/// Pointers) that lead to each schema in them. Used by the compiler.

#include <deque>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/schema/compiled.h"
#include "engine/schema/dialect.h"

namespace counterpart::schema {

using document::Node;

struct Resource;

/// How a schema is read: what it inherits from those around it.
struct Context {
  Resource* resource = nullptr;
  Dialect dialect;
  bool strict = true;
  std::shared_ptr<const document::Source> source;
};

/// A document, or a part of one that has an `$id`.
struct Resource {
  std::string uri;  ///< without a fragment
  const Node* root = nullptr;
  const Context* context = nullptr;  ///< of the root
  std::unordered_map<std::string, const Node*> anchors;
  std::vector<std::pair<std::string, const Node*>> dynamic_anchors;  ///< these are among `anchors` as well
  DynamicAnchors* compiled_anchors = nullptr;                        ///< the compiler's
};

/// A schema that was found.
struct Place {
  const Context* context = nullptr;
  const Json* source = nullptr;
  Compiled* compiled = nullptr;  ///< the compiler's
  bool is_filled = false;        ///< the compiler's
};

class Resources {
 public:
  Resources(const Node& document, std::shared_ptr<const document::Source> source, const Options& options,
            document::Diagnostics& diagnostics, Model& model);

  /// Makes known a schema and all in it. `context` nullptr: it stands in the document, or belongs there.
  Place& note(const Node& schema, const Context* context = nullptr);
  /// What is known of a schema, or nullptr.
  Place* find(const Node& schema);
  const Place* find(const Node& schema) const { return const_cast<Resources*>(this)->find(schema); }

  struct Target {
    const Node* node = nullptr;  ///< nullptr: there is none
    bool is_dynamic = false;     ///< it was named by its `$dynamicAnchor`
    std::string anchor;          ///< the fragment, if it is no JSON Pointer
  };
  /// Where a reference leads, and makes it known. `hint`: filled when it leads nowhere.
  Target resolve(const Context& from, std::string_view reference, std::string& hint);

  /// Whether another diagnostic would be kept: hints are costly.
  bool has_room() const { return diagnostics_.all().size() < document::Diagnostics::diagnostics_max; }

 private:
  void note_parts(const Node& schema, const Json& source, const Context& outer, int depth);
  const Context* identify(const Node& schema, const Context& outer);
  void identify_by_id(const Node& schema, const Node& id, Context& inner);
  Resource* find_resource(const std::string& uri, const Context& from);
  const Node* follow(const Resource& resource, std::string_view pointer, const Context*& context, std::string& hint);
  const Node* member(const Node& map, const std::string& name);
  void error(const Context& context, document::Position at, std::string message, std::string hint, size_t width);

  const Options options_;
  document::Diagnostics& diagnostics_;
  Model& model_;
  std::deque<Context> contexts_;
  std::deque<Resource> resources_;
  std::unordered_map<std::string, Resource*> by_uri_;
  std::unordered_map<const Node*, Place> places_;
  std::unordered_map<const Node*, std::unordered_map<std::string_view, const Node*>> indexes_;  ///< of large maps
};

}  // namespace counterpart::schema

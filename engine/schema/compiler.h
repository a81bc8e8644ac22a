#pragma once
/// Turns schemas as written into Compiled, with what keywords need for that. Used by the keywords and library.cpp.

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/schema/cycles.h"
#include "engine/schema/pattern.h"
#include "engine/schema/resources.h"

namespace counterpart::schema {

using document::Kind;
using document::Member;
using document::suggestion;

struct Keyword;

class Compiler {
 public:
  Compiler(const Node& document, const std::shared_ptr<const document::Source>& source,
           document::Diagnostics& diagnostics, const Options& options);

  /// Compiles a schema and all that it refers to.
  Schema compile(const Node& schema);
  Schema compile_copy(Node schema);
  void note(const Node& schema) { resources_.note(schema); }
  const Node& followed(const Node& schema);

  // For keywords, of the schema that is being compiled:

  /// Compiles a schema in it that judges parts of the value, or the value itself. Never nullptr.
  const Compiled* part(const Node& schema);
  const Compiled* here(const Node& schema);
  /// Every item of a list as such a schema; empty, and an error, when it is no list or an empty one.
  std::vector<const Compiled*> all_here(std::string_view keyword, const Node& list);

  struct Reference {
    const Compiled* target = nullptr;  ///< nullptr: reported
    std::string dynamic_anchor;        ///< "" when the target is the same whatever schemas are being applied
  };
  Reference reference(std::string_view keyword, const Node& value);

  const Node& siblings() const { return *open_.back().node; }
  Draft draft() const { return open_.back().context->dialect.draft; }
  bool is_strict() const { return open_.back().context->strict; }
  bool asserts_formats() const;
  /// For what Schema's accessors tell of it.
  Compiled& compiled() { return *open_.back().compiled; }
  /// A pattern, compiled once however often it is written; nullptr, and an error, for what RE2 cannot take.
  std::shared_ptr<const Pattern> pattern(const std::string& written, document::Position at, size_t width);
  /// The same without an error, for a keyword whose neighbour reports it.
  std::shared_ptr<const Pattern> pattern_quietly(const std::string& written);

  void error(document::Position at, std::string message, std::string hint = {}, size_t width = 1);
  void warning(document::Position at, std::string message, std::string hint = {}, size_t width = 1);
  /// Reports that a keyword's value is not `expected` ("a number").
  void wrong_type(std::string_view keyword, const Node& value, std::string_view expected);

  /// A keyword's value as what the keyword needs; nullopt, and an error, when it is something else.
  std::optional<Json> number(std::string_view keyword, const Node& value);
  std::optional<size_t> count(std::string_view keyword, const Node& value);
  std::optional<std::vector<std::string>> names(std::string_view keyword, const Node& value);
  /// Whether the value is a map; reports if not.
  bool is_map(std::string_view keyword, const Node& value, std::string_view expected);

 private:
  struct Open {
    const Node* node;
    const Context* context;
    Compiled* compiled;
  };

  Compiled& compiled(Place& place);
  const Compiled* compile_in(const Node& schema);
  void fill(const Node& schema, Place& place);
  void fill_keywords(const Node& schema, Compiled& compiled);
  void report_unknown(const Member& member, const Keyword* keyword);
  void take_anchors(Resource& resource, Compiled& compiled);
  void drain();

  const Options options_;
  document::Diagnostics& diagnostics_;
  const std::shared_ptr<Model> model_;
  Resources resources_;
  std::deque<Node> copies_;
  std::vector<Open> open_;
  std::deque<const Node*> waiting_;  ///< referred to and not compiled yet
  Cycles cycles_;
  std::unordered_map<std::string, PatternResult> patterns_;
};

}  // namespace counterpart::schema

#pragma once
/// What the keyword files and schema.cpp share: a compiled keyword, what it gets to judge a value, and what it is
/// compiled with. Nobody outside of this folder includes it.

#include <initializer_list>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/schema/schema.h"

namespace counterpart::schema {

using document::Kind;
using document::Node;
using document::suggestion;

/// A place in a value or a schema, as a chain on the stack: it costs nothing until a violation needs its text.
struct Path {
  const Path* parent = nullptr;
  std::string_view name = {};  ///< of a member; unused for an item
  std::optional<size_t> index = {};

  /// As a JSON Pointer. `path` may be nullptr: the root.
  static std::string pointer(const Path* path);
};

/// One keyword's or subschema's view of a validation in progress.
class Visit {
 public:
  Visit(std::vector<Violation>& violations, const Path* instance, const Path* schema)
      : violations_(violations), instance_(instance), schema_(schema) {}

  void fail(std::string expected, std::string actual) const;
  /// There is no use in looking for more violations.
  bool is_full() const { return violations_.size() >= Schema::violations_max; }

  /// Judges a part of the value. `schema_name` is the subschema's name below the keyword, if it has one.
  void descend(const Schema& schema, const Json& value, std::string_view member,
               std::string_view schema_name = {}) const;
  void descend(const Schema& schema, const Json& value, size_t index) const;

  /// Applies a whole schema to a value here.
  void apply(const Schema& schema, const Json& value) const;

 private:
  std::vector<Violation>& violations_;
  const Path* instance_;
  const Path* schema_;
};

/// A compiled keyword.
class Check {
 public:
  virtual ~Check() = default;
  /// Reports to `visit` if `value` does not fit; a value the keyword does not speak of (a minimum of text) fits.
  virtual void run(const Json& value, const Visit& visit) const = 0;
};

/// What keywords are compiled with.
class Compiler {
 public:
  Compiler(const std::shared_ptr<const document::Source>& source, document::Diagnostics& diagnostics)
      : source_(source), diagnostics_(diagnostics) {}

  Schema compile(const Node& node);

  /// The schema that is being compiled: for keywords that depend on their neighbours.
  const Node& siblings() const { return *siblings_.back(); }
  /// What Schema::types() and items() tell of the schema that is being compiled.
  void set_types(std::vector<std::string> types);
  void set_items(const Schema* items);

  void error(document::Position at, std::string message, std::string hint = {}, size_t width = 1);
  void warning(document::Position at, std::string message, std::string hint = {}, size_t width = 1);
  /// Reports that a keyword's value is not `expected` ("a number").
  void wrong_type(std::string_view keyword, const Node& value, std::string_view expected);

  /// A keyword's value as what the keyword needs; nullopt, and an error, when it is something else.
  std::optional<Json> number(std::string_view keyword, const Node& value);
  std::optional<size_t> count(std::string_view keyword, const Node& value);
  std::optional<std::vector<std::string>> names(std::string_view keyword, const Node& value);

 private:
  void compile_keyword(const document::Member& member, Schema::Compiled& compiled);

  const std::shared_ptr<const document::Source>& source_;
  document::Diagnostics& diagnostics_;
  std::vector<const Node*> siblings_;
  std::vector<Schema::Compiled*> open_;
};

/// nullptr when the value says nothing, or is wrong and was reported.
using Compile = std::unique_ptr<Check> (*)(const Node& value, Compiler& compiler);

struct Keyword {
  std::string_view name;
  Compile compile;
  bool applies_others = false;  ///< judges parts of the value: runs after what judges the value itself
};

/// The families, one a file.
std::span<const Keyword> general_keywords();  // type, const, enum
std::span<const Keyword> number_keywords();
std::span<const Keyword> string_keywords();
std::span<const Keyword> array_keywords();
std::span<const Keyword> object_keywords();

}  // namespace counterpart::schema

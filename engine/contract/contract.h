#pragma once
/// The executable contract of one API, as loaded from contract.yaml: the model that every player reads. docs/format.md
/// says what each part means; loader.h makes one, router.h finds its operations, engine.h answers with it.

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/document/diagnostic.h"
#include "engine/expression/program.h"
#include "engine/expression/template.h"
#include "engine/schema/schema.h"
#include "engine/state/collection.h"

namespace counterpart::contract {

using Json = nlohmann::ordered_json;

/// Where a parameter stands in a request.
enum class Place { path, query, header, cookie, body };

/// "path", "query", "header", "cookie", "body".
std::string_view name_of(Place place);

struct Parameter {
  std::string name;
  Place in = Place::query;
  bool required = false;     ///< always true in the path
  bool allow_empty = false;  ///< `allowEmptyValue`: "" is a value; in the path it also matches an empty segment
  bool explode = true;       ///< lists: a repeated name; false: one value, separated by commas
  std::optional<Json> default_value;
  std::optional<Json> literal;  ///< `const`: tells operations apart that share method and path
  schema::Schema schema;
  document::Location where;
};

/// What a request's body may be: one schema a media type. No entry: nothing is said of bodies.
struct Body {
  bool required = false;
  std::vector<std::pair<std::string, schema::Schema>> content;
};

/// How a credential is presented (OpenAPI's security schemes).
struct SecurityScheme {
  enum class Kind { api_key, http_bearer, http_basic };
  std::string name;
  Kind kind = Kind::api_key;
  Place in = Place::query;          ///< api_key
  std::string parameter;            ///< api_key: the parameter's name
  expression::Template credential;  ///< what a client of the contract's own state presents
};

/// One part of an answer that the source document does not state, with the reason for the choice.
struct Undocumented {
  std::string part;  ///< "response" (all of it), "status", "headers" or "body"
  std::string reason;
};

/// One answer of an operation, by name.
struct Response {
  std::string name;
  int status = 200;
  std::string description;
  std::vector<std::pair<std::string, expression::Template>> headers;
  std::string content_type;  ///< "" when there is no body
  bool has_body = false;
  expression::Template body;
  std::optional<std::string> example;            ///< the body as the document prints it, where `body` needs state
  std::shared_ptr<const schema::Schema> schema;  ///< the body's; nullptr: the contract names none
  std::vector<Undocumented> undocumented;
  document::Location where;

  /// Whether the source document has this response, if not every part of it.
  bool documented() const;
};

struct Rule {
  std::optional<expression::SnippetId> when;
  std::optional<expression::SnippetId> act;  ///< `do`
  size_t response = 0;                       ///< into Operation::responses
  document::Location where;
};

/// A piece of a path: a literal (decoded) or a {parameter}.
struct Segment {
  bool is_parameter = false;
  bool allow_empty = false;
  std::string text;  ///< the literal, or the parameter's name
};

struct Operation {
  std::string id;
  std::string summary;
  std::string undocumented;      ///< why it is there although the source document does not have it; "": it does
  std::vector<size_t> security;  ///< into Contract::security; the first that is presented counts
  bool destructive = false;
  std::string method;
  std::string path;  ///< as written
  std::vector<Segment> segments;
  bool either_slash = false;
  std::vector<Parameter> parameters;
  Body body;
  std::vector<Rule> rules;                       ///< the contract's, then its own
  std::optional<expression::SnippetId> observe;  ///< what a real target's answer tells of its state (Engine::observe)
  std::vector<std::shared_ptr<const Response>> responses;
  document::Location where;

  /// Whether the source document has this response of this operation, if not every part of it.
  bool documents(const Response& response) const { return undocumented.empty() && response.documented(); }
  bool changes_state() const;  ///< whether a rule has a `do`
  const Response* find_response(std::string_view name) const;
};

/// A `let`: a name for an expression.
struct Let {
  std::string name;
  expression::SnippetId expression;
};

/// What a collection starts with: each template renders an item, or a list of items.
struct ItemTemplate {
  expression::Template value;
  document::Location where;
};
using Items = std::vector<ItemTemplate>;

struct Collection {
  std::shared_ptr<const state::CollectionSpec> spec;
  Items items;
};

struct Contract {
  std::string name;
  std::string title;
  std::string source_document;
  std::vector<std::string> servers;
  Json variables = Json::object();
  std::optional<int64_t> clock_ms;  ///< where the clock starts; none: at the real time
  bool clock_is_real = false;       ///< the clock runs with real time
  std::vector<SecurityScheme> security;
  std::vector<Collection> state;
  std::vector<Let> lets;
  std::vector<Operation> operations;
  expression::Program program;
  std::string folder;
  std::shared_ptr<const document::Source> source;

  const Operation* find_operation(std::string_view id) const;
  /// Of one of `operations`.
  size_t index_of(const Operation& operation) const { return static_cast<size_t>(&operation - operations.data()); }
};

}  // namespace counterpart::contract

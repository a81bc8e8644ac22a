#pragma once
/// Internal to the loaders of contracts and scenarios: their parts, and what they share while a file is being read.

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/contract/contract.h"
#include "engine/contract/fields.h"
#include "engine/schema/library.h"

namespace counterpart::contract {

/// A rule as written: `respond` is resolved for each operation it applies to.
struct WrittenRule {
  Rule rule;
  std::string respond;
  document::Position respond_at;
};

struct Loading {
  Contract& contract;
  const Reading& reading;
  const document::Node& root;
  schema::Library& schemas;
  std::map<std::string, std::shared_ptr<const Response>, std::less<>> shared_responses;
  std::vector<WrittenRule> shared_rules;
  expression::SnippetId world_end = 0;  ///< the snippets before see nothing of a request: credentials, items
  bool state_is_good = false;           ///< `state` has no mistake but, perhaps, in its expressions
};

/// Text for one line of a header or a terminal: no control characters.
std::string one_line(std::string text);
/// Reports a name that is more than letters, digits, ".", "_" and "-": it goes into headers and onto terminals.
void check_plain_name(const Reading& reading, document::Position at, std::string_view what, std::string_view name);

/// Names an expression always knows: a let or a collection may not take them.
const std::vector<std::string>& scope_names();

/// Whether an expression can know something by the member's key; reports why not. `what` is the field's word for it.
bool is_free_name(const Reading& reading, const document::Member& member, std::string_view what);
/// A scalar as a snippet of the program; anything else is an error, and a harmless snippet.
expression::SnippetId add_snippet(const document::Node& node, bool statements, const Reading& reading,
                                  expression::Program& program);
/// `items` of a collection: a list, or one template that gives a list.
Items load_items(const document::Node& node, const Reading& reading, expression::Program& program);
/// What the expressions of a contract or a scenario know beside the helpers and what is assigned.
struct KnownNames {
  std::vector<std::string> all;
  std::vector<std::string> world;  ///< for the first `world_end` snippets, which see nothing of a request
  expression::SnippetId world_end = 0;
  std::vector<Let> lets;                      ///< none may need itself
  std::set<expression::SnippetId> observers;  ///< these know `response` as well
};
/// Compiles every snippet once and looks its names up, so that a slip is found now and not in a request.
void check_expressions(const expression::Program& program, const KnownNames& known, const Reading& reading);
/// The names alone, of all but the `broken` snippets.
void check_names(const expression::Program& program, const std::set<expression::SnippetId>& broken,
                 const KnownNames& known, const Reading& reading);

/// RFC 9110, 15.3.5, 15.3.6 and 15.4.5.
bool has_never_a_body(int status);
/// Reports a header that is not for a contract or a scenario to set.
void check_header_name(const Reading& reading, const document::Member& member);
std::vector<WrittenRule> load_rules(Loading& loading, const std::vector<document::Node>& nodes);
Response load_response(Loading& loading, const std::string& name, const document::Node& node);
void load_request(Loading& loading, Operation& operation, const document::Node& node);
void load_operation(Loading& loading, const std::string& id, document::Position id_at, const document::Node& node);
void load_state(Loading& loading, const std::vector<document::Member>& members);
void load_security(Loading& loading, const std::vector<document::Member>& members);
void load_lets(Loading& loading, const std::vector<document::Member>& members);

}  // namespace counterpart::contract

/// The parts of a contract that say what it remembers: variables' users, security schemes, collections, lets.
#include <fmt/format.h>

#include <algorithm>

#include "engine/contract/load_parts.h"
#include "engine/http/media_type.h"

namespace counterpart::contract {

using document::Kind;
using document::Member;
using document::Node;
using expression::Template;

namespace {

bool is_identifier(std::string_view text) {
  static constexpr std::string_view keywords[] = {
      "and", "break", "do",  "else", "elseif", "end",    "false",  "for",  "function", "goto",  "if",
      "in",  "local", "nil", "not",  "or",     "repeat", "return", "then", "true",     "until", "while"};
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  const bool letters = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  return letters && std::find(std::begin(keywords), std::end(keywords), text) == std::end(keywords);
}

}  // namespace

bool is_free_name(const Reading& reading, const Member& member, std::string_view what) {
  const auto taken_by = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), member.key) != names.end();
  };
  std::string problem;
  if (!is_identifier(member.key)) {
    problem = "is not a name expressions can use: letters, digits and _, no Lua keyword";
  } else if (taken_by(scope_names()) || taken_by(expression::Interpreter::builtin_names())) {
    problem = "is a name expressions already have";
  }
  if (problem.empty()) return true;
  reading.error(member.key_at, fmt::format("the {} \"{}\" {}", what, member.key, problem), {},
                std::max<size_t>(member.key.size(), 1));
  return false;
}

Items load_items(const Node& node, const Reading& reading, expression::Program& program) {
  // A list is its items; a map is one template that gives a list, as {$map: ..., each(x): ...} does.
  if (!node.is(Kind::list) && !node.is(Kind::map)) expected(reading, node, "a list of items");
  Items items;
  const auto add = [&](const Node& item) {
    items.push_back({Template::compile(item, Template::Form::json, reading.source, program, reading.diagnostics),
                     reading.at(item.at)});
  };
  if (node.is(Kind::map)) add(node);
  for (const Node& item : node.items) add(item);
  return items;
}

expression::SnippetId add_snippet(const Node& node, bool statements, const Reading& reading,
                                  expression::Program& program) {
  document::Position at = node.at;
  if (node.block) at = {at.line + 1, 0};
  if (!node.is_scalar() || node.is(Kind::null)) {
    expected(reading, node, statements ? "statements" : "an expression");
    return program.add({"nil", reading.at(at), false, {}});
  }
  return program.add({node.text, reading.at(at), statements, {}});
}

void load_lets(Loading& loading, const std::vector<Member>& members) {
  for (const Member& member : members) {
    if (!is_free_name(loading.reading, member, "let")) continue;
    const auto& state = loading.contract.state;
    if (std::any_of(state.begin(), state.end(),
                    [&](const Collection& other) { return other.spec->name == member.key; })) {
      loading.reading.error(member.key_at, fmt::format("the let \"{}\" is already a collection", member.key), {},
                            member.key.size());
      continue;
    }
    loading.contract.lets.push_back(
        {member.key, add_snippet(member.value, false, loading.reading, loading.contract.program)});
  }
}

void load_security(Loading& loading, const std::vector<Member>& members) {
  for (const Member& member : members) {
    Fields fields(member.value, "a security scheme", loading.reading);
    if (!fields.good()) continue;
    SecurityScheme scheme;
    scheme.name = member.key;
    if (fields.choice("type", {"apiKey", "http"}) == "apiKey") {
      const std::string place = fields.choice("in", {"query", "header", "cookie"});
      scheme.in = place == "query" ? Place::query : place == "header" ? Place::header : Place::cookie;
      scheme.parameter = fields.required_text("name");
      if (scheme.in != Place::query && !scheme.parameter.empty() && !http::is_token(scheme.parameter)) {
        loading.reading.error(fields.find("name")->at,
                              fmt::format("\"{}\" is no name of a {}", scheme.parameter, place), {},
                              scheme.parameter.size());
      }
    } else {
      const bool bearer = fields.choice("scheme", {"bearer", "basic"}) == "bearer";
      scheme.kind = bearer ? SecurityScheme::Kind::http_bearer : SecurityScheme::Kind::http_basic;
    }
    if (const Node* credential = fields.find("credential")) {
      scheme.credential = Template::compile(*credential, Template::Form::text, loading.reading.source,
                                            loading.contract.program, loading.reading.diagnostics);
    }
    fields.text("description");
    fields.finish();
    loading.contract.security.push_back(std::move(scheme));
  }
}

void load_state(Loading& loading, const std::vector<Member>& members) {
  for (const Member& member : members) {
    if (!is_free_name(loading.reading, member, "collection")) continue;
    Fields fields(member.value, "a collection", loading.reading);
    if (!fields.good()) continue;
    auto spec = std::make_shared<state::CollectionSpec>();
    spec->name = member.key;
    spec->key = fields.required_text("key");
    spec->index = fields.texts("index");
    spec->order = fields.text("order");
    spec->expires = fields.text("expires");
    Collection collection;
    if (const Node* items = fields.find("items")) {
      collection.items = load_items(*items, loading.reading, loading.contract.program);
    }
    fields.finish();
    collection.spec = std::move(spec);
    loading.contract.state.push_back(std::move(collection));
  }
}

}  // namespace counterpart::contract

/// Operations: their rules and responses. Their requests are read in load_request.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "engine/contract/load_parts.h"
#include "engine/document/yaml.h"
#include "engine/http/media_type.h"
#include "engine/http/message.h"

namespace counterpart::contract {

using document::Kind;
using document::Member;
using document::Node;
using expression::Template;

namespace {

std::vector<std::string> names_of(const std::vector<std::shared_ptr<const Response>>& responses) {
  std::vector<std::string> names;
  for (const auto& response : responses) names.push_back(response->name);
  return names;
}

/// Why something is undocumented; an empty reason is an error, and none.
std::string load_reason(const Reading& reading, const Node& node) {
  if (!node.is_scalar() || node.is(Kind::null)) {
    expected(reading, node, "a reason");
    return {};
  }
  std::string reason = one_line(node.text);
  if (reason.empty()) reading.error(node.at, "the reason must not be empty");
  return reason;
}

void load_undocumented(const Reading& reading, Response& response, const Node* node) {
  if (node == nullptr) return;
  if (!node->is(Kind::map)) {
    response.undocumented.push_back({"response", load_reason(reading, *node)});
    return;
  }
  Fields fields(*node, "`undocumented`", reading);
  if (!fields.good()) return;
  for (const char* part : {"status", "headers", "body"}) {
    if (const Node* reason = fields.find(part)) response.undocumented.push_back({part, load_reason(reading, *reason)});
  }
  fields.finish();
}

void load_header(Loading& loading, Response& response, const Member& member) {
  const Reading& reading = loading.reading;
  check_header_name(reading, member);
  Template value = Template::compile(member.value, Template::Form::text, reading.source, loading.contract.program,
                                     reading.diagnostics);
  if (value.is_constant() && http::field_value(value.text()) != value.text()) {
    reading.error(member.value.at, "a header's value is one line without control characters");
  }
  response.headers.emplace_back(member.key, std::move(value));
}

void load_body_file(Loading& loading, Response& response, const Node& node) {
  namespace fs = std::filesystem;
  const fs::path relative = fs::path(node.text).lexically_normal();
  if (relative.empty() || relative.is_absolute() || *relative.begin() == "..") {
    loading.reading.error(node.at, "a body-file stands in the contract's own folder", {},
                          std::max<size_t>(node.text.size(), 1));
    return;
  }
  const auto file =
      document::read_source((fs::path(loading.contract.folder) / relative).string(), loading.reading.diagnostics);
  if (file == nullptr) {
    loading.reading.error(node.at, fmt::format("the body-file \"{}\" cannot be read", node.text), {}, node.text.size());
    return;
  }
  response.has_body = true;
  response.content_type = http::media_type_of_file(node.text);
  response.body = Template(file->text);
}

void load_body(Loading& loading, Response& response, Fields& fields) {
  const Node* body = fields.find("body");
  const Node* file = fields.find("body-file");
  const std::string content_type = fields.text("content-type");
  if (const Node* type = fields.find("content-type"); type != nullptr && !http::is_media_type(content_type)) {
    loading.reading.error(type->at, fmt::format("\"{}\" is no media type", content_type),
                          "for example application/json", std::max<size_t>(content_type.size(), 1));
  }
  for (const Node* node : {body, file}) {
    if (node == nullptr || !has_never_a_body(response.status)) continue;
    loading.reading.error(node->at, fmt::format("a {} has no body", response.status));
  }
  if (body != nullptr && file != nullptr)
    loading.reading.error(file->at, "a response has a body or a body-file, not both");
  if (body != nullptr) {
    const bool as_json = !body->is(Kind::text) || (!content_type.empty() && http::is_json(content_type));
    response.has_body = true;
    response.content_type = as_json ? "application/json" : "text/plain";
    response.body = Template::compile(*body, as_json ? Template::Form::json : Template::Form::text,
                                      loading.reading.source, loading.contract.program, loading.reading.diagnostics);
  } else if (file != nullptr) {
    load_body_file(loading, response, *file);
  }
  if (!content_type.empty()) response.content_type = content_type;
}

void load_example(const Loading& loading, Response& response, const Node* node) {
  if (node == nullptr) return;
  expression::Program unused;
  const Template example =
      Template::compile(*node,
                        response.content_type.empty() || http::is_json(response.content_type) ? Template::Form::json
                                                                                              : Template::Form::text,
                        loading.reading.source, unused, loading.reading.diagnostics);
  if (!example.is_constant()) loading.reading.error(node->at, "an example is literal: no ${...}, $map or $if");
  response.example = example.text();
}

std::shared_ptr<const Response> load_operation_response(Loading& loading, const Member& member) {
  check_plain_name(loading.reading, member.key_at, "the response", member.key);
  const Node* reference = member.value.find("$ref");
  if (reference == nullptr) return std::make_shared<const Response>(load_response(loading, member.key, member.value));
  constexpr std::string_view prefix = "#/responses/";
  const std::string_view target = reference->text;
  const auto found = target.rfind(prefix, 0) == 0 ? loading.shared_responses.find(target.substr(prefix.size()))
                                                  : loading.shared_responses.end();
  if (found == loading.shared_responses.end()) {
    std::vector<std::string> known;
    for (const auto& [name, response] : loading.shared_responses) known.push_back(std::string(prefix) + name);
    loading.reading.error(reference->at, fmt::format("\"{}\" leads to no response", target),
                          document::suggestion(target, known), std::max<size_t>(target.size(), 1));
    // In its place, so that what gives it is not an error too.
    auto placeholder = std::make_shared<Response>();
    placeholder->name = member.key;
    return placeholder;
  }
  if (found->first == member.key) return found->second;
  auto renamed = std::make_shared<Response>(*found->second);
  renamed->name = member.key;
  return renamed;
}

/// The written rules as this operation's: `respond` looked up among its responses.
void resolve_rules(Loading& loading, Operation& operation, const std::vector<WrittenRule>& written, bool shared) {
  if (operation.responses.empty()) return;  // reported
  for (const WrittenRule& rule : written) {
    const auto named = std::find_if(operation.responses.begin(), operation.responses.end(),
                                    [&](const auto& response) { return response->name == rule.respond; });
    if (named == operation.responses.end()) {
      if (rule.respond.empty()) continue;  // reported when it was read
      const std::string hint = document::suggestion(rule.respond, names_of(operation.responses));
      if (shared) {
        loading.reading.error(
            operation.where.at,
            fmt::format("operation \"{}\" has no response \"{}\", which the contract's rule of line {} gives",
                        operation.id, rule.respond, rule.rule.where.at.line),
            hint, operation.id.size());
      } else {
        loading.reading.error(rule.respond_at,
                              fmt::format("operation \"{}\" has no response \"{}\"", operation.id, rule.respond), hint,
                              rule.respond.size());
      }
      continue;
    }
    operation.rules.push_back(rule.rule);
    operation.rules.back().response = static_cast<size_t>(named - operation.responses.begin());
  }
}

void load_operation_security(const Loading& loading, Operation& operation, const Node* node, Fields& fields) {
  if (node == nullptr || node->text == "none") return;
  for (const std::string& name : fields.texts("security")) {
    const auto& schemes = loading.contract.security;
    const auto found =
        std::find_if(schemes.begin(), schemes.end(), [&](const auto& scheme) { return scheme.name == name; });
    if (found != schemes.end()) {
      operation.security.push_back(static_cast<size_t>(found - schemes.begin()));
      continue;
    }
    std::vector<std::string> known{"none"};
    for (const SecurityScheme& scheme : schemes) known.push_back(scheme.name);
    loading.reading.error(node->at, fmt::format("there is no security scheme \"{}\"", name),
                          document::suggestion(name, known), std::max<size_t>(name.size(), 1));
  }
}

/// Headers that say where a message ends, or whose it is: the mock's to send (RFC 9110, 7.6.1; RFC 9112, 6).
bool is_the_mocks(const std::string& name) {
  static constexpr std::string_view names[] = {
      "content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection", "te", "trailer",
      "upgrade"};
  return name.starts_with("counterpart-") || std::find(std::begin(names), std::end(names), name) != std::end(names);
}

}  // namespace

bool has_never_a_body(int status) { return status == 204 || status == 205 || status == 304; }

void check_header_name(const Reading& reading, const Member& member) {
  const auto refuse = [&](const std::string& message, const std::string& hint = {}) {
    reading.error(member.key_at, message, hint, std::max<size_t>(member.key.size(), 1));
  };
  const std::string name = http::lower_case(member.key);
  if (!http::is_token(member.key)) {
    refuse(fmt::format("\"{}\" is no name of a header", member.key));
  } else if (name == "content-type") {
    refuse("a response's media type is not among its headers", "write `content-type: ...` beside `headers`");
  } else if (is_the_mocks(name)) {
    refuse(fmt::format("the header \"{}\" is the mock's own to send", member.key));
  }
}

std::vector<WrittenRule> load_rules(Loading& loading, const std::vector<Node>& nodes) {
  std::vector<WrittenRule> rules;
  for (const Node& node : nodes) {
    Fields fields(node, "a rule", loading.reading);
    if (!fields.good()) continue;
    WrittenRule written;
    written.rule.where = loading.reading.at(node.at);
    if (const Node* when = fields.find("when"))
      written.rule.when = add_snippet(*when, false, loading.reading, loading.contract.program);
    if (const Node* act = fields.find("do"))
      written.rule.act = add_snippet(*act, true, loading.reading, loading.contract.program);
    written.respond = fields.required_text("respond");
    if (const Node* respond = node.find("respond")) written.respond_at = respond->at;
    fields.finish();
    rules.push_back(std::move(written));
  }
  return rules;
}

Response load_response(Loading& loading, const std::string& name, const Node& node) {
  Response response;
  response.name = name;
  response.where = loading.reading.at(node.at);
  Fields fields(node, "a response", loading.reading);
  if (!fields.good()) return response;
  if (const Node* status = fields.require("status")) {
    const auto number = fields.integer("status");
    if (number && (*number < 200 || *number > 599)) {
      loading.reading.error(status->at, "a status is a number from 200 to 599", {}, status->text.size());
    } else if (number) {
      response.status = static_cast<int>(*number);
    }
  }
  response.description = fields.text("description");
  for (const Member& member : fields.map("headers")) load_header(loading, response, member);
  load_body(loading, response, fields);
  load_example(loading, response, fields.find("example"));
  if (const Node* body = fields.find("schema")) {
    response.schema = std::make_shared<const schema::Schema>(loading.schemas.compile(*body));
  }
  load_undocumented(loading.reading, response, fields.find("undocumented"));
  fields.finish();
  return response;
}

void load_operation(Loading& loading, const std::string& id, document::Position id_at, const Node& node) {
  Operation operation;
  operation.id = id;
  check_plain_name(loading.reading, id_at, "the operation", id);
  operation.where = loading.reading.at(id_at);
  Fields fields(node, "an operation", loading.reading);
  if (!fields.good()) return;
  operation.summary = fields.text("summary");
  fields.text("description");
  if (const Node* reason = fields.find("undocumented")) operation.undocumented = load_reason(loading.reading, *reason);
  operation.destructive = fields.boolean("destructive", false);
  load_operation_security(loading, operation, fields.find("security"), fields);
  if (const Node* request = fields.require("request")) load_request(loading, operation, *request);
  for (const Member& member : fields.map("responses")) {
    operation.responses.push_back(load_operation_response(loading, member));
  }
  if (fields.require("responses") != nullptr && operation.responses.empty()) {
    loading.reading.error(id_at, fmt::format("operation \"{}\" has no responses", id), {},
                          std::max<size_t>(id.size(), 1));
  }
  if (const Node* observe = fields.find("observe")) {
    operation.observe = add_snippet(*observe, true, loading.reading, loading.contract.program);
  }
  resolve_rules(loading, operation, loading.shared_rules, true);
  resolve_rules(loading, operation, load_rules(loading, fields.list("rules")), false);
  fields.finish();
  loading.contract.operations.push_back(std::move(operation));
}

}  // namespace counterpart::contract

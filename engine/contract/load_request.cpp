/// What an operation's request looks like: method, path, parameters, body.
#include <fmt/format.h>

#include <algorithm>

#include "engine/contract/load_parts.h"
#include "engine/http/media_type.h"
#include "engine/http/url.h"

namespace counterpart::contract {

using document::Kind;
using document::Member;
using document::Node;

namespace {

constexpr size_t segments_max = 64;

/// "/a/{b}/c" to segments. Reports what is no path.
std::vector<Segment> load_path(const Reading& reading, const Node& node) {
  const std::string& path = node.text;
  const auto fail = [&](const std::string& message, const std::string& hint = {}) {
    reading.error(node.at, message, hint, std::max<size_t>(path.size(), 1));
    return std::vector<Segment>{};
  };
  if (path.empty() || path[0] != '/') return fail("a path begins with \"/\"");
  if (path.find_first_of("?#") != std::string::npos)
    return fail("a path has no query", "parameters of the query go under `query`");
  const std::string first = http::percent_decode(path.substr(1, path.find('/', 1) - 1)).value_or("");
  if (first.starts_with('~')) return fail("a path that begins with \"/~\" chooses a space of the mock");
  if (first == "__counterpart") return fail("what is under \"/__counterpart/\" is the mock's admin API");
  std::vector<Segment> segments;
  for (size_t at = 1; at <= path.size();) {
    const size_t end = std::min(path.find('/', at), path.size());
    const std::string piece = path.substr(at, end - at);
    at = end + 1;
    if (piece.find_first_of("{}") == std::string::npos) {
      const auto decoded = http::percent_decode(piece);
      if (!decoded) return fail(fmt::format("\"{}\" has a bad percent escape", piece));
      segments.push_back({false, false, *decoded});
      continue;
    }
    const std::string name = piece.size() > 2 ? piece.substr(1, piece.size() - 2) : std::string();
    if (piece.front() != '{' || piece.back() != '}' || name.empty() || name.find_first_of("{}") != std::string::npos) {
      return fail(fmt::format("\"{}\" is neither a literal nor a {{parameter}}", piece));
    }
    const bool twice = std::any_of(segments.begin(), segments.end(),
                                   [&](const Segment& other) { return other.is_parameter && other.text == name; });
    if (twice) return fail(fmt::format("the path has the parameter \"{}\" twice", name));
    segments.push_back({true, false, name});
  }
  if (segments.size() > segments_max) return fail(fmt::format("a path has at most {} segments", segments_max));
  return segments;
}

/// The schema keywords among a parameter's keys.
Node schema_node(const Node& node) {
  Node schema = node;
  std::erase_if(schema.members, [](const Member& member) {
    return member.key == "required" || member.key == "allowEmptyValue" || member.key == "explode";
  });
  return schema;
}

Parameter load_parameter(Loading& loading, const std::string& name, Place in, const Node& node) {
  const Reading& reading = loading.reading;
  Parameter parameter;
  parameter.name = name;
  parameter.in = in;
  parameter.where = reading.at(node.at);
  parameter.required = in == Place::path;
  if (node.is(Kind::null)) return parameter;
  Fields fields(node, fmt::format("the parameter \"{}\"", name), reading);
  if (!fields.good()) return parameter;
  parameter.required = fields.boolean("required", parameter.required);
  parameter.allow_empty = fields.boolean("allowEmptyValue", false);
  parameter.explode = fields.boolean("explode", true);
  if (const Node* value = fields.find("default")) parameter.default_value = value->to_json();
  if (const Node* value = fields.find("const")) {
    if (value->is_scalar() && !value->is(Kind::null)) {
      parameter.literal = value->to_json();
    } else {
      expected(reading, *value, "a scalar");
    }
  }
  if (in == Place::path && parameter.literal) {
    reading.error(node.at, fmt::format("the path parameter \"{}\" can have one value only", name),
                  "write the value into the path");
  }
  if (in == Place::path && !parameter.required) {
    reading.error(node.at, fmt::format("the path parameter \"{}\" is always required", name));
  }
  parameter.schema = loading.schemas.compile_copy(schema_node(node));
  if (parameter.default_value) {
    const auto violations = parameter.schema.validate(*parameter.default_value);
    if (!violations.empty())
      reading.error(node.find("default")->at, "the default breaks its own schema: it " + violations[0].text());
  }
  return parameter;
}

void load_parameters(Loading& loading, Operation& operation, Place in, const std::vector<Member>& members) {
  const Reading& reading = loading.reading;
  for (const Member& member : members) {
    if ((in == Place::header || in == Place::cookie) && !http::is_token(member.key)) {
      reading.error(member.key_at, fmt::format("\"{}\" is no name of a {}", member.key, name_of(in)), {},
                    std::max<size_t>(member.key.size(), 1));
    }
    operation.parameters.push_back(load_parameter(loading, member.key, in, member.value));
  }
}

void load_path_parameters(Loading& loading, Operation& operation, const std::vector<Member>& members) {
  const Reading& reading = loading.reading;
  load_parameters(loading, operation, Place::path, members);
  for (const Member& member : members) {
    const bool in_path = std::any_of(operation.segments.begin(), operation.segments.end(), [&](const Segment& segment) {
      return segment.is_parameter && segment.text == member.key;
    });
    if (in_path || operation.segments.empty()) continue;
    reading.error(member.key_at, fmt::format("the path has no {{{}}}", member.key), {}, member.key.size());
  }
  for (Segment& segment : operation.segments) {
    if (!segment.is_parameter) continue;
    const auto declared = std::find_if(
        operation.parameters.begin(), operation.parameters.end(),
        [&](const Parameter& parameter) { return parameter.in == Place::path && parameter.name == segment.text; });
    if (declared != operation.parameters.end()) {
      segment.allow_empty = declared->allow_empty;
    } else {
      operation.parameters.push_back({});
      operation.parameters.back().name = segment.text;
      operation.parameters.back().in = Place::path;
      operation.parameters.back().required = true;
      operation.parameters.back().where = operation.where;
    }
  }
}

/// Fields of a JSON body with `const` tell operations apart as parameters do.
void load_body_literals(Loading& loading, Operation& operation, const Node& schema) {
  const Node* properties = loading.schemas.followed(schema).find("properties");
  if (properties == nullptr || !properties->is(Kind::map)) return;
  for (const Member& member : properties->members) {
    const Node* literal = loading.schemas.followed(member.value).find("const");
    if (literal == nullptr || !literal->is_scalar()) continue;
    Parameter parameter;
    parameter.name = member.key;
    parameter.in = Place::body;
    parameter.literal = literal->to_json();
    parameter.where = loading.reading.at(literal->at);
    operation.parameters.push_back(std::move(parameter));
  }
}

void load_body(Loading& loading, Operation& operation, const Node* node) {
  if (node == nullptr) return;
  const Reading& reading = loading.reading;
  Fields fields(*node, "the request's body", reading);
  if (!fields.good()) return;
  operation.body.required = fields.boolean("required", false);
  fields.text("description");
  for (const Member& member : fields.map("content")) {
    if (!http::is_media_type(member.key)) {
      reading.error(member.key_at, fmt::format("\"{}\" is no media type", member.key), "for example application/json",
                    std::max<size_t>(member.key.size(), 1));
    }
    operation.body.content.emplace_back(member.key, loading.schemas.compile(member.value));
    load_body_literals(loading, operation, member.value);
  }
  fields.finish();
}

bool is_method(std::string_view text) {
  return !text.empty() && text.size() <= 32 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '-'; });
}

}  // namespace

void load_request(Loading& loading, Operation& operation, const Node& node) {
  const Reading& reading = loading.reading;
  Fields fields(node, "a request", reading);
  if (!fields.good()) return;
  operation.method = fields.required_text("method");
  if (const Node* method = node.find("method"); method != nullptr && !is_method(operation.method)) {
    reading.error(method->at, "a method is written in capitals, as in GET", {},
                  std::max<size_t>(method->text.size(), 1));
    operation.method.clear();
  }
  operation.path = fields.required_text("path");
  if (const Node* path = node.find("path"); path != nullptr && !operation.path.empty()) {
    operation.segments = load_path(reading, *path);
  }
  operation.either_slash = fields.choice("trailing-slash", {"strict", "either"}) == "either";
  load_path_parameters(loading, operation, fields.map("path-parameters"));
  load_parameters(loading, operation, Place::query, fields.map("query"));
  load_parameters(loading, operation, Place::header, fields.map("headers"));
  load_parameters(loading, operation, Place::cookie, fields.map("cookies"));
  load_body(loading, operation, fields.find("body"));
  fields.finish();
}

}  // namespace counterpart::contract

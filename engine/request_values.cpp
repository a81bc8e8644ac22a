#include "engine/request_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/document/json.h"
#include "engine/http/media_type.h"

namespace counterpart::engine {

using contract::Parameter;
using contract::Place;

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

template <typename Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Text as a value of a JSON Schema type, or nullopt when it is none.
std::optional<Json> as_type(std::string_view text, std::string_view type) {
  if (type == "string") return Json(std::string(text));
  if (type == "boolean") {
    if (text == "true") return Json(true);
    if (text == "false") return Json(false);
    return std::nullopt;
  }
  if (type == "null") return text == "null" ? std::optional(Json(nullptr)) : std::nullopt;
  if (type != "integer" && type != "number") return std::nullopt;
  if (const auto integer = number_of<int64_t>(text)) return Json(*integer);
  // JSON's own grammar: no "inf", no "0x10", no "1." and no "+1".
  const auto parsed = document::parse_json(text);
  if (!parsed || !parsed->is_number()) return std::nullopt;
  // What is no int64 is no integer here: expressions hold integers up to 2^63.
  return type == "integer" ? std::nullopt : parsed;
}

/// The types a parameter's text may be coerced to, most telling first.
const std::vector<std::string>& types_of(const std::vector<std::string>& declared, const std::optional<Json>& literal) {
  static const std::vector<std::string> number{"number"}, boolean{"boolean"}, string{"string"};
  if (!declared.empty()) return declared;
  if (literal && literal->is_number()) return number;
  if (literal && literal->is_boolean()) return boolean;
  return string;
}

std::optional<Json> coerce_scalar(std::string_view text, const std::vector<std::string>& types) {
  for (const char* type : {"integer", "number", "boolean", "null", "string"}) {
    if (std::find(types.begin(), types.end(), type) == types.end()) continue;
    if (auto value = as_type(text, type)) return value;
  }
  return std::nullopt;
}

std::string_view article_of(std::string_view type) {
  if (type == "integer") return "an integer";
  if (type == "number") return "a number";
  if (type == "boolean") return "true or false";
  return type;
}

}  // namespace

void RequestValues::set_operation(const contract::Contract& contract, const contract::Operation& operation) {
  contract_ = &contract;
  operation_ = &operation;
}

std::optional<std::string_view> RequestValues::value(Place in, std::string_view name) {
  switch (in) {
    case Place::query:
      for (const auto& parameter : target_.query) {
        if (parameter.name == name) return parameter.value;
      }
      return std::nullopt;
    case Place::header: {
      const std::string* field = request_.headers.find(name);
      return field == nullptr ? std::nullopt : std::optional<std::string_view>(*field);
    }
    case Place::cookie:
      for (const auto& cookie : cookie_pairs()) {
        if (cookie.name == name) return cookie.value;
      }
      return std::nullopt;
    case Place::body: {
      const Json* json = body();
      if (json == nullptr || !json->is_object()) return std::nullopt;
      const auto field = json->find(std::string(name));
      if (field == json->end() || field->is_structured()) return std::nullopt;
      body_fact_ = document::write_json(*field);
      return body_fact_;
    }
    case Place::path:
      break;
  }
  return std::nullopt;
}

std::vector<std::string> RequestValues::names(Place in) {
  std::vector<std::string> names;
  if (in == Place::query) {
    for (const auto& parameter : target_.query) names.push_back(parameter.name);
  } else if (in == Place::header) {
    for (const auto& field : request_.headers) names.push_back(http::lower_case(field.name));
  } else if (in == Place::cookie) {
    for (const auto& cookie : cookie_pairs()) names.push_back(cookie.name);
  } else if (const Json* json = in == Place::body ? body() : nullptr; json != nullptr && json->is_object()) {
    for (const auto& [name, value] : json->get_ref<const Json::object_t&>()) names.push_back(name);
  }
  return names;
}

/// Cookie pairs (RFC 6265, 4.2.1), undecoded.
const std::vector<http::QueryParameter>& RequestValues::cookie_pairs() {
  if (cookie_pairs_) return *cookie_pairs_;
  cookie_pairs_.emplace();
  for (const auto& field : request_.headers) {
    if (!http::equal_ignoring_case(field.name, "cookie")) continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = trimmed(rest.substr(0, end));
      const size_t equals = pair.find('=');
      if (equals != std::string_view::npos) {
        cookie_pairs_->push_back({std::string(pair.substr(0, equals)), std::string(pair.substr(equals + 1))});
      }
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return *cookie_pairs_;
}

/// Every text given for a parameter, in order.
std::vector<std::string_view> RequestValues::texts_of(const Parameter& parameter) {
  std::vector<std::string_view> texts;
  if (parameter.in == Place::path) {
    for (size_t i = 0; i < operation_->segments.size() && i < target_.segments.size(); ++i) {
      const contract::Segment& segment = operation_->segments[i];
      if (segment.is_parameter && segment.text == parameter.name) texts.push_back(target_.segments[i]);
    }
  } else if (parameter.in == Place::query) {
    for (const auto& given : target_.query) {
      if (given.name == parameter.name) texts.push_back(given.value);
    }
  } else if (parameter.in == Place::header) {
    for (const auto& field : request_.headers) {
      if (http::equal_ignoring_case(field.name, parameter.name)) texts.push_back(field.value);
    }
  } else if (parameter.in == Place::cookie) {
    for (const auto& cookie : cookie_pairs()) {
      if (cookie.name == parameter.name) texts.push_back(cookie.value);
    }
  }
  return texts;
}

RequestValues::Coerced RequestValues::coerced(const Parameter& parameter) {
  const std::vector<std::string_view> texts = texts_of(parameter);
  if (texts.empty()) {
    if (parameter.default_value) return {*parameter.default_value, {}, true};
    return {nullptr, parameter.required ? "is required" : "", false};
  }
  const auto& declared = parameter.schema.types();
  const bool is_list = std::find(declared.begin(), declared.end(), "array") != declared.end();
  if (is_list) {
    static const std::vector<std::string> no_types;
    const auto& types =
        types_of(parameter.schema.items() == nullptr ? no_types : parameter.schema.items()->types(), {});
    Coerced result{Json::array(), {}, true};
    const auto add = [&](std::string_view text) {
      auto item = coerce_scalar(text, types);
      if (!item) result.problem = fmt::format("must hold {} only", fmt::join(types, " or "));
      result.value.push_back(item ? std::move(*item) : Json(std::string(text)));
    };
    for (std::string_view text : texts) {
      for (size_t comma; !parameter.explode && (comma = text.find(',')) != std::string_view::npos;
           text.remove_prefix(comma + 1)) {
        add(text.substr(0, comma));
      }
      add(text);
    }
    return result;
  }
  const auto& types = types_of(declared, parameter.literal);
  auto value = coerce_scalar(texts[0], types);
  Coerced result{value ? std::move(*value) : Json(std::string(texts[0])), {}, true};
  if (texts[0].empty() && !parameter.allow_empty) {
    result.problem = "must not be empty";
  } else if (!value) {
    result.problem = fmt::format("must be {}", article_of(types[0]));
  } else if (texts.size() > 1) {
    result.problem = fmt::format("must be given once, is given {} times", texts.size());
  }
  return result;
}

/// Puts the operation's parameters of one place into a map: coerced, with their defaults.
void RequestValues::set_parameters(Json& into, Place in) {
  if (operation_ == nullptr) return;
  for (const Parameter& parameter : operation_->parameters) {
    if (parameter.in != in) continue;
    Coerced result = coerced(parameter);
    if (result.present) into[parameter.name] = std::move(result.value);
  }
}

const Json& RequestValues::path() {
  if (!path_) {
    path_ = Json::object();
    set_parameters(*path_, Place::path);
  }
  return *path_;
}

const Json& RequestValues::query() {
  if (!query_) {
    query_ = Json::object();
    for (const auto& parameter : target_.query) {
      if (!query_->contains(parameter.name)) (*query_)[parameter.name] = parameter.value;
    }
    set_parameters(*query_, Place::query);
  }
  return *query_;
}

const Json& RequestValues::cookies() {
  if (!cookies_) {
    cookies_ = Json::object();
    for (const auto& cookie : cookie_pairs()) {
      if (!cookies_->contains(cookie.name)) (*cookies_)[cookie.name] = cookie.value;
    }
    set_parameters(*cookies_, Place::cookie);
  }
  return *cookies_;
}

const expression::HeaderValues& RequestValues::headers() {
  if (!headers_) {
    headers_ = expression::HeaderValues{&request_.headers, Json::object()};
    Json declared = Json::object();
    set_parameters(declared, Place::header);
    for (const auto& [name, value] : declared.items()) headers_->typed[http::lower_case(name)] = value;
  }
  return *headers_;
}

void RequestValues::parse_body() {
  body_parsed_ = true;
  if (request_.body.empty()) return;
  const std::string* type = request_.headers.find("content-type");
  if (type == nullptr || !http::is_json(*type)) {
    body_ = request_.body;
    return;
  }
  body_ = document::parse_json(request_.body, &body_problem_);
}

const Json* RequestValues::body() {
  if (!body_parsed_) parse_body();
  return body_ ? &*body_ : nullptr;
}

void RequestValues::check_body(Json& problems) {
  if (operation_->body.content.empty() && !operation_->body.required) return;
  const Json* json = body();
  const auto add = [&](std::string reason, Json value) {
    problems.push_back({{"name", "body"}, {"in", "body"}, {"value", std::move(value)}, {"reason", std::move(reason)}});
  };
  if (request_.body.empty()) {
    if (operation_->body.required) add("is required", nullptr);
    return;
  }
  if (json == nullptr) return add("is not JSON: " + body_problem_, nullptr);
  const std::string* given = request_.headers.find("content-type");
  const std::string type = given == nullptr ? "application/octet-stream" : http::essence(*given);
  for (const auto& [media_type, schema] : operation_->body.content) {
    if (http::essence(media_type) != type && media_type != "*/*") continue;
    for (const schema::Violation& violation : schema.validate(*json)) add(violation.text(), nullptr);
    return;
  }
  if (!operation_->body.content.empty())
    add(fmt::format("has the content type {}, which is not accepted", type), nullptr);
}

const Json& RequestValues::invalid() {
  if (invalid_) return *invalid_;
  invalid_ = Json::array();
  if (operation_ == nullptr) return *invalid_;
  for (const Parameter& parameter : operation_->parameters) {
    if (parameter.in == Place::body) continue;  // in the body's schema
    Coerced result = coerced(parameter);
    std::string reason = result.problem;
    if (reason.empty() && result.present) {
      const auto violations = parameter.schema.validate(result.value);
      if (!violations.empty()) reason = violations[0].text();
    }
    if (reason.empty()) continue;
    invalid_->push_back({{"name", parameter.name},
                         {"in", name_of(parameter.in)},
                         {"value", std::move(result.value)},
                         {"reason", std::move(reason)}});
  }
  check_body(*invalid_);
  return *invalid_;
}

const Json& RequestValues::request() {
  if (!about_request_) {
    const std::string* host = request_.headers.find("host");
    about_request_ = Json{
        {"method", request_.method},
        {"path", target_.path},
        {"target", request_.target},
        {"url", fmt::format("{}://{}{}{}", request_.secure ? "https" : "http",
                            host == nullptr || host->empty() ? "localhost" : *host, request_.prefix, request_.target)}};
  }
  return *about_request_;
}

void RequestValues::find_credential(const contract::SecurityScheme& scheme) {
  using Kind = contract::SecurityScheme::Kind;
  if (scheme.kind == Kind::api_key) {
    if (const auto key = value(scheme.in, scheme.parameter)) credential_ = *key;
    return;
  }
  // RFC 9110, 11.4: the scheme's name has no case.
  const std::string* field = request_.headers.find("authorization");
  const std::string_view name = scheme.kind == Kind::http_bearer ? "bearer " : "basic ";
  if (field == nullptr || !http::equal_ignoring_case(std::string_view(*field).substr(0, name.size()), name)) return;
  credential_ = trimmed(std::string_view(*field).substr(name.size()));
}

const std::optional<std::string>& RequestValues::credential() {
  if (credential_sought_ || operation_ == nullptr) return credential_;
  credential_sought_ = true;
  for (const size_t scheme : operation_->security) {
    if (!credential_) find_credential(contract_->security[scheme]);
  }
  return credential_;
}

}  // namespace counterpart::engine

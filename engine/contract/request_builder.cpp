#include "engine/contract/request_builder.h"

#include <algorithm>

#include "engine/document/json.h"
#include "engine/http/media_type.h"
#include "engine/http/url.h"

namespace counterpart::contract {
namespace {

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : document::write_json(value);
}

/// A parameter's texts: one, or one for each element of an exploded list.
std::vector<std::string> texts_of(const Json& value, bool explode) {
  if (!value.is_array()) return {text_of(value)};
  std::vector<std::string> texts;
  for (const Json& item : value) {
    if (explode || texts.empty()) {
      texts.push_back(text_of(item));
    } else {
      texts[0] += "," + text_of(item);
    }
  }
  return texts;
}

class Builder {
 public:
  Builder(const Contract& contract, const Operation& operation, const RequestParts& values)
      : contract_(contract), operation_(operation), values_(values) {}

  http::Request build() {
    request_.method = operation_.method;
    request_.headers.add("Host", "localhost");
    add_credential();
    for (const Parameter& parameter : operation_.parameters) add_parameter(parameter);
    request_.target = path() + query_;
    add_body();
    return std::move(request_);
  }

 private:
  const Json* given(const Parameter& parameter) const {
    for (const auto& [name, value] : values_.parameters) {
      if (name == parameter.name) return &value;
    }
    const auto& omitted = values_.omitted;
    if (std::find(omitted.begin(), omitted.end(), parameter.name) != omitted.end()) return nullptr;
    return parameter.literal ? &*parameter.literal : nullptr;
  }

  void add_query(const std::string& name, const std::string& value) {
    query_ += (query_.empty() ? "?" : "&") + http::percent_encode(name) + "=" + http::percent_encode(value);
  }

  void add(Place in, const std::string& name, const std::string& value) {
    if (in == Place::query) add_query(name, value);
    if (in == Place::header) request_.headers.add(name, value);
    if (in == Place::cookie) request_.headers.add("Cookie", name + "=" + value);
  }

  void add_parameter(const Parameter& parameter) {
    const Json* value = given(parameter);
    if (value == nullptr || (in_credential(parameter) && values_.credential)) return;
    if (parameter.in == Place::body) {
      body_fields_[parameter.name] = *value;
      return;
    }
    for (const std::string& text : texts_of(*value, parameter.explode)) add(parameter.in, parameter.name, text);
  }

  /// Whether a parameter is the one the credential goes into.
  bool in_credential(const Parameter& parameter) const {
    const SecurityScheme* scheme = operation_.security.empty() ? nullptr : &contract_.security[operation_.security[0]];
    return scheme != nullptr && scheme->kind == SecurityScheme::Kind::api_key && scheme->in == parameter.in &&
           scheme->parameter == parameter.name;
  }

  void add_credential() {
    if (!values_.credential || operation_.security.empty()) return;
    const SecurityScheme& scheme = contract_.security[operation_.security[0]];
    if (scheme.kind == SecurityScheme::Kind::api_key) {
      add(scheme.in, scheme.parameter, *values_.credential);
    } else {
      const bool bearer = scheme.kind == SecurityScheme::Kind::http_bearer;
      request_.headers.add("Authorization", (bearer ? "Bearer " : "Basic ") + *values_.credential);
    }
  }

  std::string path() const {
    std::string path;
    for (const Segment& segment : operation_.segments) {
      path += '/';
      if (!segment.is_parameter) {
        path += http::percent_encode(segment.text);
        continue;
      }
      const auto value = std::find_if(values_.parameters.begin(), values_.parameters.end(),
                                      [&](const auto& parameter) { return parameter.first == segment.text; });
      if (value != values_.parameters.end()) path += http::percent_encode(text_of(value->second));
    }
    return path;
  }

  void add_body() {
    const auto& content = operation_.body.content;
    const auto json_type =
        std::find_if(content.begin(), content.end(), [](const auto& entry) { return http::is_json(entry.first); });
    if (values_.body && values_.body->is_string() && json_type == content.end()) {
      request_.body = values_.body->get<std::string>();
      request_.headers.add("Content-Type", content.empty() ? "text/plain" : content.front().first);
      return;
    }
    if (!values_.body && body_fields_.empty()) return;
    Json body = values_.body.value_or(Json::object());
    if (body.is_object()) {
      for (const auto& [name, value] : body_fields_.items()) {
        if (!body.contains(name)) body[name] = value;
      }
    }
    request_.body = document::write_json(body);
    request_.headers.add("Content-Type", json_type == content.end() ? "application/json" : json_type->first);
  }

  const Contract& contract_;
  const Operation& operation_;
  const RequestParts& values_;
  http::Request request_;
  std::string query_;
  Json body_fields_ = Json::object();
};

}  // namespace

http::Request build_request(const Contract& contract, const Operation& operation, const RequestParts& values) {
  return Builder(contract, operation, values).build();
}

}  // namespace counterpart::contract

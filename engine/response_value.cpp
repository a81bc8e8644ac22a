#include "engine/response_value.h"

#include <nlohmann/json.hpp>

#include "engine/document/json.h"
#include "engine/http/media_type.h"

namespace counterpart::engine {

using document::Json;

Json response_value(const http::Response& response) {
  std::optional<Json> body = document::parse_json(response.body);
  return response_value(response, body ? *std::move(body) : Json(response.body));
}

Json response_value(const http::Response& response, Json body) {
  Json headers = Json::object();
  for (const http::Header& field : response.headers) headers[http::lower_case(field.name)] = field.value;
  const std::string* type = response.headers.find("content-type");
  const bool is_json = type != nullptr && http::is_json(*type);
  if (!is_json && !body.is_structured()) body = response.body;  // the text 1 is no number
  return {{"status", response.status}, {"headers", std::move(headers)}, {"body", std::move(body)}};
}

}  // namespace counterpart::engine

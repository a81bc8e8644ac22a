#include "engine/response_value.h"

#include <nlohmann/json.hpp>

#include "engine/document/json.h"
#include "engine/http/media_type.h"

namespace counterpart::engine {

nlohmann::ordered_json response_value(const http::Response& response) {
  using document::Json;
  Json headers = Json::object();
  for (const http::Header& field : response.headers) headers[http::lower_case(field.name)] = field.value;
  const std::string* type = response.headers.find("content-type");
  std::optional<Json> body = document::parse_json(response.body);
  const bool is_json = type != nullptr && http::is_json(*type);
  if (body && !is_json && !body->is_structured()) body.reset();  // the text 1 is no number
  return {{"status", response.status},
          {"headers", std::move(headers)},
          {"body", body ? *std::move(body) : Json(response.body)}};
}

}  // namespace counterpart::engine

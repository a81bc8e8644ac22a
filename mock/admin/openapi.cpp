#include "mock/admin/openapi.h"

#include <fmt/format.h>

#include "engine/http/message.h"
#include "mock/admin/admin.h"

namespace counterpart::mock::admin {

namespace {

Json parameter_json(const Parameter& parameter, bool in_path) {
  return {{"name", std::string(parameter.name)},
          {"in", in_path ? "path" : "query"},
          {"required", in_path},
          {"description", std::string(parameter.summary)},
          {"schema", Json::parse(parameter.schema)}};
}

Json reply_json(const Reply& reply) {
  Json json = {{"description", std::string(reply.summary)}};
  if (!reply.schema.empty()) {
    json["content"][std::string(reply.content_type)]["schema"]["$ref"] =
        fmt::format("#/components/schemas/{}", reply.schema);
  }
  return json;
}

Json operation_json(const Endpoint& endpoint) {
  Json operation = {{"operationId", std::string(endpoint.id)}, {"summary", std::string(endpoint.summary)}};
  for (const Parameter& parameter : endpoint.path_parameters) {
    operation["parameters"].push_back(parameter_json(parameter, true));
  }
  for (const Parameter& parameter : endpoint.query_parameters) {
    operation["parameters"].push_back(parameter_json(parameter, false));
  }
  if (!endpoint.body.empty()) {
    operation["requestBody"] = {{"required", true},
                                {"content", {{"application/json", {{"schema", Json::parse(endpoint.body)}}}}}};
  }
  Json& responses = operation["responses"];
  for (const Reply& reply : endpoint.replies) responses[std::to_string(reply.status)] = reply_json(reply);
  responses["400"] = reply_json(problem(400, "The request is not as this document says"));
  responses["401"] = reply_json(problem(401, "There is an admin token, and the request does not have it"));
  responses["401"]["headers"]["WWW-Authenticate"]["schema"]["const"] = "Bearer";
  responses["403"] = reply_json(problem(403, "A page of another origin asks, or the Host is not this machine's"));
  return operation;
}

http::Response document(Call& call) { return answer(openapi_document(call.space_name)); }

}  // namespace

Json openapi_document(std::string_view space) {
  Json paths = Json::object();
  for (const Endpoint& endpoint : endpoints()) {
    const std::string path = fmt::format("{}{}", Admin::prefix, endpoint.path);
    paths[path][http::lower_case(endpoint.method)] = operation_json(endpoint);
  }
  return {{"openapi", "3.1.0"},
          {"info",
           {{"title", "Counterpart's admin API"},
            {"description",
             "What a test asks of the mock, and tells it. Every path is about one space: /~NAME before it, or a header "
             "Counterpart-Space, chooses which. HEAD is answered as GET."},
            {"version", "1.0.0"},
            {"license", {{"name", "MIT"}, {"identifier", "MIT"}}}}},
          {"servers", Json::array({{{"url", space.empty() ? "/" : fmt::format("/~{}", space)}}})},
          {"security", Json::array({Json::object(), {{"token", Json::array()}}})},
          {"paths", std::move(paths)},
          {"components",
           {{"securitySchemes",
             {{"token",
               {{"type", "http"}, {"scheme", "bearer"}, {"description", "Only where the mock has --admin-token"}}}}},
            {"schemas", schemas()}}}};
}

std::vector<Endpoint> openapi_endpoints() {
  return {{.method = "GET",
           .path = "openapi.json",
           .id = "getOpenapi",
           .summary = "This document",
           .replies = {{200, "OpenAPI 3.1", "Document"}},
           .handle = document}};
}

}  // namespace counterpart::mock::admin

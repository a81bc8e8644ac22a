#pragma once
/// The admin API's own OpenAPI 3.1 document, written from the table of endpoints (endpoint.h) and the schemas of their
/// answers. Served at /__counterpart/openapi.json; the tests hold every answer against it.

#include <string_view>

#include "mock/admin/endpoint.h"

namespace counterpart::mock::admin {

/// JSON Schemas by name, of what endpoints answer.
const Json& schemas();

/// `space` "": the document of the unnamed space.
Json openapi_document(std::string_view space);

}  // namespace counterpart::mock::admin

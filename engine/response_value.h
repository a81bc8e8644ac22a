#pragma once
/// A response as expressions see it: what scenarios assert on and operations observe.

#include <nlohmann/json_fwd.hpp>

#include "engine/http/message.h"

namespace counterpart::engine {

/// {status, headers (names in lower case), body}: the body as JSON where it is JSON, a scalar only where the content type
/// says so; else as text.
nlohmann::ordered_json response_value(const http::Response& response);
/// The same where the body is read already: `body` is its JSON, or, where it is none, its text.
nlohmann::ordered_json response_value(const http::Response& response, nlohmann::ordered_json body);

}  // namespace counterpart::engine

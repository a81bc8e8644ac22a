#pragma once
/// Requests as bytes, by cpp-httplib's client: the only file of this folder that knows it. Used by http_client.cpp to
/// send them, and by http_target.cpp to tell what was sent.

#include <string>

#include "engine/http/message.h"

namespace counterpart::conformance {

/// The request as HTTP/1.1 sends it. The target goes out byte for byte; Content-Length is the body's, whatever the
/// headers say; of names that differ, headers come in alphabetical order. cpp-httplib adds `Accept: */*` where there is none.
/// `problem` says why a request cannot be sent (a line break in its target); then "".
std::string write_request(const http::Request& request, std::string& problem);

/// The headers that write_request() sends, in its order; the request's own where it cannot be sent.
http::Headers written_headers(const http::Request& request);

}  // namespace counterpart::conformance

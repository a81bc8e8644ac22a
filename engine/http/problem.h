#pragma once
/// Problem details (RFC 9457): the body of every answer that no contract documents.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/http/message.h"

namespace counterpart::http {

/// An application/problem+json response: type "about:blank", title the reason phrase, status, detail, then the
/// extension members given (name, JSON text) in their order. No title for a status without a phrase, no detail where
/// it is empty.
Response problem(int status, std::string_view detail,
                 const std::vector<std::pair<std::string, std::string>>& extensions = {});

}  // namespace counterpart::http

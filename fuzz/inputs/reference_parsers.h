#pragma once
/// Parsers of the documented answers of both shipped APIs, as a careful client would write them: every field there, of its
/// type, and no other. A second opinion on what an answer is, written without the contract; used by fuzz targets, which
/// compare it with what conformance makes of the same bytes.

#include <string>
#include <string_view>

namespace counterpart::fuzz {

struct ParsedAnswer {
  std::string response;  ///< the response's name in the contract; "" when the answer is none that is documented
  std::string problem;   ///< why not
};

/// An answer to any of the operations of keyauth-seller.
ParsedAnswer parse_keyauth_answer(int status, std::string_view body);

/// An answer to an operation of panel-sessions: "listSessions", "revokeAllSessions" or "revokeSession".
ParsedAnswer parse_panel_answer(std::string_view operation, int status, std::string_view body);

}  // namespace counterpart::fuzz

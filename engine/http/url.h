#pragma once
/// Request targets taken apart (RFC 3986, and WHATWG's application/x-www-form-urlencoded for queries).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace counterpart::http {

/// Percent-decoding (RFC 3986, 2.1). nullopt for a bad escape ("%", "%4", "%zz") or a decoded NUL.
/// `plus_is_space`: '+' becomes ' ', as in queries.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

/// Percent-encodes everything but RFC 3986's unreserved characters.
std::string percent_encode(std::string_view text);

struct QueryParameter {
  std::string name;
  std::string value;  ///< "" for a name without '='
};

/// An origin-form target, split and decoded.
struct Target {
  std::string path;                   ///< raw, as sent, without the query
  std::vector<std::string> segments;  ///< decoded; "/a/b" is {a, b}, "/a/" is {a, ""}, "/" is {""}
  std::vector<QueryParameter> query;  ///< decoded, in the order sent, repeats kept; empty pieces ("a&&b") skipped
};

/// nullopt for what is not origin-form, or holds a bad escape, an escaped NUL, or, unescaped, a control character, a
/// space or a '#'. Unescaped bytes past ASCII are taken as they are. Dot segments are not removed: a
/// mock answers what was sent.
std::optional<Target> parse_target(std::string_view target);

}  // namespace counterpart::http

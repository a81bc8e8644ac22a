#pragma once
/// What parameters cannot say of a request: odd paths and queries, headers, methods and bodies, laid over the request
/// that a call makes. The server fuzzer (fuzz/server/) makes them; request_of() applies them; shrink.cpp takes them away.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/http/message.h"

namespace counterpart::conformance {

/// Plain values, so that a sequence can be written, changed and made simpler. What does not fit a request is made to fit.
struct Trick {
  enum class Kind {
    path,    ///< `text` goes into the path at `at`, in place of `cut` bytes
    query,   ///< `text` is one more piece of the query
    repeat,  ///< the query parameter `name` comes once more, with the value `text`
    header,  ///< one more header `name: text`
    body,    ///< the body is `text`, then `tail`; its type is `name`
    method,  ///< the method is `text`
  };
  Kind kind = Kind::query;
  std::string name;
  std::string text;
  std::string tail;
  size_t at = 0;
  size_t cut = 0;
  size_t count = 1;  ///< of a header: how many there are; else how often `text` (and `tail`) stands there
};

/// What tricks may add to the head of a request, and its body.
inline constexpr size_t trick_head_bytes_max = 32 * 1024;
inline constexpr size_t trick_body_bytes_max = 1 << 20;

/// "path", "query", ...
std::string_view name_of(Trick::Kind kind);

void lay_over(const Trick& trick, http::Request& request);

/// The ways in which a server may read a request with these tricks: first as it is sent; then as if they were not there,
/// unless they lead to another path; then with the last of a repeated parameter's values.
std::vector<http::Request> ways_to_read(const http::Request& plain, const std::vector<Trick>& tricks);

/// The path of a target as the most tolerant server would read it: every escape decoded, however often, one slash where
/// there are several, dot segments resolved, no slash at the end, no `;parameters`, in lower case.
std::string tolerant_path(std::string_view target);

/// So large that a server may close the connection without a word.
bool may_be_closed_on(const http::Request& request);

}  // namespace counterpart::conformance

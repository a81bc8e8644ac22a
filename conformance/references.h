#pragma once
/// What the server made up (an id, a time) and a later call needs: once more, or in another server, it is another value. A
/// sequence that was played is written down so that it can be played again all the same.

#include <map>
#include <string>
#include <vector>

#include "conformance/play.h"

namespace counterpart::conformance {

/// Captures of each step of a scenario, and the server's values that they stand for.
struct References {
  struct Capture {
    std::string name;
    std::string expression;  ///< of what the step's answer says, "response.body.id"
  };
  std::vector<std::vector<Capture>> captures;  ///< of each call
  std::map<std::string, std::string> names;    ///< by the text of the server's value
  std::string missing;  ///< a value that no answer before its call tells alone; "": there is none
};

/// The calls of `sent` in the words of an Oracle that was just made: what the server made up is what that oracle will make
/// up. Oracle::as_at_server() then makes of it what the next server says. `exchanges`: what came of each, in full; `given`
/// may be nullptr.
std::vector<Call> as_first_told(const Suite& suite, const std::vector<Sent>& sent,
                                const std::vector<Exchange>& exchanges, const scenario::Scenario* given);

/// How a scenario's steps can name what the server made up: `first_told` are the calls of `sent` as as_first_told() has
/// them.
References references_of(const std::vector<Sent>& sent, const std::vector<Call>& first_told,
                         const std::vector<Exchange>& exchanges);

/// What of the answer is just this text, as an expression: "response.body.id"; "" when nothing is.
std::string told_in(const http::Response& response, const std::string& text);

/// The texts of the scalars that a call and the same call in other words have otherwise, as the first one has them.
std::vector<std::string> differences(const Call& call, const Call& other);

/// A call's value as a template: its texts as they are, and names for what the server made up. `first_told`: the same
/// value of as_first_told().
Json as_template(const Json& value, const Json& first_told, const References& references);

}  // namespace counterpart::conformance

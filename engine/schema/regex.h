#pragma once
/// ECMA-262 regular expressions (22.2.1, with the flag u), read without running them: for the format "regex", and to
/// say the same to RE2, which writes some things differently and does not have others.

#include <string>
#include <string_view>

namespace counterpart::schema {

struct Regex {
  std::string re2;          ///< what RE2 is told; of no use when there is a problem, or something is missing
  std::string problem;      ///< why this is no regular expression
  std::string missing;      ///< what of it RE2 does not have
  bool is_foreign = false;  ///< has what RE2 knows and ECMA-262 does not: `(?i)`, `\pL`
};

Regex read_regex(std::string_view pattern);

/// Whether it is one of ECMA-262.
bool is_regex(std::string_view pattern);

/// A Unicode property as ECMA-262 names it ("Letter", "Script=Greek") the way RE2 does ("L", "Greek"), or itself.
std::string_view property_of_re2(std::string_view name);

}  // namespace counterpart::schema

#pragma once
/// The free names of a snippet, found without running it: what a loader compares with the names there are. A scan of
/// tokens, no parser: what it cannot tell it takes for known, because a false alarm is worse than a missed name.

#include <string>
#include <string_view>
#include <vector>

#include "engine/expression/program.h"

namespace counterpart::expression {

/// A name that a snippet reads and does not declare.
struct NameUse {
  std::string name;
  std::string member;  ///< "find" of `string.find`; "" for a name alone
  size_t offset = 0;   ///< in the snippet's code
  size_t member_offset = 0;
  bool in_function = false;  ///< read when a function is called, which need not be now
};

struct Names {
  std::vector<NameUse> uses;          ///< in the order of the code, repeated ones too
  std::vector<std::string> assigned;  ///< without `local`
  bool says_env = false;              ///< mentions _ENV: then names may mean anything
};

Names names_of(const Snippet& snippet);

/// The functions and values of `string`, `table` or `math`; empty for any other name.
std::vector<std::string> library_members(std::string_view library);

}  // namespace counterpart::expression

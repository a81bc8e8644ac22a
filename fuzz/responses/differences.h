#pragma once
/// What differs between a documented answer and a changed one. Used by the shrinker, and by whoever tells people.

#include <string>
#include <utility>
#include <vector>

#include "fuzz/responses/variant.h"

namespace counterpart::fuzz {

/// In words, a line each, at most 8.
std::vector<std::string> differences(const Variant& documented, const Variant& changed);

bool is_same_answer(const http::Response& a, const http::Response& b);

/// How far two answers are apart; 0 only where nothing that matters differs. Bodies by the runs of three bytes that one
/// has and the other has not (q-grams), so linear in their size, and smaller whenever a part is put back.
size_t distance(const Variant& a, const Variant& b);

/// How many bytes both begin with, and how many, of the rest, both end with.
std::pair<size_t, size_t> common_ends(const std::string& a, const std::string& b);

/// A place where one JSON text has another value than the documented one, or a member or an item more or less.
struct Difference {
  std::string says;
  size_t begin = 0, end = 0;  ///< in the changed text: to be replaced by
  std::string documented;     ///< this, to undo it
};

/// The outer ones in front of those inside of them; all of the text is not one of them. Empty when one is no JSON.
std::vector<Difference> json_differences(const std::string& documented, const std::string& changed);

}  // namespace counterpart::fuzz

#pragma once
/// Tables from names to what a keyword knows of them, asked with the names that values have.

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace counterpart::schema {

struct NameHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

template <class Value>
using NameTable = std::unordered_map<std::string, Value, NameHash, std::equal_to<>>;
using NameSet = std::unordered_set<std::string, NameHash, std::equal_to<>>;

}  // namespace counterpart::schema

#pragma once
/// A YAML document as a tree that remembers where everything stood. Made by yaml.h, read by the loaders of
/// contracts, scenarios and targets; turned into JSON where a value is data rather than structure.

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/document/diagnostic.h"

namespace counterpart::document {

using Json = nlohmann::ordered_json;

enum class Kind { null, boolean, integer, real, text, list, map };

/// The field's word for a kind: "null", "a boolean", "an integer", "a number", "text", "a list", "a map".
std::string_view name_of(Kind kind);

struct Member;

/// One node. Plain scalars are resolved by the YAML 1.2 core schema (section 10.3); quoted and block scalars are text.
struct Node {
  Kind kind = Kind::null;
  Position at;                  ///< where the value begins
  bool boolean = false;         ///< kind boolean
  bool negative = false;        ///< kind integer: `integer` then holds the two's complement of an int64
  uint64_t integer = 0;         ///< kind integer
  double real = 0;              ///< kind real; always finite
  std::string text;             ///< every scalar: the text as written, unescaped
  bool block = false;           ///< text written as a | or > block: its first line is the line after `at`
  bool quoted = false;          ///< text written in quotes: it begins one byte behind `at`
  std::vector<Node> items;      ///< kind list
  std::vector<Member> members;  ///< kind map, in the order written; keys are unique

  bool is(Kind k) const { return kind == k; }
  bool is_scalar() const { return kind != Kind::list && kind != Kind::map; }

  /// The member's value, or nullptr. Linear: maps that the loaders search are short.
  const Node* find(std::string_view key) const;

  /// The same value as JSON, key order kept.
  Json to_json() const;
};

struct Member {
  std::string key;
  Position key_at;
  Node value;
};

}  // namespace counterpart::document

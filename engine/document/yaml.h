#pragma once
/// YAML text to Node: YAML 1.2 core schema on top of yaml-cpp's parser events, with this project's limits and
/// its stricter rules (docs/format.md, "Reading YAML"): duplicate keys, merge keys, tabs in indents (not inside of
/// brackets, where nothing is indented), keys that are no plain or quoted text, custom tags, more than one document,
/// invalid UTF-8 and control characters are errors. No exception leaves these functions.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "engine/document/node.h"

namespace counterpart::document {

inline constexpr size_t yaml_bytes_max = 16u << 20;
inline constexpr int yaml_depth_max = 64;
inline constexpr size_t yaml_nodes_max = 1'000'000;       ///< after aliases are expanded
inline constexpr size_t yaml_text_bytes_max = 64u << 20;  ///< of all keys and scalars, after aliases are expanded
/// Brackets, quotes, commas and the like since the parser last reported a node. It cannot report a value before it
/// knows whether a colon follows, and keeps some 300 bytes for each of these meanwhile; only a document that is one
/// huge [...] or {...}, or has a huge block of text, comes near.
inline constexpr size_t yaml_lookahead_max = 1'000'000;

/// Reads the file whole. Errors (missing, no regular file, unreadable, too large) go to `diagnostics`; then nullptr.
std::shared_ptr<const Source> read_source(const std::string& path, Diagnostics& diagnostics);

/// Parses one document. Errors go to `diagnostics`; then nullopt. An empty file is a null node. A syntax error ends the
/// parse, all others are collected. A copy that an alias made stands (Node::at) where its anchor stands.
std::optional<Node> parse_yaml(const std::shared_ptr<const Source>& source, Diagnostics& diagnostics);

}  // namespace counterpart::document

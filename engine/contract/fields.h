#pragma once
/// Reading maps of a YAML document with errors that help: what every loader of contracts and scenarios is written with.
/// A wrong or missing value is reported where it stands and replaced by a harmless one, so loading goes on.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/document/node.h"

namespace counterpart::contract {

/// Where diagnostics go, and of which file.
struct Reading {
  std::shared_ptr<const document::Source> source;
  document::Diagnostics& diagnostics;

  document::Location at(document::Position position) const { return {source, position}; }
  void error(document::Position at, std::string message, std::string hint = {}, size_t width = 1) const {
    diagnostics.error({source, at}, std::move(message), std::move(hint), width);
  }
  void warning(document::Position at, std::string message, std::string hint = {}, size_t width = 1) const {
    diagnostics.warning({source, at}, std::move(message), std::move(hint), width);
  }
};

/// One map of the document. Getters remember what was asked for; `finish` reports the keys nobody asked for.
class Fields {
 public:
  /// `what` names the map in messages: "the contract", "a rule". A node that is no map is an error, then empty.
  Fields(const document::Node& node, std::string what, const Reading& reading);

  /// Whether the node was a map at all.
  bool good() const { return good_; }
  document::Position at() const { return node_.at; }

  /// The value, or nullptr.
  const document::Node* find(std::string_view key);
  /// The value; missing is an error.
  const document::Node* require(std::string_view key);

  std::string text(std::string_view key, std::string otherwise = {});
  std::string required_text(std::string_view key);
  bool boolean(std::string_view key, bool otherwise);
  std::optional<int64_t> integer(std::string_view key);
  /// One of `choices`; the first when missing or wrong.
  std::string choice(std::string_view key, const std::vector<std::string>& choices);
  /// A text or a list of texts.
  std::vector<std::string> texts(std::string_view key);
  /// A map's members, or nothing; a value that is no map is an error.
  const std::vector<document::Member>& map(std::string_view key);
  /// A list's items, or nothing; a value that is no list is an error.
  const std::vector<document::Node>& list(std::string_view key);

  /// Reports every key that was never asked for, with the nearest that was.
  void finish();

 private:
  const document::Node& node_;
  const std::string what_;
  const Reading& reading_;
  const bool good_;
  std::vector<std::string> asked_;
};

/// "expected text, found a list" at the node.
void expected(const Reading& reading, const document::Node& node, std::string_view what);

}  // namespace counterpart::contract

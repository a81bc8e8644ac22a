#include "engine/contract/fields.h"

#include <fmt/format.h>

#include <algorithm>

namespace counterpart::contract {

using document::Kind;
using document::Member;
using document::Node;

void expected(const Reading& reading, const Node& node, std::string_view what) {
  reading.error(node.at, fmt::format("expected {}, found {}", what, name_of(node.kind)));
}

Fields::Fields(const Node& node, std::string what, const Reading& reading)
    : node_(node), what_(std::move(what)), reading_(reading), good_(node.is(Kind::map)) {
  if (!good_) reading.error(node.at, fmt::format("{} must be a map, this is {}", what_, name_of(node.kind)));
}

const Node* Fields::find(std::string_view key) {
  asked_.emplace_back(key);
  return node_.find(key);
}

const Node* Fields::require(std::string_view key) {
  const Node* found = find(key);
  if (found == nullptr && good_) reading_.error(node_.at, fmt::format("{} needs \"{}\"", what_, key));
  return found;
}

std::string Fields::text(std::string_view key, std::string otherwise) {
  const Node* node = find(key);
  if (node == nullptr) return otherwise;
  if (node->is_scalar() && !node->is(Kind::null)) return node->text;
  expected(reading_, *node, "text");
  return otherwise;
}

std::string Fields::required_text(std::string_view key) {
  const Node* node = require(key);
  if (node == nullptr) return {};
  if (node->is_scalar() && !node->text.empty()) return node->text;
  if (node->is(Kind::text)) {
    reading_.error(node->at, fmt::format("\"{}\" must not be empty", key));
  } else {
    expected(reading_, *node, "text");
  }
  return {};
}

bool Fields::boolean(std::string_view key, bool otherwise) {
  const Node* node = find(key);
  if (node == nullptr) return otherwise;
  if (node->is(Kind::boolean)) return node->boolean;
  expected(reading_, *node, "true or false");
  return otherwise;
}

std::optional<int64_t> Fields::integer(std::string_view key) {
  const Node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (node->is(Kind::integer)) return static_cast<int64_t>(node->integer);
  expected(reading_, *node, "an integer");
  return std::nullopt;
}

std::string Fields::choice(std::string_view key, const std::vector<std::string>& choices) {
  const Node* node = find(key);
  if (node == nullptr) return choices.front();
  if (node->is_scalar() && std::find(choices.begin(), choices.end(), node->text) != choices.end()) return node->text;
  reading_.error(node->at, fmt::format("expected {} for \"{}\"", fmt::join(choices, " or "), key),
                 document::suggestion(node->text, choices), std::max<size_t>(node->text.size(), 1));
  return choices.front();
}

std::vector<std::string> Fields::texts(std::string_view key) {
  const Node* node = find(key);
  if (node == nullptr) return {};
  if (node->is_scalar() && !node->is(Kind::null)) return {node->text};
  std::vector<std::string> texts;
  if (!node->is(Kind::list)) expected(reading_, *node, "text or a list of texts");
  for (const Node& item : node->items) {
    if (item.is_scalar()) {
      texts.push_back(item.text);
    } else {
      expected(reading_, item, "text");
    }
  }
  return texts;
}

const std::vector<Member>& Fields::map(std::string_view key) {
  static const std::vector<Member> none;
  const Node* node = find(key);
  if (node == nullptr) return none;
  if (!node->is(Kind::map)) expected(reading_, *node, fmt::format("a map for \"{}\"", key));
  return node->members;
}

const std::vector<Node>& Fields::list(std::string_view key) {
  static const std::vector<Node> none;
  const Node* node = find(key);
  if (node == nullptr) return none;
  if (!node->is(Kind::list)) expected(reading_, *node, fmt::format("a list for \"{}\"", key));
  return node->items;
}

void Fields::finish() {
  for (const Member& member : node_.members) {
    if (std::find(asked_.begin(), asked_.end(), member.key) != asked_.end()) continue;
    std::vector<std::string> known = asked_;
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    reading_.error(member.key_at, fmt::format("unknown key \"{}\" in {}", member.key, what_),
                   document::suggestion(member.key, known), std::max<size_t>(member.key.size(), 1));
  }
}

}  // namespace counterpart::contract

#include "engine/document/yaml_builder.h"

#include <fmt/format.h>
#include <yaml-cpp/mark.h>

#include <algorithm>

#include "engine/document/utf8.h"
#include "engine/document/yaml.h"
#include "engine/document/yaml_scalar.h"

namespace counterpart::document {

namespace {

constexpr std::string_view core_tag = "tag:yaml.org,2002:";

/// yaml-cpp 0.7 makes one byte each of the escapes \N (U+0085) and \_ (U+00A0). Since the file is UTF-8, a byte that
/// belongs to no character is one of them.
std::string mended(const std::string& value) {
  if (utf8_find_invalid(value) == std::string::npos) return value;
  std::string text;
  for (size_t at = 0; at < value.size();) {
    const auto [bytes, valid] = utf8_step(value, at);
    if (!valid) text += '\xC2';
    text.append(value, at, bytes);
    at += bytes;
  }
  return text;
}

/// yaml-cpp's tag for what carries none: "?" for plain scalars and collections, "!" for quoted and block scalars.
bool is_untagged(std::string_view tag) { return tag.empty() || tag == "?" || tag == "!"; }

/// "tag:yaml.org,2002:int" -> "!!int", as it is usually written.
std::string written(std::string_view tag) {
  return tag.starts_with(core_tag) ? "!!" + std::string(tag.substr(core_tag.size())) : std::string(tag);
}

/// Text from the file as a message quotes it.
std::string shortened(const std::string& text) {
  constexpr size_t bytes_max = 60;
  size_t end = 0;
  while (end < text.size() && end < bytes_max) end += utf8_step(text, end).bytes;
  return end == text.size() ? text : text.substr(0, end) + "...";
}

}  // namespace

YamlBuilder::YamlBuilder(const YamlText& text, size_t base, Diagnostics& diagnostics, std::function<void()> progress)
    : text_(text), base_(base), diagnostics_(diagnostics), progress_(std::move(progress)) {
  root_.at = text_.position(base);
}

size_t YamlBuilder::begin_event(const YAML::Mark& mark) {
  progress_();
  const size_t offset = base_ + static_cast<size_t>(std::max(mark.pos, 0));
  last_ = std::min(offset, text_.all().size());
  return last_;
}

void YamlBuilder::OnDocumentStart(const YAML::Mark& mark) {
  const size_t offset = begin_event(mark);
  if (has_document_) {
    if (text_.all().substr(offset).starts_with("---")) {
      abort(offset, "a second document begins here, expected one document a file", "move it to a file of its own", 3);
    }
    abort(offset, "unexpected text after the end of the document's value",
          "check the indentation and the quotes; a list and a map cannot be mixed on one level");
  }
  has_document_ = true;
}

/// yaml-cpp skips text that it takes for no key.
void YamlBuilder::abort_without_key(size_t offset, char content) {
  const bool is_empty = content == ':' || content == ',' || content == '}';
  abort(offset, "expected a key here",
        is_empty ? "an empty key is written \"\"" : "a key is written on one line, in at most 1,024 characters");
}

void YamlBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const size_t offset = begin_event(mark);
  const size_t content = text_.content(offset);
  const std::string_view spelled = text_.spelled_null(content, awaits_key());
  if (awaits_key()) {
    if (spelled.empty()) abort_without_key(offset, text_.at(content));
    check_tab(offset);
    return take_key(offset, std::string(spelled), "?", anchor);
  }
  if (spelled.empty()) return place_empty(offset, anchor);
  check_tab(offset);
  Node node;
  node.at = text_.position(content);
  node.text = spelled;
  place(std::move(node), anchor);
}

/// A value that is not there: "key:", "- ", an empty document. The parser places it at whatever comes next.
void YamlBuilder::place_empty(size_t mark, YAML::anchor_t anchor) {
  Node node;
  node.at = text_.position(mark);
  if (!levels_.empty()) {
    const Level& level = levels_.back();
    if (level.node.is(Kind::map)) {
      node.at = text_.position(level.key_offset);
      // The parser lets "key" stand for "key:" on a block map's last line.
      if (!level.flow && mark == level.key_mark) {
        abort(level.key_offset, fmt::format("expected \":\" after the key \"{}\"", shortened(level.key)), {},
              level.key.size());
      }
    } else if (level.flow) {
      abort(mark, "expected an item before this", "a list has one comma between two items");
    } else if (text_.at(mark) != '&' && text_.at(mark) != '!') {
      node.at = text_.position(text_.dash_before(mark, level.offset));
    }
  }
  place(std::move(node), anchor);
}

void YamlBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const size_t offset = begin_event(mark);
  check_tab(offset);
  if (awaits_key()) abort(offset, "expected a key, found an alias", "write the key out");
  const auto anchored = anchors_.find(anchor);
  if (anchored == anchors_.end() || !anchored->second.node) {
    abort(offset, "this alias stands inside of what it refers to", "a value cannot contain itself");
  }
  charge(anchored->second.weight);  // before anything is copied
  put(*anchored->second.node);
}

void YamlBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& scanned) {
  const std::string value = mended(scanned);
  const size_t offset = begin_event(mark);
  size_t content = text_.content(offset);
  const bool is_absent = value.empty() && std::string_view("\"'|>").find(text_.at(content)) == YamlText::npos;
  if (is_absent) content = offset;  // a tag and nothing behind it
  check_tab(offset);
  if (content != offset) check_tab(content);
  check_scalar(content, awaits_key());
  if (awaits_key()) return take_key(offset, value, tag, anchor);

  Node node;
  node.at = text_.position(content);
  node.text = value;
  node.block = text_.at(content) == '|' || text_.at(content) == '>';
  node.quoted = text_.at(content) == '"' || text_.at(content) == '\'';
  resolve(node, tag, offset, content);
  place(std::move(node), anchor);
}

void YamlBuilder::check_scalar(size_t offset, bool is_key) {
  const char first = text_.at(offset);
  if ((first == '"' || first == '\'') && text_.quoted_end(offset) == YamlText::npos) {
    abort(offset, "this quote is never closed");
  }
  if (is_key && (first == '|' || first == '>')) {
    abort(offset, "expected a key, found a block of text", "write the key in double quotes, a line break as \\n");
  }
}

/// Gives the node its kind and value by its tag and text.
void YamlBuilder::resolve(Node& node, const std::string& tag, size_t tag_offset, size_t offset) {
  node.kind = Kind::text;
  const std::string name = written(tag);
  if (tag == "!" || name == "!!str") return;

  const std::string problem = resolve_plain(node.text, node);
  if (!problem.empty()) {
    error(offset, fmt::format("{} {}", shortened(node.text), problem), "put it in quotes to make it text",
          node.text.size());
    return;
  }
  if (is_untagged(tag)) return;
  if (name == "!!float" && node.is(Kind::integer)) {
    node.kind = Kind::real;
    node.real =
        node.negative ? static_cast<double>(static_cast<int64_t>(node.integer)) : static_cast<double>(node.integer);
  }
  constexpr std::pair<std::string_view, Kind> kinds[] = {
      {"!!null", Kind::null}, {"!!bool", Kind::boolean}, {"!!int", Kind::integer}, {"!!float", Kind::real}};
  for (const auto& [known, kind] : kinds) {
    if (name != known) continue;
    if (!node.is(kind)) {
      error(tag_offset,
            fmt::format("{} says {}, found {} ({})", name, name_of(kind), name_of(node.kind), shortened(node.text)));
    }
    return;
  }
  error(tag_offset, fmt::format("unknown tag {}", shortened(name)), "remove it; a value in quotes is always text",
        name.size());
}

void YamlBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                                  YAML::EmitterStyle::value style) {
  open(Kind::list, begin_event(mark), tag, anchor, style);
}

void YamlBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value style) {
  open(Kind::map, begin_event(mark), tag, anchor, style);
}

void YamlBuilder::open(Kind kind, size_t mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) {
  const size_t content = text_.content(mark);
  check_tab(mark);
  if (content != mark) check_tab(content);
  if (awaits_key()) abort(content, fmt::format("expected a key, found {}", name_of(kind)), "a key is always text");
  if (levels_.size() == yaml_depth_max) {
    abort(content, fmt::format("nested deeper than {} levels", yaml_depth_max));
  }
  const std::string fitting = kind == Kind::list ? "!!seq" : "!!map";
  if (!is_untagged(tag) && written(tag) != fitting) {
    error(mark, fmt::format("unexpected tag {} on {}", shortened(written(tag)), name_of(kind)), "remove it");
  }
  if (anchor != 0) anchors_[anchor];
  Level level;
  level.node.kind = kind;
  level.node.at = text_.position(content);
  level.offset = content;
  level.flow = style == YAML::EmitterStyle::Flow || in_flow();
  level.anchor = anchor;
  levels_.push_back(std::move(level));
}

void YamlBuilder::close() {
  progress_();
  Node node = std::move(levels_.back().node);
  const YAML::anchor_t anchor = levels_.back().anchor;
  levels_.pop_back();
  place(std::move(node), anchor);
}

void YamlBuilder::take_key(size_t mark, std::string key, const std::string& tag, YAML::anchor_t anchor) {
  Level& level = levels_.back();
  const auto& members = level.node.members;
  const size_t offset = text_.content(mark);
  charge({0, key.size(), 0});
  if (!is_untagged(tag) && written(tag) != "!!str") {
    error(offset, fmt::format("unexpected tag {} on a key", shortened(written(tag))), "a key is always text");
  }
  if (key == "<<" && tag != "!") {
    error(offset, "merge keys (<<) are not supported", "write the members out, or use an alias for the whole value", 2);
  }
  const size_t position = level.keys.find_or_note(
      members.size(), key, [&members](size_t i) -> const std::string& { return members[i].key; });
  if (position < members.size()) {
    error(offset,
          fmt::format("duplicate key \"{}\": it is already on line {}", shortened(key), members[position].key_at.line),
          {}, key.size());
  }
  if (anchor != 0) {
    Node node;
    node.kind = Kind::text;
    node.at = text_.position(offset);
    node.text = key;
    remember(node, anchor);
  }
  level.has_key = true;
  level.key = std::move(key);
  level.key_mark = mark;
  level.key_offset = offset;
}

void YamlBuilder::place(Node node, YAML::anchor_t anchor) {
  charge({1, node.text.size(), 0});
  if (anchor != 0) remember(node, anchor);
  put(std::move(node));
}

void YamlBuilder::put(Node node) {
  if (levels_.empty()) {
    root_ = std::move(node);
    return;
  }
  Level& level = levels_.back();
  if (level.node.is(Kind::list)) {
    level.node.items.push_back(std::move(node));
    return;
  }
  level.has_key = false;
  level.node.members.push_back({std::move(level.key), text_.position(level.key_offset), std::move(node)});
}

void YamlBuilder::remember(const Node& node, YAML::anchor_t anchor) {
  const Weight weight = weigh(node);
  anchored_.nodes += weight.nodes;
  anchored_.text_bytes += weight.text_bytes;
  if (anchored_.nodes > yaml_nodes_max || anchored_.text_bytes > yaml_text_bytes_max) {
    abort(last_, "too much is anchored", "remove the anchors (&) that no alias (*) uses");
  }
  anchors_[anchor] = {node, weight};
}

YamlBuilder::Weight YamlBuilder::weigh(const Node& node) {
  Weight weight{1, node.text.size(), node.is_scalar() ? 0u : 1u};
  const auto add = [&weight](const Node& child) {
    const Weight inner = weigh(child);
    weight.nodes += inner.nodes;
    weight.text_bytes += inner.text_bytes;
    weight.levels = std::max(weight.levels, 1 + inner.levels);
  };
  for (const Node& item : node.items) add(item);
  for (const Member& member : node.members) {
    weight.text_bytes += member.key.size();
    add(member.value);
  }
  return weight;
}

void YamlBuilder::charge(const Weight& weight) {
  total_.nodes += weight.nodes;
  total_.text_bytes += weight.text_bytes;
  if (total_.nodes > yaml_nodes_max) {
    abort(last_, fmt::format("more than {} values, aliases expanded", yaml_nodes_max));
  }
  if (total_.text_bytes > yaml_text_bytes_max) {
    abort(last_, fmt::format("more than {} bytes of text, aliases expanded", yaml_text_bytes_max));
  }
  if (levels_.size() + weight.levels > yaml_depth_max) {
    abort(last_, fmt::format("nested deeper than {} levels", yaml_depth_max));
  }
}

void YamlBuilder::check_tab(size_t offset) {
  if (in_flow()) return;
  const size_t tab = text_.indenting_tab(offset, false);
  if (tab != YamlText::npos) abort(tab, "a tab in the indentation", "indent with spaces");
}

void YamlBuilder::error(size_t offset, std::string message, std::string hint, size_t width) {
  diagnostics_.error(text_.where(offset), std::move(message), std::move(hint), width);
}

void YamlBuilder::abort(size_t offset, std::string message, std::string hint, size_t width) {
  diagnostics_.error(text_.where(offset), std::move(message), std::move(hint), width);
  throw Abort();
}

}  // namespace counterpart::document

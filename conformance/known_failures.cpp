#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "conformance/environment.h"
#include "conformance/target_file.h"
#include "conformance/yaml_text.h"
#include "engine/document/yaml.h"

namespace counterpart::conformance {

using document::Kind;
using document::Member;
using document::Node;

namespace {

constexpr const char* key_text = "known-failures";

bool same(const KnownFailure& a, const KnownFailure& b) {
  return a.check == b.check && a.on == b.on && a.message == b.message && a.reason == b.reason;
}

/// `check: x`, then the rest, with `between` between them.
std::string members_of(const KnownFailure& known, const std::string& between) {
  std::string out = "check: " + yaml_text(known.check) + between + "on: " + yaml_text(known.on);
  if (!known.message.empty()) out += between + "message: " + yaml_text(known.message);
  return out + between + "reason: " + yaml_text(known.reason);
}

std::optional<Node> parsed(const std::string& text) {
  document::Diagnostics ignored;
  auto root = document::parse_yaml(std::make_shared<const document::Source>(document::Source{"", text}), ignored);
  if (ignored.has_errors() || !root || !root->is(Kind::map)) return std::nullopt;
  return root;
}

/// The entries of `known-failures`, as the loader reads them.
std::vector<KnownFailure> entries_of(const Node& root) {
  const Node* list = root.find(key_text);
  std::vector<KnownFailure> entries;
  if (list == nullptr) return entries;
  for (Node item : list->items) {
    document::Diagnostics ignored;
    replace_environment(item, Reader::nobody, {nullptr, ignored});
    const auto text = [&](std::string_view key) { return item.find(key) == nullptr ? "" : item.find(key)->text; };
    entries.push_back({text("check"), text("on"), text("message"), text("reason"), {"", item.at.line, item.at.column}});
  }
  return entries;
}

/// Whether `after` says the same as `before`, but for its known failures, which are the wanted ones in some order.
bool is_right(const Node& before, const std::string& after, const std::vector<KnownFailure>& wanted) {
  const auto root = parsed(after);
  if (!root) return false;
  Json rest_before = before.to_json();
  Json rest_after = root->to_json();
  rest_before.erase(key_text);
  rest_after.erase(key_text);
  const auto entries = entries_of(*root);
  return rest_before == rest_after &&
         std::is_permutation(entries.begin(), entries.end(), wanted.begin(), wanted.end(), same);
}

/// One rewriting of a file's text.
class Editor {
 public:
  Editor(const std::string& text, const Node& root, const std::vector<KnownFailure>& wanted)
      : text_(text), root_(root), wanted_(wanted), line_end_(text.find("\r\n") == std::string::npos ? "\n" : "\r\n") {
    line_starts_.push_back(0);
    for (size_t at = 0; (at = text.find('\n', at)) != std::string::npos;) line_starts_.push_back(++at);
    if (line_starts_.back() != text.size()) line_starts_.push_back(text.size());
    const auto found =
        std::find_if(root.members.begin(), root.members.end(), [](const Member& m) { return m.key == key_text; });
    if (found == root.members.end()) return;
    member_ = &*found;
    key_line_ = static_cast<size_t>(member_->key_at.line) - 1;
    block_end_ = found + 1 == root.members.end() ? document_end() : static_cast<size_t>((found + 1)->key_at.line) - 1;
  }

  /// What is tried, from what changes least to what changes most. nullopt: this way does not fit.
  std::optional<std::string> entry_by_entry() const {
    if (member_ == nullptr || is_flow_root() || wanted_.empty() || !is_block_list()) return std::nullopt;
    std::vector<bool> used(wanted_.size(), false);
    const auto entries = entries_of(root_);
    std::vector<std::optional<size_t>> become(entries.size());
    for (size_t i = 0; i < entries.size(); ++i)
      become[i] = take(used, [&](const auto& w) { return same(w, entries[i]); });
    std::vector<bool> changed(entries.size(), false);
    for (size_t i = 0; i < entries.size(); ++i) {
      if (become[i]) continue;
      become[i] = take(used, [&](const auto& w) { return w.check == entries[i].check && w.on == entries[i].on; });
      changed[i] = true;
    }
    const auto& items = member_->value.items;
    std::string out = lines(0, line_of(items[0]));
    for (size_t i = 0; i < items.size(); ++i) {
      const size_t next = i + 1 < items.size() ? line_of(items[i + 1]) : block_end_;
      const size_t end = content_end(line_of(items[i]), next, dash_column());
      if (become[i])
        out += changed[i] ? block_entry(wanted_[*become[i]], dash_column()) : lines(line_of(items[i]), end);
      if (i + 1 == items.size()) out += rest(used, out);
      out += lines(end, next);
    }
    return out + lines(block_end_, line_starts_.size() - 1);
  }

  /// The value as `[...]`, in its old place or as the last key of a `{...}`.
  std::optional<std::string> in_brackets() const {
    const std::string list = brackets();
    if (member_ != nullptr) {
      const size_t start = offset(member_->value.at);
      const bool is_list = member_->value.is(Kind::list) && text_[std::min(start, text_.size() - 1)] == '[';
      if (!is_flow_root() && (!is_list || (member_->value.items.empty() && !wanted_.empty()))) return std::nullopt;
      const size_t end = is_list ? bracket_end(start) : start + member_->value.text.size();
      if (end > text_.size()) return std::nullopt;
      return text_.substr(0, start) + list + text_.substr(end);
    }
    if (!is_flow_root()) return std::nullopt;
    const size_t end = bracket_end(offset(root_.at));
    if (end > text_.size()) return std::nullopt;
    const size_t last = text_.find_last_not_of(" \t\r\n", end - 2);
    const char* const comma = last != std::string::npos && (text_[last] == ',' || text_[last] == '{') ? " " : ", ";
    return text_.substr(0, end - 1) + comma + key_text + ": " + list + " " + text_.substr(end - 1);
  }

  /// The whole block anew, at its place or at the document's end.
  std::optional<std::string> whole_block() const {
    if (is_flow_root()) return std::nullopt;
    const int column = root_.members.empty() ? 1 : root_.members[0].key_at.column;
    const size_t start = member_ == nullptr ? document_end() : key_line_;
    const size_t end = member_ == nullptr ? start : content_end(start, block_end_, column);
    std::string out = lines(0, start);
    if (!out.empty() && out.back() != '\n') out += line_end_;
    out +=
        std::string(static_cast<size_t>(column) - 1, ' ') + key_text + ":" + (wanted_.empty() ? " []" : "") + line_end_;
    for (const KnownFailure& known : wanted_) out += block_entry(known, column + 2);
    return out + lines(end, line_starts_.size() - 1);
  }

 private:
  template <typename Wanted>
  std::optional<size_t> take(std::vector<bool>& used, const Wanted& is_wanted) const {
    for (size_t i = 0; i < wanted_.size(); ++i) {
      if (used[i] || !is_wanted(wanted_[i])) continue;
      used[i] = true;
      return i;
    }
    return std::nullopt;
  }

  std::string rest(const std::vector<bool>& used, const std::string& before) const {
    std::string out;
    for (size_t i = 0; i < wanted_.size(); ++i) {
      if (!used[i]) out += block_entry(wanted_[i], dash_column());
    }
    return !out.empty() && !before.ends_with('\n') ? line_end_ + out : out;
  }

  size_t offset(document::Position at) const {
    return line_starts_[static_cast<size_t>(at.line) - 1] + static_cast<size_t>(at.column) - 1;
  }
  static size_t line_of(const Node& node) { return static_cast<size_t>(node.at.line) - 1; }
  bool is_flow_root() const { return offset(root_.at) < text_.size() && text_[offset(root_.at)] == '{'; }

  std::string lines(size_t from, size_t to) const {
    return text_.substr(line_starts_[from], line_starts_[to] - line_starts_[from]);
  }
  std::string_view line(size_t index) const {
    return std::string_view(text_).substr(line_starts_[index], line_starts_[index + 1] - line_starts_[index]);
  }

  /// The line of `...`, or the one behind the last.
  size_t document_end() const {
    const size_t count = line_starts_.size() - 1;
    for (size_t i = root_.members.empty() ? 0 : static_cast<size_t>(root_.members.back().key_at.line); i < count; ++i) {
      if (line(i).starts_with("...")) return i;
    }
    return count;
  }

  /// Behind the last line that is neither empty nor a comment. A comment further right than `column` may be text.
  size_t content_end(size_t from, size_t to, int column) const {
    while (to > from + 1) {
      const std::string_view last = line(to - 1);
      const size_t start = last.find_first_not_of(" \t\r\n");
      if (start != std::string_view::npos && (last[start] != '#' || start >= static_cast<size_t>(column))) break;
      --to;
    }
    return to;
  }

  /// Where the dashes of the entries stand.
  int dash_column() const {
    return static_cast<int>(line(line_of(member_->value.items[0])).find_first_not_of(' ')) + 1;
  }

  /// `- ` lines below the key, one an entry.
  bool is_block_list() const {
    size_t before = key_line_;
    for (const Node& item : member_->value.items) {
      const size_t at = line_of(item);
      if (at <= before || at >= block_end_) return false;
      const size_t dash = line(at).find_first_not_of(' ');
      if (dash == std::string_view::npos || !line(at).substr(dash).starts_with("- ")) return false;
      before = at;
    }
    return before != key_line_;
  }

  std::string block_entry(const KnownFailure& known, int column) const {
    const std::string indent(static_cast<size_t>(column) - 1, ' ');
    return indent + "- " + members_of(known, line_end_ + indent + "  ") + line_end_;
  }

  std::string brackets() const {
    std::string out = "[";
    for (const KnownFailure& known : wanted_) {
      out += (out.size() == 1 ? line_end_ : "," + line_end_) + "    { " + members_of(known, ", ") + " }";
    }
    return wanted_.empty() ? "[]" : out + line_end_ + "  ]";
  }

  /// Behind the bracket that closes the one at `at`; npos when it cannot be found.
  size_t bracket_end(size_t at) const {
    int depth = 0;
    for (char before = ' '; at < text_.size(); before = text_[at], ++at) {
      const char byte = text_[at];
      const bool starts = std::string_view(" \t\r\n[{,:").find(before) != std::string_view::npos;
      if (byte == '#' && starts) {
        at = text_.find('\n', at);
      } else if ((byte == '"' || byte == '\'') && starts) {
        for (++at; at < text_.size() && text_[at] != byte; ++at) at += byte == '"' && text_[at] == '\\' ? 1 : 0;
      } else if (byte == '[' || byte == '{') {
        ++depth;
      } else if ((byte == ']' || byte == '}') && --depth == 0) {
        return at + 1;
      }
      if (at >= text_.size()) break;
    }
    return std::string::npos;
  }

  const std::string& text_;
  const Node& root_;
  const std::vector<KnownFailure>& wanted_;
  const std::string line_end_;
  std::vector<size_t> line_starts_;  ///< and the text's end
  const Member* member_ = nullptr;   ///< `known-failures`
  size_t key_line_ = 0;              ///< counted from 0
  size_t block_end_ = 0;             ///< the line of what comes after it
};

}  // namespace

std::string with_known_failures(const std::string& file_text, const std::vector<KnownFailure>& known) {
  std::vector<KnownFailure> wanted;
  for (const KnownFailure& one : known) {
    KnownFailure entry{yaml_clean(one.check), yaml_clean(one.on), yaml_clean(one.message), yaml_clean(one.reason), {}};
    if (entry.reason.empty()) entry.reason = "to be explained";
    const auto twin = [&](const auto& w) {
      return w.check == entry.check && w.on == entry.on && w.message == entry.message;
    };
    if (std::none_of(wanted.begin(), wanted.end(), twin)) wanted.push_back(std::move(entry));
  }
  const auto root = parsed(file_text);
  if (!root) throw std::runtime_error("known failures can only be written into a file that is a YAML map");
  if (is_right(*root, file_text, wanted)) return file_text;
  const Editor editor(file_text, *root, wanted);
  for (const auto way : {&Editor::entry_by_entry, &Editor::in_brackets, &Editor::whole_block}) {
    if (const auto edited = (editor.*way)(); edited && is_right(*root, *edited, wanted)) return *edited;
  }
  throw std::runtime_error("the known failures cannot be replaced in this file; write them by hand");
}

}  // namespace counterpart::conformance

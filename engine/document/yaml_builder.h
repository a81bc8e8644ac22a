#pragma once
/// Builds Nodes from yaml-cpp's parser events and holds them to this project's rules and limits. The limits throw
/// from inside the events, so the parser never recurses deeper or reads further than they allow.

#include <yaml-cpp/eventhandler.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/document/diagnostic.h"
#include "engine/document/key_index.h"
#include "engine/document/node.h"
#include "engine/document/yaml_text.h"

namespace counterpart::document {

class YamlBuilder : public YAML::EventHandler {
 public:
  /// Thrown through the parser when there is no point in reading on; the reason is among the diagnostics.
  struct Abort {};

  /// `base` is added to the parser's offsets (it does not count a byte order mark); `progress` is called at each
  /// event. All must outlive the builder.
  YamlBuilder(const YamlText& text, size_t base, Diagnostics& diagnostics, std::function<void()> progress);

  /// The document's node; a null node if there was no document.
  Node take() { return std::move(root_); }

  bool in_flow() const { return !levels_.empty() && levels_.back().flow; }
  /// Where the innermost open list or map begins, or npos.
  size_t innermost() const { return levels_.empty() ? YamlText::npos : levels_.back().offset; }
  /// Where the last event was: what the parser stumbled over is behind it.
  size_t last() const { return last_; }

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

 private:
  /// A list or map that is being read.
  struct Level {
    Node node;
    size_t offset = 0;  ///< where it begins
    bool flow = false;  ///< written with brackets
    YAML::anchor_t anchor = 0;
    bool has_key = false;  ///< in a map: a key was read, its value is awaited
    std::string key;
    size_t key_mark = 0;    ///< where the parser saw the key
    size_t key_offset = 0;  ///< where the key itself begins
    KeyIndex keys;
  };

  /// What a part of the tree weighs against the limits.
  struct Weight {
    size_t nodes = 0;
    size_t text_bytes = 0;
    size_t levels = 0;
  };

  /// A finished node that aliases may copy; `node` is empty while it is still open.
  struct Anchored {
    std::optional<Node> node;
    Weight weight;
  };

  size_t begin_event(const YAML::Mark& mark);
  bool awaits_key() const { return !levels_.empty() && levels_.back().node.is(Kind::map) && !levels_.back().has_key; }
  void open(Kind kind, size_t mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value style);
  void close();
  void place(Node node, YAML::anchor_t anchor);
  void put(Node node);
  void remember(const Node& node, YAML::anchor_t anchor);
  void take_key(size_t mark, std::string key, const std::string& tag, YAML::anchor_t anchor);
  void resolve(Node& node, const std::string& tag, size_t tag_offset, size_t offset);
  void place_empty(size_t mark, YAML::anchor_t anchor);
  void check_scalar(size_t offset, bool is_key);
  void check_tab(size_t offset);
  void charge(const Weight& weight);
  static Weight weigh(const Node& node);

  void error(size_t offset, std::string message, std::string hint = {}, size_t width = 1);
  [[noreturn]] void abort_without_key(size_t offset, char content);
  [[noreturn]] void abort(size_t offset, std::string message, std::string hint = {}, size_t width = 1);

  const YamlText& text_;
  size_t base_;
  Diagnostics& diagnostics_;
  std::function<void()> progress_;
  size_t last_ = 0;  ///< where the last event was
  bool has_document_ = false;
  Node root_;
  std::vector<Level> levels_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  Weight total_;     ///< of the tree so far
  Weight anchored_;  ///< of the copies kept for aliases
};

}  // namespace counterpart::document

#pragma once
/// Templates: values of a contract with `${expression}` in them, `$map` and `$if` (docs/format.md, "Templates").
/// Compiled once into pieces of ready text and holes; rendering writes text and builds no tree.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/document/node.h"
#include "engine/expression/interpreter.h"

namespace counterpart::expression {

class Template {
 public:
  enum class Form {
    json,  ///< renders compact JSON text of the value
    text,  ///< of a scalar: renders its text, without quotes
  };

  /// Of nothing: renders "".
  Template() = default;

  /// Of ready text: renders it as it is.
  explicit Template(std::string text) { root_.text = std::move(text); }

  /// Compiles the value at `node`; its snippets go to `program`, its errors to `diagnostics`.
  static Template compile(const document::Node& node, Form form, const std::shared_ptr<const document::Source>& source,
                          Program& program, document::Diagnostics& diagnostics);

  /// Without holes: renders the same text always, which text() is.
  bool is_constant() const { return constant_; }
  const std::string& text() const { return root_.text; }

  /// Calls `use` with every snippet, in the order of writing.
  void for_each_snippet(const std::function<void(SnippetId)>& use) const { for_each_snippet(root_, use); }

  /// Appends the rendered text. Throws Error when an expression fails or the text passes rendered_bytes_max.
  void render(Session& session, std::string& out) const;
  static constexpr size_t rendered_bytes_max = 64u << 20;

  /// Calls `item` with the text of every element when the template is a `$map`, else once with all of it: a million
  /// items never stand in memory as one text.
  void render_items(Session& session, const std::function<void(std::string_view)>& item) const;

 private:
  friend class TemplateCompiler;
  struct Part {
    enum class Kind {
      text,      ///< `text`, as it is
      json,      ///< the value of `snippet`, as JSON
      plain,     ///< the value of `snippet`, as text
      escaped,   ///< the value of `snippet`, as text inside a JSON string
      sequence,  ///< every part
      members,   ///< the parts of a map or list of which some may be left out; commas between those that are not
      map,       ///< parts[0] for every element of `snippet`
      choice,    ///< parts[0] when `snippet` is true, else parts[1], else nothing
    };
    Kind kind = Kind::text;
    std::string text;  ///< for members' parts: the key, quoted, with its colon
    SnippetId snippet = 0;
    bool with_index = false;
    std::vector<Part> parts;
  };

  static bool render(const Part& part, Session& session, std::string& out);
  static SnippetId first_snippet(const Part& part);
  static void for_each_snippet(const Part& part, const std::function<void(SnippetId)>& use);

  Part root_;
  bool constant_ = true;
  bool needs_lua_ = false;  ///< some part does, whatever it is rendered for
};

}  // namespace counterpart::expression

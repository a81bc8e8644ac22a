#pragma once
/// A YAML file's text as the reader's parts look at it beside the parser's events: where things are, and what
/// stands around them. The parser says neither where a scalar ends nor how an empty one was meant.

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/document/diagnostic.h"

namespace counterpart::document {

class YamlText {
 public:
  explicit YamlText(std::shared_ptr<const Source> source);

  std::string_view all() const { return source_->text; }
  const std::shared_ptr<const Source>& source() const { return source_; }

  /// The place of a byte. Offsets past the end are the end.
  Location where(size_t offset) const;
  Position position(size_t offset) const { return where(offset).at; }

  /// The character at an offset, or '\0' past the end.
  char at(size_t offset) const { return offset < all().size() ? all()[offset] : '\0'; }
  bool is_blank(size_t offset) const { return at(offset) == ' ' || at(offset) == '\t'; }
  bool is_break(size_t offset) const { return at(offset) == '\n' || at(offset) == '\r' || offset >= all().size(); }
  bool is_space(size_t offset) const { return is_blank(offset) || is_break(offset); }

  size_t line_begin(size_t offset) const;
  /// The end of the line's text, before its break.
  size_t line_end(size_t offset) const;
  size_t skip_blanks(size_t offset) const;

  /// True when nothing but spaces, tabs and the marks "-" and "?" stands before the offset on its line.
  bool is_first_on_line(size_t offset) const;
  /// The first tab among what indents the line of `offset`, or npos. `after_dash`: the blanks behind "-" and "?" count,
  /// as they do where a map begins behind them.
  size_t indenting_tab(size_t offset, bool after_dash) const;

  /// Where a node's content begins: behind its anchor and tag, if it has any.
  size_t content(size_t offset) const;
  /// The null that is spelled out at `offset` ("~", "null", ...), or "" where something else is, or where a colon
  /// follows and `as_key` is false: the parser places an empty value at what comes next, and that may be a key.
  std::string_view spelled_null(size_t offset, bool as_key) const;
  /// The "-" of the last item before `offset` of the block list that begins at `list`.
  size_t dash_before(size_t offset, size_t list) const;
  /// Behind the closing quote of the quoted scalar at `offset`, or npos where it is not closed.
  size_t quoted_end(size_t offset) const;

  static constexpr size_t npos = std::string_view::npos;

 private:
  bool is_dash(size_t offset) const;

  std::shared_ptr<const Source> source_;
  std::vector<size_t> line_begins_;
};

}  // namespace counterpart::document

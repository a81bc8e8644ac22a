#include "engine/document/yaml_text.h"

#include <algorithm>

#include "engine/document/yaml_scalar.h"

namespace counterpart::document {

YamlText::YamlText(std::shared_ptr<const Source> source) : source_(std::move(source)), line_begins_{0} {
  for (size_t at = all().find('\n'); at != npos; at = all().find('\n', at + 1)) line_begins_.push_back(at + 1);
}

Location YamlText::where(size_t offset) const {
  offset = std::min(offset, all().size());
  const auto after = std::upper_bound(line_begins_.begin(), line_begins_.end(), offset);
  const int line = static_cast<int>(after - line_begins_.begin());
  return {source_, {line, static_cast<int>(offset - *(after - 1)) + 1}};
}

size_t YamlText::line_begin(size_t offset) const {
  return *(std::upper_bound(line_begins_.begin(), line_begins_.end(), offset) - 1);
}

size_t YamlText::line_end(size_t offset) const {
  while (!is_break(offset)) ++offset;
  return offset;
}

size_t YamlText::skip_blanks(size_t offset) const {
  while (is_blank(offset)) ++offset;
  return offset;
}

bool YamlText::is_dash(size_t offset) const { return (at(offset) == '-' || at(offset) == '?') && is_space(offset + 1); }

bool YamlText::is_first_on_line(size_t offset) const {
  offset = std::min(offset, all().size());
  size_t i = line_begin(offset);
  while (i < offset && (is_blank(i) || is_dash(i))) ++i;
  return i == offset;
}

size_t YamlText::indenting_tab(size_t offset, bool after_dash) const {
  for (size_t i = line_begin(std::min(offset, all().size())); is_blank(i) || (after_dash && is_dash(i)); ++i) {
    if (at(i) == '\t') return i;
  }
  return npos;
}

size_t YamlText::content(size_t offset) const {
  while (at(offset) == '&' || at(offset) == '!') {
    if (all().substr(offset).starts_with("!<")) {
      while (!is_space(offset) && at(offset) != '>') ++offset;
      if (at(offset) == '>') ++offset;
    }
    while (!is_space(offset) && std::string_view(",[]{}").find(at(offset)) == npos) ++offset;
    while (offset < all().size() && (is_space(offset) || at(offset) == '#')) {
      offset = at(offset) == '#' ? line_end(offset) : offset + 1;
    }
  }
  return offset;
}

std::string_view YamlText::spelled_null(size_t offset, bool as_key) const {
  constexpr size_t longest = 4;
  offset = std::min(offset, all().size());
  size_t end = offset;
  while (!is_space(end) && std::string_view(",[]{}:").find(at(end)) == npos && end - offset <= longest) ++end;
  const std::string_view word = all().substr(offset, end - offset);
  if (!is_spelled_null(word)) return {};
  return as_key || at(skip_blanks(end)) != ':' ? word : std::string_view();
}

size_t YamlText::dash_before(size_t offset, size_t list) const {
  const size_t indent = list - line_begin(list);
  for (size_t begin = line_begin(offset); begin > list; begin = line_begin(begin - 1)) {
    const size_t dash = begin + indent;
    if (dash < offset && at(dash) == '-' && skip_blanks(begin) == dash && is_space(dash + 1)) return dash;
  }
  return list;
}

size_t YamlText::quoted_end(size_t offset) const {
  const char quote = at(offset);
  for (size_t i = offset + 1; i < all().size(); ++i) {
    if (quote == '"' && at(i) == '\\') {
      ++i;
    } else if (at(i) == quote) {
      if (quote == '"' || at(i + 1) != quote) return i + 1;
      ++i;  // '' is an escaped quote
    }
  }
  return npos;
}

}  // namespace counterpart::document

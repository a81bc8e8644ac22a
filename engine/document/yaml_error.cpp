#include "engine/document/yaml_error.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/document/utf8.h"

namespace counterpart::document {

namespace {

/// The first part of an explanation: the rest of a Diagnostic follows from the offset.
struct Explanation {
  size_t offset;
  std::string message;
  std::string hint = {};
  size_t width = 1;
};

constexpr std::string_view quote_it = "put the text in quotes";

/// The text between two offsets without the blanks around it.
std::string_view trimmed(const YamlText& text, size_t begin, size_t end) {
  begin = std::min(text.skip_blanks(begin), end);
  while (end > begin && text.is_space(end - 1)) --end;
  return text.all().substr(begin, end - begin);
}

/// The opening quote that has no partner, seen from a place outside of quotes; `from` where there is none.
size_t open_quote(const YamlText& text, size_t from) {
  for (size_t i = from; i < text.all().size(); ++i) {
    const char before = i == 0 ? ' ' : text.at(i - 1);
    const bool can_begin = std::string_view(" \t\n[{,:-?").find(before) != YamlText::npos;
    if (text.at(i) == '#' && can_begin) i = text.line_end(i);
    if ((text.at(i) != '"' && text.at(i) != '\'') || !can_begin) continue;
    const size_t end = text.quoted_end(i);
    if (end == YamlText::npos) return i;
    i = end - 1;
  }
  return from;
}

/// A ":" that ends no key.
Explanation explain_colon(const YamlText& text, size_t colon) {
  const Explanation in_value{colon, "unexpected \":\" inside of a value", "put the whole value in quotes"};
  const size_t begin = text.line_begin(colon);
  const std::string_view key = trimmed(text, begin, colon);
  // Only a line that is itself "key:" can be one that got into the value of the line before.
  if (begin == 0 || key.find(": ") != std::string_view::npos || key.ends_with(':')) return in_value;

  size_t previous_end = begin;
  while (previous_end > 0 && text.is_space(previous_end - 1)) --previous_end;
  if (previous_end == 0) return in_value;
  const size_t previous = text.line_begin(previous_end);
  const size_t previous_begin = text.skip_blanks(previous);
  const size_t key_begin = text.skip_blanks(begin);
  if (key_begin - begin > previous_begin - previous) {
    return {key_begin, "unexpected key: the line before already has a value", "check this line's indentation",
            key.size()};
  }
  return {previous_begin, "expected \":\" and a value after this key", {}, previous_end - previous_begin};
}

/// Something where a block list or map should go on or end.
Explanation explain_end(const YamlText& text, size_t offset) {
  if (!text.is_first_on_line(offset)) {
    return {offset, "unexpected text after a value",
            "put the whole value in quotes, or close a quote that is open above"};
  }
  if (text.at(offset) == '-' && text.is_space(offset + 1)) {
    return {offset, "unexpected list item: the lines above are a map on this level", "check the indentation"};
  }
  return {offset, "this line's indentation fits nothing above it", "align it with the keys it belongs to"};
}

Explanation explain_flow_end(const YamlText& text, size_t offset, const YamlBuilder& builder, bool is_list) {
  const char* closing = is_list ? "]" : "}";
  const size_t begin = builder.innermost();
  if (begin == YamlText::npos) return {offset, fmt::format("expected \",\" or \"{}\"", closing), {}};
  const Position at = text.position(begin);
  const char* hint = at.line < text.position(offset).line ? "is it closed?" : "put text with , [ ] { } or ? in quotes";
  return {offset,
          fmt::format("expected \",\" or \"{}\" in the {} that begins at line {}, column {}", closing,
                      is_list ? "list" : "map", at.line, at.column),
          hint};
}

Explanation explain_character(const YamlText& text, size_t offset) {
  const size_t bytes = offset < text.all().size() ? utf8_step(text.all(), offset).bytes : 0;
  return {offset, fmt::format("unexpected \"{}\": no plain text begins with it", text.all().substr(offset, bytes)),
          std::string(quote_it)};
}

/// An escape the parser does not know. Its mark is behind what it read of it.
Explanation explain_escape(const YamlText& text, size_t offset, std::string_view what) {
  constexpr size_t longest = 12;
  size_t begin = offset > 0 ? offset - 1 : 0;
  while (begin > 0 && text.at(begin) != '\\' && offset - begin < longest) --begin;
  std::string hint = "write a backslash as \\\\, or use single quotes";
  if (what.starts_with(YAML::ErrorMsg::INVALID_UNICODE)) {
    hint = "half a surrogate pair is no character: write the character itself, or \\U and eight digits";
  } else if (what == YAML::ErrorMsg::INVALID_HEX) {
    hint = "\\x takes two, \\u four and \\U eight hexadecimal digits";
  }
  return {begin, "invalid escape in double quotes", std::move(hint), std::max<size_t>(2, offset - begin)};
}

Explanation explain(const std::string& what, const YamlText& text, size_t offset, const YamlBuilder& builder) {
  using namespace YAML;
  if (!builder.in_flow()) {
    const size_t tab = text.indenting_tab(offset, what == ErrorMsg::MAP_VALUE);
    const bool is_cause = tab != YamlText::npos && (text.is_first_on_line(offset) || what == ErrorMsg::MAP_VALUE);
    if (is_cause || what == ErrorMsg::TAB_IN_INDENTATION) {
      return {tab == YamlText::npos ? offset : tab, "a tab in the indentation", "indent with spaces"};
    }
  }
  if (what == ErrorMsg::EOF_IN_SCALAR) return {open_quote(text, builder.last()), "this quote is never closed"};
  if (what == ErrorMsg::DOC_IN_SCALAR) return {offset, "unexpected document mark inside of a quoted text"};
  if (what == ErrorMsg::MAP_VALUE) return explain_colon(text, offset);
  if (what == ErrorMsg::END_OF_MAP || what == ErrorMsg::END_OF_SEQ) return explain_end(text, offset);
  if (what == ErrorMsg::END_OF_SEQ_FLOW) return explain_flow_end(text, offset, builder, true);
  if (what == ErrorMsg::END_OF_MAP_FLOW) return explain_flow_end(text, offset, builder, false);
  if (what == ErrorMsg::UNKNOWN_TOKEN) return explain_character(text, offset);
  if (what == ErrorMsg::FLOW_END) {
    return {offset, fmt::format("unexpected \"{}\": it closes nothing", text.at(offset)), std::string(quote_it)};
  }
  if (what == ErrorMsg::BLOCK_ENTRY) {
    return {offset, "unexpected list item", "begin the list on a line of its own, or write it as [a, b]"};
  }
  if (what == ErrorMsg::MAP_KEY) return {offset, "unexpected \"?\"", std::string(quote_it)};
  if (what == ErrorMsg::CHAR_IN_BLOCK) {
    return {offset, "unexpected text behind the mark of a block", "the block's text begins on the next line"};
  }
  if (what.starts_with(ErrorMsg::UNKNOWN_ANCHOR)) {
    size_t end = offset;
    while (!text.is_space(end) && std::string_view(",[]{}").find(text.at(end)) == YamlText::npos) ++end;
    return {offset, "this alias refers to no anchor (&) before it", "put text that begins with * in quotes",
            end - offset};
  }
  if (what.starts_with(ErrorMsg::INVALID_UNICODE) || what.starts_with(ErrorMsg::INVALID_ESCAPE) ||
      what == ErrorMsg::INVALID_HEX) {
    return explain_escape(text, offset, what);
  }
  return {offset, what};
}

}  // namespace

Diagnostic explain_yaml_error(const YAML::Exception& error, const YamlText& text, size_t base,
                              const YamlBuilder& builder) {
  const size_t offset = error.mark.is_null() ? builder.last() : base + static_cast<size_t>(std::max(0, error.mark.pos));
  Explanation explanation = explain(error.msg, text, std::min(offset, text.all().size()), builder);
  return {Severity::error, text.where(explanation.offset), explanation.width, std::move(explanation.message),
          std::move(explanation.hint)};
}

}  // namespace counterpart::document

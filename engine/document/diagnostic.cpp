#include "engine/document/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "engine/document/utf8.h"

namespace counterpart::document {

namespace {

constexpr size_t excerpt_columns_max = 120;
constexpr size_t message_bytes_max = 1000;
constexpr std::string_view bom = "\xEF\xBB\xBF";
constexpr std::string_view unprintable = "\uFFFD";

/// ANSI escapes, or nothing where no colour is wanted.
struct Paint {
  bool colour;
  std::string operator()(std::string_view code, std::string_view text) const {
    return colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
  }
};

/// Characters that would move the cursor, end the line, hide or reorder text on a terminal: controls, line
/// separators, and the bidirectional overrides and isolates.
bool is_unsafe(std::string_view character) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7F;
  if (character.size() == 2) return byte(0) == 0xC2 && byte(1) < 0xA0;  // U+0080 to U+009F
  if (character.size() != 3 || byte(0) != 0xE2) return false;
  if (byte(1) == 0x80) return byte(2) == 0x8E || byte(2) == 0x8F || (byte(2) >= 0xA8 && byte(2) <= 0xAE);
  return byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9;
}

/// One character as the terminal may see it; always one column wide, as far as the caret is concerned.
std::string_view shown(std::string_view character, bool valid) {
  if (character == "\t" || character == "\n") return " ";
  return !valid || is_unsafe(character) ? unprintable : character;
}

/// A message or a name, made harmless and cut.
std::string harmless(std::string_view text) {
  std::string result;
  for (size_t at = 0; at < text.size();) {
    if (result.size() >= message_bytes_max) return result + "...";
    const Utf8Step step = utf8_step(text, at);
    result += shown(text.substr(at, step.bytes), step.valid);
    at += step.bytes;
  }
  return result;
}

/// The line without its break; nullopt-like empty view with `found` false where the text has no such line.
std::string_view line_of(std::string_view text, int line, bool& found) {
  found = false;
  for (int number = 1; number < line; ++number) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  found = true;
  std::string_view result = text.substr(0, text.find('\n'));
  if (result.ends_with('\r')) result.remove_suffix(1);
  return result;
}

struct Excerpt {
  std::string text;
  size_t caret_column = 0;  ///< columns before the caret
  size_t caret_width = 1;
};

/// The part of `line` around the bytes [offset, offset + width) that fits the terminal.
Excerpt cut_around(std::string_view line, size_t offset, size_t width) {
  // No more bytes on each side can matter. It may begin inside of a character: that is then cut off.
  constexpr size_t reach = 4 * excerpt_columns_max;
  const size_t begin = offset > reach ? offset - reach : 0;

  std::vector<std::string_view> columns;
  size_t caret = 0;
  size_t caret_end = 0;
  size_t at = begin;
  while (at < line.size() && at < offset + reach) {
    const Utf8Step step = utf8_step(line, at);
    columns.push_back(shown(line.substr(at, step.bytes), step.valid));
    at += step.bytes;
    if (at <= offset) caret = columns.size();
    if (at <= offset || at - step.bytes < offset + width) caret_end = columns.size();
  }

  const size_t left = columns.size() <= excerpt_columns_max || caret < excerpt_columns_max * 2 / 3
                          ? 0
                          : std::min(caret - excerpt_columns_max / 2, columns.size() - excerpt_columns_max);
  const size_t right = std::min(columns.size(), left + excerpt_columns_max);
  Excerpt excerpt;
  if (begin > 0 || left > 0) excerpt.text = "...";
  excerpt.caret_column = excerpt.text.size() + caret - left;
  for (size_t i = left; i < right; ++i) excerpt.text += columns[i];
  if (right < columns.size() || at < line.size()) excerpt.text += "...";
  excerpt.caret_width = std::max<size_t>(1, std::min(caret_end, right) - std::min(caret, right));
  return excerpt;
}

/// The source line and the caret line, or nothing where the place is not known well enough.
std::string excerpt_lines(const Diagnostic& diagnostic, std::string_view gutter, const Paint& paint,
                          std::string_view severity_colour) {
  const auto& [source, at] = diagnostic.where;
  if (!source || at.line <= 0) return {};
  bool found = false;
  std::string_view line = line_of(source->text, at.line, found);
  if (!found) return {};
  size_t offset = at.column > 0 ? static_cast<size_t>(at.column) - 1 : 0;
  if (at.line == 1 && line.starts_with(bom)) {
    line.remove_prefix(bom.size());
    offset = offset < bom.size() ? 0 : offset - bom.size();
  }
  offset = std::min(offset, line.size());
  const size_t width = std::min(std::max<size_t>(1, diagnostic.width), std::max<size_t>(1, line.size() - offset));
  const Excerpt excerpt = cut_around(line, offset, width);
  std::string result = fmt::format("   {} |{}{}\n", at.line, excerpt.text.empty() ? "" : " ", excerpt.text);
  if (at.column > 0) {
    std::string caret(excerpt.caret_width, '~');
    caret.front() = '^';
    result += fmt::format("{}| {}{}\n", gutter, std::string(excerpt.caret_column, ' '), paint(severity_colour, caret));
  }
  return result;
}

}  // namespace

std::string Location::text() const {
  if (!source) return {};
  if (at.line <= 0) return source->name;
  if (at.column <= 0) return fmt::format("{}:{}", source->name, at.line);
  return fmt::format("{}:{}:{}", source->name, at.line, at.column);
}

std::string Diagnostic::render(bool colour) const {
  const Paint paint{colour};
  const bool is_error = severity == Severity::error;
  const std::string_view severity_colour = is_error ? "1;31" : "1;35";
  const std::string place = harmless(where.text());
  std::string result = place.empty() ? "" : place + ": ";
  result += paint(severity_colour, is_error ? "error:" : "warning:") + " " + harmless(message) + "\n";

  const size_t digits = where.source && where.at.line > 0 ? std::to_string(where.at.line).size() : 0;
  const std::string gutter(3 + digits + 1, ' ');
  result += excerpt_lines(*this, gutter, paint, severity_colour);
  if (!hint.empty()) result += gutter + "= " + paint("1;36", "hint:") + " " + harmless(hint) + "\n";
  return result;
}

void Diagnostics::add(Diagnostic diagnostic) {
  ++(diagnostic.severity == Severity::error ? errors_ : warnings_);
  if (all_.size() < diagnostics_max) all_.push_back(std::move(diagnostic));
}

void Diagnostics::error(Location where, std::string message, std::string hint, size_t width) {
  add({Severity::error, std::move(where), width, std::move(message), std::move(hint)});
}

void Diagnostics::warning(Location where, std::string message, std::string hint, size_t width) {
  add({Severity::warning, std::move(where), width, std::move(message), std::move(hint)});
}

void Diagnostics::add_all(const Diagnostics& other) {
  const size_t errors = errors_ + other.errors_;
  const size_t warnings = warnings_ + other.warnings_;
  for (const Diagnostic& diagnostic : other.all_) add(diagnostic);
  errors_ = errors;
  warnings_ = warnings;
}

std::string Diagnostics::render(bool colour) const {
  std::vector<const Diagnostic*> sorted;
  for (const Diagnostic& diagnostic : all_) sorted.push_back(&diagnostic);
  const auto place = [](const Diagnostic* diagnostic) {
    const auto& [source, at] = diagnostic->where;
    return std::tuple(source ? std::string_view(source->name) : std::string_view(), at.line, at.column);
  };
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const Diagnostic* a, const Diagnostic* b) { return place(a) < place(b); });

  std::string result;
  for (const Diagnostic* diagnostic : sorted) result += diagnostic->render(colour);
  if (const size_t left_out = errors_ + warnings_ - all_.size(); left_out > 0) {
    result += fmt::format("{} more {} left out\n", left_out, left_out == 1 ? "was" : "were");
  }
  return result;
}

}  // namespace counterpart::document

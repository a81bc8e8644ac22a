#include <fmt/format.h>

#include <algorithm>

#include "fuzz/responses/changes.h"

namespace counterpart::fuzz {

namespace {

using namespace std::string_view_literals;

std::string truncated(Draft& draft) {
  const size_t size = draft.body().size();
  if (size == 0) return "";
  // Near the end as often as anywhere: a last bracket is easily forgotten.
  const size_t cut = draft.one_in(2) ? draft.below(size) : size - 1 - draft.below(std::min<size_t>(size, 8));
  return draft.replace(cut, size, "") ? fmt::format("the body cut at byte {} of {}", cut, size) : "";
}

std::string flipped(Draft& draft) {
  if (draft.body().empty()) return "";
  const size_t at = draft.below(draft.body().size());
  const char byte = static_cast<char>(draft.body()[at] ^ static_cast<char>(1u << draft.below(8)));
  return draft.replace(at, at + 1, std::string_view(&byte, 1)) ? fmt::format("byte {} with a bit flipped", at) : "";
}

std::string other_byte(Draft& draft) {
  const size_t at = draft.below(draft.body().size() + 1);
  const size_t replaced = at < draft.body().size() ? draft.below(2) : 0;
  const char byte = static_cast<char>(draft.below(256));
  if (!draft.replace(at, at + replaced, std::string_view(&byte, 1))) return "";
  return fmt::format("byte {} {} 0x{:02x}", at, replaced > 0 ? "is" : "preceded by", static_cast<unsigned char>(byte));
}

std::string missing_bytes(Draft& draft) {
  const size_t size = draft.body().size();
  if (size == 0) return "";
  const size_t at = draft.below(size);
  const size_t count = 1 + draft.below(std::min<size_t>(size - at, size_t{1} << draft.below(8)));
  return draft.replace(at, at + count, "") ? fmt::format("{} bytes missing at byte {}", count, at) : "";
}

std::string repeated_bytes(Draft& draft) {
  const size_t size = draft.body().size();
  if (size == 0) return "";
  const size_t at = draft.below(size);
  const size_t count = 1 + draft.below(std::min<size_t>(size - at, size_t{1} << draft.below(8)));
  const std::string bytes = draft.body().substr(at, count);
  return draft.replace(at, at, bytes) ? fmt::format("{} bytes twice at byte {}", count, at) : "";
}

std::string invalid_utf8(Draft& draft) {
  constexpr std::string_view sequences[] = {"\x80",
                                            "\xBF",
                                            "\xC3",
                                            "\xFF",
                                            "\xFE",
                                            "\xC0\xAF",
                                            "\xC1\x81",
                                            "\xE0\x80\xAF",
                                            "\xED\xA0\x80",
                                            "\xED\xBF\xBF",
                                            "\xF0\x80\x80\xAF",
                                            "\xF4\x90\x80\x80",
                                            "\xF8\x88\x80\x80\x80",
                                            "\xE2\x82",
                                            "\xF0\x9F\x98"};
  const JsonValue* text =
      draft.one_value([](const JsonValue& one) { return one.kind == JsonValue::Kind::text || one.is_member(); });
  const bool in_key = text != nullptr && text->kind != JsonValue::Kind::text;
  const size_t at =
      text == nullptr ? draft.below(draft.body().size() + 1) : (in_key ? text->key_begin : text->begin) + 1;
  std::string says = fmt::format("{}: invalid UTF-8", text == nullptr ? "the body" : draft.place_of(*text));
  return draft.replace(at, at, draft.one_of(sequences)) ? says : "";
}

std::string other_encoding(Draft& draft) {
  constexpr size_t encoded_bytes_max = 64 * 1024;
  if (draft.body().empty() || draft.body().size() > encoded_bytes_max) return "";
  const bool little = draft.one_in(2);
  std::string text = little ? "\xFF\xFE" : "\xFE\xFF";
  for (const char c : draft.body()) {
    if (!little) text += '\0';
    text += c;
    if (little) text += '\0';
  }
  return draft.replace(0, draft.body().size(), text) ? fmt::format("the body as UTF-16{}", little ? "LE" : "BE") : "";
}

/// One mark of the grammar too many, too few, or another.
std::string unbalanced(Draft& draft) {
  constexpr std::string_view marks = "{}[]\",:";
  std::vector<size_t> places;
  for (size_t i = 0; i < draft.body().size() && places.size() < JsonScan::values_max; ++i) {
    if (marks.find(draft.body()[i]) != std::string_view::npos) places.push_back(i);
  }
  if (places.empty()) return "";
  const size_t at = draft.one_of(places);
  const std::string old(1, draft.body()[at]);
  const std::string other(1, marks[draft.below(marks.size())]);
  switch (draft.below(3)) {
    case 0:
      return draft.replace(at, at + 1, "") ? fmt::format("without the {} at byte {}", old, at) : "";
    case 1:
      return draft.replace(at, at, old) ? fmt::format("the {} at byte {} twice", old, at) : "";
    default:
      return draft.replace(at, at + 1, other) ? fmt::format("{} instead of {} at byte {}", other, old, at) : "";
  }
}

/// What other notations have and JSON has not.
std::string no_json(Draft& draft) {
  const JsonValue* value = draft.one_value([](const JsonValue&) { return true; });
  if (value == nullptr) return "";
  constexpr std::string_view values[] = {
      "NaN",       "Infinity", "-Infinity", "undefined", "True", "None", "nul",        "'text'",
      "01",        "+1",       "0x10",      "1.",        ".5",   "1e",   "-",          "\"\\x41\"",
      "\"\\u12\"", "\"\\",     "\"\n\"",    "\"\t\"",    "[1,]", "[,1]", "[1 2]",      "{\"a\":1,}",
      "{a:1}",     "{\"a\"}",  "{\"a\":}",  "1/**/",     "1//",  "[1]]", "\"a\"\"b\"", "--1"};
  const std::string_view text = draft.one_of(values);
  std::string says = fmt::format("{}: {}", draft.place_of(*value), printable(text));
  return draft.replace(value->begin, value->end, text) ? says : "";
}

std::string garbage_behind(Draft& draft) {
  constexpr std::string_view tails[] = {"x", "}", "]", "\0"sv, ",", "{}", "null", "\xEF\xBB\xBF", "</html>", "\x1A"};
  const std::string tail = draft.one_in(4) ? draft.body() : std::string(draft.one_of(tails));
  const size_t size = draft.body().size();
  return draft.replace(size, size, tail) ? fmt::format("{} bytes behind the body", tail.size()) : "";
}

std::string random_bytes(Draft& draft) {
  const size_t count = size_t{1} << draft.below(12);
  std::string bytes;
  for (size_t i = 0; i < count; ++i) bytes += static_cast<char>(draft.below(256));
  return draft.replace(0, draft.body().size(), bytes) ? fmt::format("{} random bytes as the body", count) : "";
}

std::string other_document(Draft& draft) {
  constexpr std::string_view bodies[] = {"",
                                         " ",
                                         "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>",
                                         "OK",
                                         "<?xml version=\"1.0\"?><error/>",
                                         "{",
                                         "[",
                                         "\"",
                                         "\0"sv,
                                         "upstream timed out\n",
                                         "{\"a\":1}\n{\"a\":2}\n",
                                         ")]}',\n{}",
                                         "\x1F\x8B\x08\x00\x00\x00"sv};
  const std::string_view body = draft.one_of(bodies);
  if (body == draft.body()) return "";
  return draft.replace(0, draft.body().size(), body) ? fmt::format("the body is \"{}\"", printable(body)) : "";
}

std::string unclosed(Draft& draft) {
  constexpr size_t depths[] = {1, 100, 1'000, 10'000, 100'000, 500'000};
  const size_t depth = draft.one_of(depths);
  const std::string_view opening = draft.one_in(2) ? "[" : "{\"\":";
  std::string body;
  while (body.size() < depth) body += opening;
  return draft.replace(0, draft.body().size(), body) ? fmt::format("{} bytes of {} alone", body.size(), opening) : "";
}

std::string bad_header(Draft& draft) {
  constexpr size_t fields_max = 64;
  if (!draft.one_in(4) || draft.answer().headers.size() >= fields_max) return "";
  constexpr std::string_view values[] = {"a\x01", "\x7F", "\0"sv, "\x1B[2J"};
  draft.answer().headers.add("X-Control", std::string(draft.one_of(values)));
  return "a header with a control character";
}

constexpr Change changes[] = {truncated,     truncated,      flipped,      flipped,      other_byte,
                              missing_bytes, repeated_bytes, invalid_utf8, invalid_utf8, other_encoding,
                              unbalanced,    unbalanced,     no_json,      no_json,      garbage_behind,
                              random_bytes,  other_document, unclosed,     bad_header};

}  // namespace

std::span<const Change> broken_changes() { return changes; }

}  // namespace counterpart::fuzz

#include <fmt/format.h>

#include <algorithm>

#include "fuzz/responses/changes.h"
#include "fuzz/responses/edge_values.h"

namespace counterpart::fuzz {

namespace {

using Kind = JsonValue::Kind;

std::string boundary_number(Draft& draft) {
  const JsonValue* value = draft.one_value(Kind::number);
  if (value == nullptr) return "";
  const bool is_fraction = draft.text_of(*value).find_first_of(".eE") != std::string_view::npos;
  const std::string_view number = is_fraction && !draft.one_in(4) ? draft.one_of(fractions) : draft.one_of(integers);
  std::string says = fmt::format("{}: the number {}", draft.place_of(*value), number);
  return draft.replace(value->begin, value->end, number) ? says : "";
}

std::string same_number(Draft& draft) {
  const JsonValue* value = draft.one_value(Kind::number);
  if (value == nullptr || draft.text_of(*value).find_first_of(".eE") != std::string_view::npos) return "";
  constexpr std::string_view tails[] = {".0", ".000000000000000000000", "e0", "E+00", "0e-1"};
  const std::string_view tail = draft.one_of(tails);
  const bool is_zero = draft.text_of(*value).ends_with("0") && draft.text_of(*value).size() <= 2;
  if (tail == "0e-1" && is_zero) return "";
  std::string says =
      fmt::format("{}: the same number, written {}{}", draft.place_of(*value), printable(draft.text_of(*value)), tail);
  return draft.replace(value->end, value->end, tail) ? says : "";
}

std::string edge_text(Draft& draft) {
  const JsonValue* value = draft.one_value(Kind::text);
  if (value == nullptr) return "";
  const std::string_view text = draft.one_of(texts);
  std::string says = fmt::format("{}: the text {}", draft.place_of(*value), printable(text));
  return draft.replace(value->begin, value->end, text) ? says : "";
}

std::string long_text(Draft& draft) {
  const JsonValue* value = draft.one_value(Kind::text);
  if (value == nullptr) return "";
  constexpr size_t sizes[] = {31, 32, 63, 64, 127, 128, 255, 256, 257, 1'023, 1'024, 4'096, 65'535, 65'536, 200'000};
  const size_t size = draft.one_of(sizes);
  constexpr std::string_view fillings[] = {"A",         "0",    "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
                                           R"(\u0041)", R"(\\)"};
  const std::string_view filling = draft.one_of(fillings);
  std::string text = "\"";
  while (text.size() < size) text += filling;
  std::string says = fmt::format("{}: a text of {} bytes", draft.place_of(*value), text.size() - 1);
  return draft.replace(value->begin, value->end, text + '"') ? says : "";
}

std::string null_value(Draft& draft) {
  const JsonValue* value = draft.one_value([](const JsonValue& one) { return one.kind != Kind::null; });
  if (value == nullptr) return "";
  std::string says = fmt::format("{}: null", draft.place_of(*value));
  return draft.replace(value->begin, value->end, "null") ? says : "";
}

std::string other_boolean(Draft& draft) {
  const JsonValue* value = draft.one_value(Kind::boolean);
  if (value == nullptr) return "";
  const bool was_true = draft.text_of(*value) == "true";
  std::string says = fmt::format("{}: {}", draft.place_of(*value), was_true ? "false" : "true");
  return draft.replace(value->begin, value->end, was_true ? "false" : "true") ? says : "";
}

/// Another value of the same place's kind from elsewhere in the documented answers of this response.
std::string other_documented_value(Draft& draft) {
  const JsonValue* value = draft.one_value([](const JsonValue& one) { return !one.is_container(); });
  if (value == nullptr) return "";
  std::vector<const JsonValue*> others;
  for (const JsonValue& other : draft.scan().values) {
    if (other.kind == value->kind && draft.key_of(other) == draft.key_of(*value) &&
        draft.text_of(other) != draft.text_of(*value)) {
      others.push_back(&other);
    }
  }
  if (others.empty()) return "";
  const std::string text(draft.text_of(*draft.one_of(others)));
  std::string says = fmt::format("{}: the value of another item", draft.place_of(*value));
  return draft.replace(value->begin, value->end, text) ? says : "";
}

std::string reorder_keys(Draft& draft) {
  const JsonValue* map =
      draft.one_value([](const JsonValue& one) { return one.kind == Kind::map && one.children > 1; });
  if (map == nullptr) return "";
  const auto children = draft.scan().children_of(static_cast<uint32_t>(map - draft.scan().values.data()));
  if (children.size() < 2) return "";
  const size_t first = draft.below(children.size() - 1);
  const size_t second = first + 1 + draft.below(children.size() - first - 1);
  const JsonValue& a = draft.scan().values[children[first]];
  const JsonValue& b = draft.scan().values[children[second]];
  const std::string a_text(draft.member_text_of(a));
  const std::string b_text(draft.member_text_of(b));
  const std::string between = draft.body().substr(a.end, b.member_begin() - a.end);
  std::string says = fmt::format("{}: two keys in the other order", draft.place_of(*map));
  return draft.replace(a.member_begin(), b.end, b_text + between + a_text) ? says : "";
}

std::string empty_list(Draft& draft) {
  const JsonValue* list =
      draft.one_value([](const JsonValue& one) { return one.kind == Kind::list && one.children > 0; });
  if (list == nullptr) return "";
  std::string says = fmt::format("{}: an empty list", draft.place_of(*list));
  return draft.replace(list->begin, list->end, draft.one_in(2) ? "[]" : "[ \n]") ? says : "";
}

std::string fewer_items(Draft& draft) {
  const JsonValue* list =
      draft.one_value([](const JsonValue& one) { return one.kind == Kind::list && one.children > 1; });
  if (list == nullptr) return "";
  const auto items = draft.scan().children_of(static_cast<uint32_t>(list - draft.scan().values.data()));
  const JsonValue& one = draft.scan().values[draft.one_of(items)];
  std::string says = fmt::format("{}: one item alone", draft.place_of(*list));
  return draft.replace(list->begin, list->end, fmt::format("[{}]", draft.text_of(one))) ? says : "";
}

std::string more_items(Draft& draft) {
  const JsonValue* list =
      draft.one_value([](const JsonValue& one) { return one.kind == Kind::list && one.children > 0; });
  if (list == nullptr) return "";
  const auto items = draft.scan().children_of(static_cast<uint32_t>(list - draft.scan().values.data()));
  const JsonValue& one = draft.scan().values[draft.one_of(items)];
  constexpr size_t counts[] = {1, 2, 15, 16, 100, 255, 256, 1'000, 10'000};
  const size_t count = draft.one_of(counts);
  const std::string item = "," + std::string(draft.text_of(one));
  if (item.size() * count > draft.body_bytes_max()) return "";
  std::string text;
  for (size_t i = 0; i < count; ++i) text += item;
  std::string says = fmt::format("{}: an item {} times more", draft.place_of(*list), count);
  return draft.replace(one.end, one.end, text) ? says : "";
}

std::string unknown_field(Draft& draft) {
  const JsonValue* map = draft.one_value(Kind::map);
  if (map == nullptr) return "";
  constexpr std::string_view members[] = {
      R"("unknown":null)",   R"("":0)",           R"("_links":{})", R"("__proto__":{"x":1})",
      R"("constructor":[])", R"("\u0000":"nul")", R"("0":[{}])",    R"("length":-1)"};
  const std::string_view member = draft.one_of(members);
  std::string says = fmt::format("{}: the unknown field {}", draft.place_of(*map), member);
  const std::string text = fmt::format("{}{}", member, map->children > 0 ? "," : "");
  return draft.replace(map->begin + 1, map->begin + 1, text) ? says : "";
}

std::string deep_nesting(Draft& draft) {
  const JsonValue* value = draft.one_value([](const JsonValue&) { return true; });
  if (value == nullptr) return "";
  constexpr size_t depths[] = {2, 16, 64, 100, 200, 250, 512, 1'000, 10'000, 100'000};
  const size_t depth = draft.one_of(depths);
  std::string text;
  if (draft.one_in(2)) {
    text = std::string(depth, '[') + std::string(depth, ']');
  } else {
    for (size_t i = 0; i < depth; ++i) text += "{\"a\":";
    text += "0" + std::string(depth, '}');
  }
  std::string says = fmt::format("{}: nested {} levels deep", draft.place_of(*value), depth);
  return draft.replace(value->begin, value->end, text) ? says : "";
}

std::string white_space(Draft& draft) {
  if (draft.scan().boundaries.empty()) return "";
  constexpr std::string_view spaces[] = {" ", "\n", "\r\n", "\t", "\r", "  \t\r\n ", "\n\n\n\n"};
  const size_t at = draft.one_of(draft.scan().boundaries);
  std::string text(draft.one_of(spaces));
  if (draft.one_in(8)) text = std::string(size_t{1} << draft.below(16), text[0]);
  return draft.replace(at, at, text) ? fmt::format("{} bytes of white space at byte {}", text.size(), at) : "";
}

std::string byte_order_mark(Draft& draft) {
  if (draft.scan().values.empty() || draft.body().starts_with("\xEF\xBB\xBF")) return "";
  return draft.replace(0, 0, "\xEF\xBB\xBF") ? "a byte order mark in front" : "";
}

/// Characters of a text or a key as escapes.
std::string escapes(Draft& draft) {
  const JsonValue* value =
      draft.one_value([](const JsonValue& one) { return one.kind == Kind::text || one.is_member(); });
  if (value == nullptr) return "";
  const bool in_key = value->is_member() && (value->kind != Kind::text || draft.one_in(2));
  const size_t begin = in_key ? value->key_begin : value->begin;
  const std::string_view token = in_key ? draft.key_of(*value) : draft.text_of(*value);
  const bool all = draft.one_in(2);
  std::string text;
  size_t escaped = 0;
  for (size_t i = 0; i < token.size(); ++i) {
    const char c = token[i];
    if (c == '\\') {
      text += c;
      if (++i < token.size()) text += token[i];
    } else if (c == '/' && draft.one_in(2)) {
      text += "\\/";
      ++escaped;
    } else if (c >= 0x20 && c < 0x7F && c != '"' && (all || draft.one_in(4))) {
      text += draft.one_in(2) ? fmt::format("\\u{:04x}", c) : fmt::format("\\u{:04X}", c);
      ++escaped;
    } else {
      text += c;
    }
  }
  if (escaped == 0) return "";
  std::string says =
      fmt::format("{}: {} characters of its {} as escapes", draft.place_of(*value), escaped, in_key ? "key" : "text");
  return draft.replace(begin, begin + token.size(), text) ? says : "";
}

std::string unknown_header(Draft& draft) {
  constexpr size_t fields_max = 64;
  if (draft.answer().headers.size() >= fields_max) return "";
  constexpr std::string_view names[] = {"X-Unknown", "Server", "Vary", "Cache-Control", "Set-Cookie", "x", "ETag"};
  const std::string_view name = draft.one_of(names);
  std::string value = draft.one_in(4) ? "" : "a, b; c=\"d\"";
  if (draft.one_in(4)) value = std::string(size_t{1} << draft.below(14), 'v');
  draft.answer().headers.add(std::string(name), value);
  return fmt::format("the header {} of {} bytes", name, value.size());
}

http::Headers with_renamed(const http::Headers& headers, size_t index, bool upper) {
  http::Headers renamed;
  size_t i = 0;
  for (const http::Header& field : headers) {
    std::string name = field.name;
    if (i++ == index) {
      for (char& c : name) {
        if (upper && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (!upper && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
      }
    }
    renamed.add(std::move(name), field.value);
  }
  return renamed;
}

std::string header_case(Draft& draft) {
  http::Headers& headers = draft.answer().headers;
  if (headers.empty()) return "";
  const bool upper = draft.one_in(2);
  const size_t index = draft.below(headers.size());
  std::string says = fmt::format("the name of header {} in {} case", index + 1, upper ? "upper" : "lower");
  headers = with_renamed(headers, index, upper);
  return says;
}

std::string content_type_parameters(Draft& draft) {
  const std::string* type = draft.answer().headers.find("Content-Type");
  if (type == nullptr || type->find(';') != std::string::npos) return "";
  constexpr std::string_view tails[] = {"; charset=utf-8", ";charset=UTF-8", "; charset=\"utf-8\"", " ; x=y",
                                        "; charset=utf-8; boundary=b"};
  const std::string_view tail = draft.one_of(tails);
  draft.answer().headers.set("Content-Type", *type + std::string(tail));
  return fmt::format("Content-Type ends in \"{}\"", tail);
}

constexpr Change changes[] = {boundary_number,
                              same_number,
                              edge_text,
                              long_text,
                              null_value,
                              other_boolean,
                              reorder_keys,
                              other_documented_value,
                              empty_list,
                              fewer_items,
                              more_items,
                              unknown_field,
                              deep_nesting,
                              white_space,
                              byte_order_mark,
                              escapes,
                              unknown_header,
                              header_case,
                              content_type_parameters};

}  // namespace

std::span<const Change> legal_changes() { return changes; }

}  // namespace counterpart::fuzz

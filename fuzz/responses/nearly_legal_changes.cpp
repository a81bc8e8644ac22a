#include <fmt/format.h>

#include <algorithm>

#include "fuzz/responses/changes.h"

namespace counterpart::fuzz {

namespace {

using Kind = JsonValue::Kind;

const JsonValue* any_value(Draft& draft) {
  return draft.one_value([](const JsonValue&) { return true; });
}

std::string other_type(Draft& draft) {
  const JsonValue* value = any_value(draft);
  if (value == nullptr) return "";
  struct Other {
    Kind kind;
    std::string_view text;
  };
  constexpr Other others[] = {{Kind::null, "null"},   {Kind::boolean, "true"}, {Kind::boolean, "false"},
                              {Kind::number, "0"},    {Kind::number, "-1"},    {Kind::number, "1.5"},
                              {Kind::text, "\"\""},   {Kind::text, "\"x\""},   {Kind::list, "[]"},
                              {Kind::list, "[null]"}, {Kind::map, "{}"},       {Kind::map, "{\"\":null}"}};
  const Other& other = draft.one_of(others);
  if (other.kind == value->kind) return "";
  std::string says =
      fmt::format("{}: {} instead of {}", draft.place_of(*value), other.text, printable(draft.text_of(*value)));
  return draft.replace(value->begin, value->end, other.text) ? says : "";
}

std::string scalar_as_text(Draft& draft) {
  const JsonValue* value =
      draft.one_value([](const JsonValue& one) { return one.kind != Kind::text && !one.is_container(); });
  if (value == nullptr) return "";
  const bool is_number = value->kind == Kind::number;
  std::string says =
      fmt::format("{}: {} as text", draft.place_of(*value), is_number ? "a number" : printable(draft.text_of(*value)));
  return draft.replace(value->begin, value->end, fmt::format("\"{}\"", draft.text_of(*value))) ? says : "";
}

std::string text_as_number(Draft& draft) {
  const JsonValue* value = draft.one_value(Kind::text);
  if (value == nullptr) return "";
  const std::string_view inner = draft.text_of(*value).substr(1, value->end - value->begin - 2);
  const bool is_number = !inner.empty() && inner.size() < 20 && inner[0] != '0' &&
                         std::all_of(inner.begin(), inner.end(), [](char c) { return c >= '0' && c <= '9'; });
  const std::string number = is_number ? std::string(inner) : std::to_string(draft.below(1'000));
  std::string says = fmt::format("{}: a number instead of a text", draft.place_of(*value));
  return draft.replace(value->begin, value->end, number) ? says : "";
}

/// Past what a double holds, and halves of surrogates: JSON by its grammar, but not for every reader.
std::string unreadable_value(Draft& draft) {
  const JsonValue* value = draft.one_value([](const JsonValue& one) { return !one.is_container(); });
  if (value == nullptr) return "";
  constexpr std::string_view values[] = {"1e999",         "-1e999",           R"("\ud800")",
                                         R"("\udfff")",   R"("\ud83d")",      R"("\ude00\ud83d")",
                                         R"("a\ud800b")", R"("\udbff\u0041")"};
  const std::string_view text = draft.one_of(values);
  std::string says = fmt::format("{}: {}", draft.place_of(*value), text);
  return draft.replace(value->begin, value->end, text) ? says : "";
}

/// The bytes of a member or an item, with the comma beside it.
std::pair<size_t, size_t> with_comma(const Draft& draft, const JsonValue& value) {
  const std::string& body = draft.body();
  size_t begin = value.member_begin();
  size_t end = value.end;
  const size_t next = body.find_first_not_of(" \t\r\n", end);
  if (next != std::string::npos && body[next] == ',') return {begin, next + 1};
  const size_t before = begin == 0 ? std::string::npos : body.find_last_not_of(" \t\r\n", begin - 1);
  if (before != std::string::npos && body[before] == ',') begin = before;
  return {begin, end};
}

std::string missing_field(Draft& draft) {
  const JsonValue* value = draft.one_value([](const JsonValue& one) { return one.is_member(); });
  if (value == nullptr) return "";
  std::string says = fmt::format("{}: missing", draft.place_of(*value));
  const auto [begin, end] = with_comma(draft, *value);
  return draft.replace(begin, end, "") ? says : "";
}

std::string renamed_field(Draft& draft) {
  const JsonValue* value = draft.one_value([](const JsonValue& one) { return one.is_member(); });
  if (value == nullptr) return "";
  std::string key(draft.key_of(*value));
  if (draft.one_in(2) && key.size() > 2) {
    key[1] = static_cast<char>(key[1] ^ 0x20);
    const bool is_letter = (key[1] >= 'a' && key[1] <= 'z') || (key[1] >= 'A' && key[1] <= 'Z');
    if (!is_letter) return "";
  } else {
    key.insert(1, "_");
  }
  std::string says = fmt::format("{}: renamed to {}", draft.place_of(*value), printable(key));
  return draft.replace(value->key_begin, value->key_end, key) ? says : "";
}

std::string duplicate_key(Draft& draft) {
  const JsonValue* value = draft.one_value([](const JsonValue& one) { return one.is_member(); });
  if (value == nullptr) return "";
  constexpr std::string_view values[] = {"null", "0", "\"\"", "[]", "{}", "true"};
  const bool same = draft.one_in(3);
  const std::string other(same ? draft.text_of(*value) : draft.one_of(values));
  const std::string member = fmt::format("{}:{}", draft.key_of(*value), other);
  const bool first = draft.one_in(2);
  std::string says = fmt::format("{}: there twice, {}", draft.place_of(*value),
                                 same ? "with the same value" : (first ? "first as " : "then as ") + printable(other));
  const bool done = first ? draft.replace(value->key_begin, value->key_begin, member + ",")
                          : draft.replace(value->end, value->end, "," + member);
  return done ? says : "";
}

std::string wrapped(Draft& draft) {
  const JsonValue* value = any_value(draft);
  if (value == nullptr) return "";
  const bool in_list = draft.one_in(2);
  const std::string_view text = draft.text_of(*value);
  std::string says = fmt::format("{}: inside of {}", draft.place_of(*value), in_list ? "a list" : "a map");
  const std::string wrapping = in_list ? fmt::format("[{}]", text) : fmt::format("{{\"data\":{}}}", text);
  return draft.replace(value->begin, value->end, wrapping) ? says : "";
}

std::string unwrapped(Draft& draft) {
  const JsonValue* value = draft.one_value([](const JsonValue& one) { return one.is_container() && one.children > 0; });
  if (value == nullptr) return "";
  const auto children = draft.scan().children_of(static_cast<uint32_t>(value - draft.scan().values.data()));
  const std::string text(draft.text_of(draft.scan().values[draft.one_of(children)]));
  std::string says = fmt::format("{}: what is in it instead of it", draft.place_of(*value));
  return draft.replace(value->begin, value->end, text) ? says : "";
}

std::string other_body(Draft& draft) {
  if (draft.documented().empty()) return "";
  const Variant& other = draft.one_of(draft.documented());
  if (other.answer.body == draft.body() || other.answer.body.empty()) return "";
  if (!draft.replace(0, draft.body().size(), other.answer.body)) return "";
  return fmt::format("the body of {}", name_of(other));
}

std::string whole_body(Draft& draft) {
  if (draft.scan().values.empty()) return "";
  constexpr std::string_view bodies[] = {"null", "[]", "{}", "0", "\"\"", "false", "[[]]", "[{}]", "\"{}\"", "1e308"};
  const std::string_view body = draft.one_of(bodies);
  return draft.replace(0, draft.body().size(), body) ? fmt::format("the body is {}", body) : "";
}

std::string other_text(Draft& draft) {
  if (draft.scan().well_formed || draft.body().empty()) return "";
  return draft.replace(draft.below(draft.body().size() + 1), draft.body().size(), "\n") ? "the body ends early" : "";
}

std::string other_documented_status(Draft& draft) {
  if (draft.documented().empty()) return "";
  const Variant& other = draft.one_of(draft.documented());
  if (other.answer.status == draft.answer().status) return "";
  draft.answer().status = other.answer.status;
  return fmt::format("the status {} of {}", other.answer.status, name_of(other));
}

std::string other_status(Draft& draft) {
  constexpr int statuses[] = {200, 201, 202, 203, 206, 226, 299, 300, 301, 302, 307, 400, 401, 403, 404,
                              405, 406, 409, 410, 418, 422, 429, 451, 499, 500, 501, 502, 503, 504, 599};
  const int status = draft.one_of(statuses);
  if (status == draft.answer().status) return "";
  draft.answer().status = status;
  return fmt::format("the status {}", status);
}

std::string missing_header(Draft& draft) {
  const http::Headers& headers = draft.answer().headers;
  if (headers.empty()) return "";
  const size_t index = draft.below(headers.size());
  http::Headers fewer;
  std::string says;
  size_t i = 0;
  for (const http::Header& field : headers) {
    if (i++ == index) {
      says = fmt::format("without the header {}", printable(field.name));
    } else {
      fewer.add(field.name, field.value);
    }
  }
  draft.answer().headers = std::move(fewer);
  return says;
}

std::string other_content_type(Draft& draft) {
  constexpr std::string_view types[] = {"text/html",
                                        "text/plain",
                                        "application/octet-stream",
                                        "application/xml",
                                        "application/problem+json",
                                        "application",
                                        ""};
  const std::string_view type = draft.one_of(types);
  if (draft.one_in(4)) {
    draft.answer().headers.add("Content-Type", std::string(type));
    return fmt::format("a second Content-Type \"{}\"", type);
  }
  draft.answer().headers.set("Content-Type", std::string(type));
  return fmt::format("the Content-Type \"{}\"", type);
}

constexpr Change changes[] = {other_type,       other_type,     scalar_as_text,    text_as_number,
                              unreadable_value, missing_field,  missing_field,     renamed_field,
                              duplicate_key,    duplicate_key,  wrapped,           unwrapped,
                              other_body,       whole_body,     other_text,        other_documented_status,
                              other_status,     missing_header, other_content_type};

}  // namespace

std::span<const Change> nearly_legal_changes() { return changes; }

}  // namespace counterpart::fuzz

#include "mock/admin/fields.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/document/json.h"
#include "engine/schema/value.h"
#include "mock/admin/exchange.h"

namespace counterpart::mock::admin {

namespace {

using Part = Field::Part;

struct Word {
  std::string_view text;
  Part part;
  bool has_members;
};

constexpr std::array words_of_fields = {
    Word{"method", Part::method, false},     Word{"target", Part::target, false},
    Word{"path", Part::path, true},          Word{"query", Part::query, true},
    Word{"headers", Part::headers, true},    Word{"cookies", Part::cookies, true},
    Word{"body", Part::body, true},          Word{"status", Part::status, false},
    Word{"contract", Part::contract, false}, Word{"operation", Part::operation, false},
    Word{"response", Part::response, false}, Word{"fault", Part::fault, false},
};

/// "[2]..." at the front of `path`, counted from one as expressions do; nullptr when it is none, or there is no such
/// item.
const Json* item_of(const Json& list, std::string_view& path) {
  size_t index = 0;
  const char* const end = path.data() + path.size();
  const auto [stop, error] = std::from_chars(path.data() + 1, end, index);
  if (error != std::errc() || stop == end || *stop != ']') return nullptr;
  path.remove_prefix(static_cast<size_t>(stop - path.data()) + 1);
  if (path.starts_with('.')) path.remove_prefix(1);
  return list.is_array() && index >= 1 && index <= list.size() ? &list[index - 1] : nullptr;
}

/// "a.b[1].c" in a body. A key that itself has dots is found where it is the rest of the path.
const Json* member_of(const Json& value, std::string_view path) {
  const Json* found = &value;
  while (!path.empty()) {
    if (path.starts_with('[')) {
      found = item_of(*found, path);
    } else if (!found->is_object()) {
      return nullptr;
    } else {
      size_t end = path.size();
      auto member = found->find(std::string(path));
      if (member == found->end()) {
        end = std::min(path.find_first_of(".["), path.size());
        member = found->find(std::string(path.substr(0, end)));
      }
      if (member == found->end()) return nullptr;
      found = &*member;
      path.remove_prefix(end);
      if (path.starts_with('.')) path.remove_prefix(1);
    }
    if (found == nullptr) return nullptr;
  }
  return found;
}

/// Adds a value to what came under the same name before.
void add_value(Json& values, const std::string& value) {
  if (values.is_null()) {
    values = value;
  } else if (values.is_array()) {
    values.push_back(value);
  } else {
    values = Json::array({values, value});
  }
}

std::string text_of(const Json& scalar) {
  return scalar.is_string() ? scalar.get<std::string>() : document::write_json(scalar);
}

/// Equality where numbers and booleans had to be sent as text.
bool equal_as_text(const Json& expected, const Json& found) {
  if (expected.is_null() || found.is_null()) return expected.is_null() && found.is_null();
  if (expected.is_structured() != found.is_structured()) return false;
  if (!expected.is_structured()) return text_of(expected) == text_of(found);
  if (expected.is_array() != found.is_array() || expected.size() != found.size()) return false;
  if (expected.is_array()) {
    return std::equal(expected.begin(), expected.end(), found.begin(), equal_as_text);
  }
  return std::all_of(expected.items().begin(), expected.items().end(), [&](const auto& member) {
    const auto other = found.find(member.key());
    return other != found.end() && equal_as_text(member.value(), *other);
  });
}

}  // namespace

std::vector<std::string> Field::words() {
  std::vector<std::string> words;
  for (const Word& word : words_of_fields) words.emplace_back(word.text);
  return words;
}

std::optional<Field> Field::parse(std::string_view text) {
  const size_t end = std::min(text.find_first_of(".["), text.size());
  for (const Word& word : words_of_fields) {
    if (text.substr(0, end) != word.text) continue;
    if (end == text.size()) return Field{word.part, ""};
    const size_t name = text[end] == '.' ? end + 1 : end;
    if (!word.has_members || name == text.size() || (text[end] == '[' && word.part != Part::body)) return std::nullopt;
    return Field{word.part, std::string(text.substr(name))};
  }
  return std::nullopt;
}

const http::Target& Exchange::target() {
  if (!target_) target_ = http::parse_target(entry_.target).value_or(http::Target{std::string(entry_.target), {}, {}});
  return *target_;
}

const Json& Exchange::body() {
  if (!body_) body_ = body_json(entry_.request_headers, entry_.request_body);
  return *body_;
}

Json Exchange::path_parameter(const std::string& name) {
  for (const Seat& seat : stage_.seats()) {
    if (seat.name() != entry_.contract) continue;
    const auto* operation = seat.engine->contract().find_operation(entry_.operation);
    if (operation == nullptr) return nullptr;
    for (size_t i = 0; i < operation->segments.size() && i < target().segments.size(); ++i) {
      if (operation->segments[i].is_parameter && operation->segments[i].text == name) return target().segments[i];
    }
  }
  return nullptr;
}

Json Exchange::query_values(const std::string& name) {
  Json values;
  for (const auto& parameter : target().query) {
    if (parameter.name == name) add_value(values, parameter.value);
  }
  return values;
}

Json Exchange::all_query() {
  Json all = Json::object();
  for (const auto& parameter : target().query) add_value(all[parameter.name], parameter.value);
  return all;
}

/// RFC 6265, 4.2.1. `name` "": all of them.
Json Exchange::cookies(const std::string& name) const {
  Json all = Json::object();
  for (const auto& [header, value] : entry_.request_headers) {
    if (!http::equal_ignoring_case(header, "cookie")) continue;
    for (size_t begin = 0; begin < value.size();) {
      const size_t end = std::min(value.find(';', begin), value.size());
      std::string_view pair = value.substr(begin, end - begin);
      pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
      const size_t equals = std::min(pair.find('='), pair.size());
      if (equals < pair.size())
        add_value(all[std::string(pair.substr(0, equals))], std::string(pair.substr(equals + 1)));
      begin = end + 1;
    }
  }
  return name.empty() ? all : all.value(name, Json());
}

Json Exchange::value(const Field& field) {
  switch (field.part) {
    case Part::method:
      return std::string(entry_.method);
    case Part::target:
      return std::string(entry_.target);
    case Part::path:
      return field.name.empty() ? Json(target().path) : path_parameter(field.name);
    case Part::query:
      return field.name.empty() ? all_query() : query_values(field.name);
    case Part::headers: {
      Json headers = headers_json(entry_.request_headers);
      return field.name.empty() ? headers : headers.value(http::lower_case(field.name), Json());
    }
    case Part::cookies:
      return cookies(field.name);
    case Part::body: {
      const Json* member = member_of(body(), field.name);
      return member == nullptr ? Json() : *member;
    }
    case Part::status:
      return entry_.status;
    case Part::contract:
      return name_json(entry_.contract);
    case Part::operation:
      return name_json(entry_.operation);
    case Part::response:
      return name_json(entry_.response);
    case Part::fault:
      return name_json(entry_.fault);
  }
  return nullptr;
}

bool Exchange::has(const Field& field, const Json& expected) {
  const Json found = value(field);
  return field.part == Part::body ? schema::equal(expected, found) : equal_as_text(expected, found);
}

}  // namespace counterpart::mock::admin

#include "engine/schema/canonical.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "engine/document/json.h"

namespace counterpart::schema {

namespace {

/// Integers of any representation alike: 1 is 1.0.
void append_number(std::string& text, const Json& value) {
  constexpr double above_uint64 = 18446744073709551616.0;
  constexpr double least_int64 = -9223372036854775808.0;
  const auto out = std::back_inserter(text);
  if (value.is_number_unsigned()) {
    fmt::format_to(out, "#{}", value.get<uint64_t>());
  } else if (value.is_number_integer()) {
    fmt::format_to(out, "#{}", value.get<int64_t>());
  } else if (const auto real = value.get<double>();
             std::floor(real) != real || real >= above_uint64 || real < least_int64) {
    fmt::format_to(out, "#{}", real);
  } else if (real < 0) {
    fmt::format_to(out, "#{}", static_cast<int64_t>(real));
  } else {
    fmt::format_to(out, "#{}", static_cast<uint64_t>(real));
  }
}

/// With its length, so that no text can look like the end of it.
void append_text(std::string& text, const std::string& value) {
  fmt::format_to(std::back_inserter(text), "\"{}:", value.size());
  text += value;
}

bool append(std::string& text, const Json& value, int depth) {
  if (depth > document::json_depth_max) return false;
  if (value.is_string()) {
    append_text(text, value.get_ref<const std::string&>());
  } else if (value.is_number()) {
    append_number(text, value);
  } else if (value.is_array()) {
    text += '[';
    for (const Json& item : value) {
      if (!append(text, item, depth + 1)) return false;
    }
    text += ']';
  } else if (value.is_object()) {
    std::vector<const Json::object_t::value_type*> members;
    for (const auto& member : value.get_ref<const Json::object_t&>()) members.push_back(&member);
    std::sort(members.begin(), members.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
    text += '{';
    for (const auto* member : members) {
      append_text(text, member->first);
      if (!append(text, member->second, depth + 1)) return false;
    }
    text += '}';
  } else {
    text += value.is_null() ? 'n' : value.get<bool>() ? 't' : 'f';
  }
  return true;
}

}  // namespace

std::optional<std::string> canonical(const Json& value) {
  std::string text;
  if (!append(text, value, 0)) return std::nullopt;
  return text;
}

}  // namespace counterpart::schema

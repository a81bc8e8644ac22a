/// What keywords are written with: their values, read and checked, and diagnostics.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "engine/schema/check.h"
#include "engine/schema/value.h"

namespace counterpart::schema {

bool Compiler::asserts_formats() const {
  return options_.formats || (open_.back().context->dialect.vocabularies & format_assertion) != 0;
}

std::shared_ptr<const Pattern> Compiler::pattern_quietly(const std::string& written) {
  const auto [known, is_new] = patterns_.try_emplace(written);
  if (is_new) known->second = Pattern::compile(written);
  return known->second.pattern;
}

std::shared_ptr<const Pattern> Compiler::pattern(const std::string& written, document::Position at, size_t width) {
  auto pattern = pattern_quietly(written);
  const PatternResult& result = patterns_.at(written);
  if (!pattern) error(at, result.problem, result.hint, width);
  return pattern;
}

void Compiler::error(document::Position at, std::string message, std::string hint, size_t width) {
  diagnostics_.error({open_.back().context->source, at}, std::move(message), std::move(hint),
                     std::max<size_t>(width, 1));
}

void Compiler::warning(document::Position at, std::string message, std::string hint, size_t width) {
  diagnostics_.warning({open_.back().context->source, at}, std::move(message), std::move(hint),
                       std::max<size_t>(width, 1));
}

void Compiler::wrong_type(std::string_view keyword, const Node& value, std::string_view expected) {
  error(value.at, fmt::format("\"{}\" must be {}, found {}", keyword, expected, name_of(value.kind)), {},
        value.block ? 1 : value.text.size());
}

bool Compiler::is_map(std::string_view keyword, const Node& value, std::string_view expected) {
  if (!value.is(Kind::map)) wrong_type(keyword, value, expected);
  return value.is(Kind::map);
}

std::optional<Json> Compiler::number(std::string_view keyword, const Node& value) {
  if (value.is(Kind::integer) || value.is(Kind::real)) return value.to_json();
  wrong_type(keyword, value, "a number");
  return std::nullopt;
}

std::optional<size_t> Compiler::count(std::string_view keyword, const Node& value) {
  const Json json = value.is(Kind::integer) || value.is(Kind::real) ? value.to_json() : Json();
  // 2.0 is a count as well (JSON Schema 2020-12, 4.2.3)
  if (is_integer(json) && compare_numbers(json, 0) >= 0 && compare_numbers(json, uint64_t{1} << 53) <= 0) {
    return json.get<size_t>();
  }
  error(value.at,
        fmt::format("\"{}\" must be an integer of at least 0, found {}", keyword,
                    json.is_null() ? std::string(name_of(value.kind)) : value.text),
        {}, value.text.size());
  return std::nullopt;
}

std::optional<std::vector<std::string>> Compiler::names(std::string_view keyword, const Node& value) {
  if (!value.is(Kind::list)) {
    wrong_type(keyword, value, "a list of names");
    return std::nullopt;
  }
  std::vector<std::string> result;
  std::unordered_set<std::string_view> known;
  for (const Node& item : value.items) {
    if (!item.is(Kind::text)) {
      error(item.at, fmt::format("expected a name, found {}", name_of(item.kind)),
            item.is_scalar() ? "put it in quotes" : "", item.text.size());
    } else if (!known.insert(item.text).second) {
      error(item.at, fmt::format("\"{}\" is in this list twice", item.text), {}, item.text.size());
    } else {
      result.push_back(item.text);
    }
  }
  return result;
}

}  // namespace counterpart::schema

#include "engine/schema/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/schema/check.h"
#include "engine/schema/value.h"

namespace counterpart::schema {

using document::Diagnostics;
using document::Source;

struct Schema::Compiled {
  struct Entry {
    std::string keyword;
    std::unique_ptr<Check> check;
    bool applies_others;
  };
  bool accepts_nothing = false;  ///< the schema `false`
  std::vector<Entry> entries;    ///< those that judge the value itself, then those that judge its parts
  std::vector<std::string> types;
  const Schema* items = nullptr;  ///< owned by its entry
};

namespace {

constexpr std::array annotations = {
    std::string_view("title"),     std::string_view("description"), std::string_view("default"),
    std::string_view("examples"),  std::string_view("deprecated"),  std::string_view("readOnly"),
    std::string_view("writeOnly"), std::string_view("$comment"),
};

/// JSON Schema's keywords (2020-12 and draft 7) that this engine does not know yet.
constexpr std::array not_supported = {
    std::string_view("$ref"),
    std::string_view("$id"),
    std::string_view("$schema"),
    std::string_view("$anchor"),
    std::string_view("$dynamicRef"),
    std::string_view("$dynamicAnchor"),
    std::string_view("$vocabulary"),
    std::string_view("$defs"),
    std::string_view("definitions"),
    std::string_view("allOf"),
    std::string_view("anyOf"),
    std::string_view("oneOf"),
    std::string_view("not"),
    std::string_view("if"),
    std::string_view("then"),
    std::string_view("else"),
    std::string_view("dependentSchemas"),
    std::string_view("dependentRequired"),
    std::string_view("dependencies"),
    std::string_view("prefixItems"),
    std::string_view("additionalItems"),
    std::string_view("contains"),
    std::string_view("minContains"),
    std::string_view("maxContains"),
    std::string_view("uniqueItems"),
    std::string_view("patternProperties"),
    std::string_view("propertyNames"),
    std::string_view("minProperties"),
    std::string_view("maxProperties"),
    std::string_view("unevaluatedItems"),
    std::string_view("unevaluatedProperties"),
    std::string_view("contentEncoding"),
    std::string_view("contentMediaType"),
    std::string_view("contentSchema"),
};

constexpr std::array families = {general_keywords, number_keywords, string_keywords, array_keywords, object_keywords};

bool is_among(std::string_view name, auto&& names) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

const Keyword* find_keyword(std::string_view name) {
  for (const auto family : families) {
    for (const Keyword& keyword : family()) {
      if (keyword.name == name) return &keyword;
    }
  }
  return nullptr;
}

std::vector<std::string> known_names() {
  std::vector<std::string> names;
  for (const auto family : families) {
    for (const Keyword& keyword : family()) names.emplace_back(keyword.name);
  }
  names.insert(names.end(), annotations.begin(), annotations.end());
  return names;
}

}  // namespace

std::string Violation::text() const {
  return fmt::format("{}{}must be {}, is {}", instance_path, instance_path.empty() ? "" : " ", expected, actual);
}

std::string Path::pointer(const Path* path) {
  if (!path) return {};
  std::string result = pointer(path->parent);
  result += '/';
  if (path->index) return result + std::to_string(*path->index);
  for (const char c : path->name) {  // RFC 6901, 3
    if (c == '~') {
      result += "~0";
    } else if (c == '/') {
      result += "~1";
    } else {
      result += c;
    }
  }
  return result;
}

void Visit::fail(std::string expected, std::string actual) const {
  if (is_full()) return;
  violations_.push_back({Path::pointer(instance_), Path::pointer(schema_), std::move(expected), std::move(actual)});
}

void Visit::apply(const Schema& schema, const Json& value) const {
  if (!schema.compiled_) return;
  if (schema.compiled_->accepts_nothing) return fail("absent", summary(value));
  for (const auto& entry : schema.compiled_->entries) {
    if (is_full()) return;
    const Path keyword{schema_, entry.keyword};
    entry.check->run(value, Visit(violations_, instance_, &keyword));
  }
}

void Visit::descend(const Schema& schema, const Json& value, std::string_view member,
                    std::string_view schema_name) const {
  const Path instance{instance_, member};
  const Path named{schema_, schema_name};
  Visit(violations_, &instance, schema_name.empty() ? schema_ : &named).apply(schema, value);
}

void Visit::descend(const Schema& schema, const Json& value, size_t index) const {
  const Path instance{instance_, {}, index};
  Visit(violations_, &instance, schema_).apply(schema, value);
}

Schema Compiler::compile(const Node& node) {
  Schema schema;
  if (open_.size() == schema_depth_max) {
    error(node.at, fmt::format("a schema nested deeper than {} levels", schema_depth_max));
    return schema;
  }
  if (!node.is(Kind::map) && !node.is(Kind::boolean)) {
    error(node.at, fmt::format("expected a schema (a map, true or false), found {}", name_of(node.kind)));
    return schema;
  }
  schema.compiled_ = std::make_unique<Schema::Compiled>();
  schema.compiled_->accepts_nothing = node.is(Kind::boolean) && !node.boolean;
  siblings_.push_back(&node);
  open_.push_back(schema.compiled_.get());
  for (const document::Member& member : node.members) compile_keyword(member, *schema.compiled_);
  auto& entries = schema.compiled_->entries;
  std::stable_partition(entries.begin(), entries.end(), [](const auto& entry) { return !entry.applies_others; });
  open_.pop_back();
  siblings_.pop_back();
  return schema;
}

void Compiler::compile_keyword(const document::Member& member, Schema::Compiled& compiled) {
  const std::string& name = member.key;
  if (const Keyword* keyword = find_keyword(name)) {
    auto check = keyword->compile(member.value, *this);
    if (check) compiled.entries.push_back({name, std::move(check), keyword->applies_others});
    return;
  }
  if (is_among(name, annotations)) return;
  if (is_among(name, not_supported)) {
    return error(member.key_at, fmt::format("the keyword \"{}\" is not supported yet", name), {}, name.size());
  }
  error(member.key_at, fmt::format("unknown keyword \"{}\" in a schema", name), suggestion(name, known_names()),
        name.size());
}

void Compiler::set_types(std::vector<std::string> types) { open_.back()->types = std::move(types); }
void Compiler::set_items(const Schema* items) { open_.back()->items = items; }

void Compiler::error(document::Position at, std::string message, std::string hint, size_t width) {
  diagnostics_.error({source_, at}, std::move(message), std::move(hint), width);
}

void Compiler::warning(document::Position at, std::string message, std::string hint, size_t width) {
  diagnostics_.warning({source_, at}, std::move(message), std::move(hint), width);
}

void Compiler::wrong_type(std::string_view keyword, const Node& value, std::string_view expected) {
  error(value.at, fmt::format("\"{}\" must be {}, found {}", keyword, expected, name_of(value.kind)), {},
        std::max<size_t>(1, value.block ? 1 : value.text.size()));
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
        {}, std::max<size_t>(1, value.text.size()));
  return std::nullopt;
}

std::optional<std::vector<std::string>> Compiler::names(std::string_view keyword, const Node& value) {
  if (!value.is(Kind::list)) {
    wrong_type(keyword, value, "a list of names");
    return std::nullopt;
  }
  std::vector<std::string> result;
  for (const Node& item : value.items) {
    if (!item.is(Kind::text)) {
      error(item.at, fmt::format("expected a name, found {}", name_of(item.kind)),
            item.is_scalar() ? "put it in quotes" : "", std::max<size_t>(1, item.text.size()));
    } else if (is_among(item.text, result)) {
      error(item.at, fmt::format("\"{}\" is in this list twice", item.text), {}, item.text.size());
    } else {
      result.push_back(item.text);
    }
  }
  return result;
}

Schema::Schema() = default;
Schema::~Schema() = default;
Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(Schema&&) noexcept = default;

Schema Schema::compile(const Node& node, const std::shared_ptr<const Source>& source, Diagnostics& diagnostics) {
  return Compiler(source, diagnostics).compile(node);
}

std::vector<Violation> Schema::validate(const Json& value) const {
  std::vector<Violation> violations;
  Visit(violations, nullptr, nullptr).apply(*this, value);
  return violations;
}

const std::vector<std::string>& Schema::types() const {
  static const std::vector<std::string> none;
  return compiled_ ? compiled_->types : none;
}

const Schema* Schema::items() const { return compiled_ ? compiled_->items : nullptr; }

}  // namespace counterpart::schema

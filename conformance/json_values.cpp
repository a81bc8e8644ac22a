#include "conformance/json_values.h"

#include <algorithm>
#include <cmath>

#include "conformance/keyword_probes.h"
#include "conformance/pattern_text.h"
#include "engine/state/time_text.h"

namespace counterpart::conformance {

using schema::Schema;

namespace {

constexpr size_t applied_max = 32;

bool holds_schemas(const std::string& keyword) {
  static constexpr std::string_view names[] = {
      "properties", "patternProperties", "items",       "prefixItems", "anyOf", "oneOf", "allOf",    "not",
      "$defs",      "definitions",       "$ref",        "if",          "then",  "else",  "contains", "dependentSchemas",
      "$schema",    "propertyNames",     "dependencies"};
  return std::find(std::begin(names), std::end(names), keyword) != std::end(names);
}

void apply(const Schema& schema, Applied& all) {
  const Json& source = schema.source();
  const auto is_known = [&](const Schema& other) { return &other.source() == &source; };
  if (!source.is_object() || all.schemas.size() >= applied_max) return;
  if (std::any_of(all.schemas.begin(), all.schemas.end(), is_known)) return;
  all.schemas.push_back(schema);
  for (const auto& [keyword, value] : source.items()) {
    if (keyword == "required" && value.is_array()) {
      Json& names = all.keywords[keyword];
      for (const Json& name : value) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      }
    } else if (!holds_schemas(keyword) && !all.keywords.contains(keyword)) {
      all.keywords[keyword] = value;
    }
  }
  if (const auto reference = source.find("$ref"); reference != source.end() && reference->is_string()) {
    if (const auto target = schema.resolve(reference->get<std::string>())) apply(*target, all);
  }
  if (const auto parts = source.find("allOf"); parts != source.end() && parts->is_array()) {
    for (const Json& written : *parts) {
      if (const auto part = schema.part(written)) apply(*part, all);
    }
  }
}

std::optional<Schema> first_part(const Applied& all, const Json* (*find)(const Json& source, const std::string& name),
                                 const std::string& name) {
  for (const Schema& schema : all.schemas) {
    if (const Json* written = find(schema.source(), name)) return schema.part(*written);
  }
  return std::nullopt;
}

const Json* member_of(const Json& source, const char* keyword) {
  const auto found = source.find(keyword);
  return found == source.end() ? nullptr : &*found;
}

std::string random_text(const Json& keywords, state::Random& random) {
  const auto number = [&](const char* keyword, size_t otherwise) {
    const auto found = keywords.find(keyword);
    return found != keywords.end() && found->is_number_unsigned() ? std::min(found->get<size_t>(), long_text_max)
                                                                  : otherwise;
  };
  const size_t least = number("minLength", 0);
  const size_t most = std::max(least, number("maxLength", least + 12));
  static constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  std::string text;
  for (size_t left = least + random.below(most - least + 1); left > 0; --left) {
    text += alphabet[random.below(alphabet.size())];
  }
  return text;
}

std::string formatted(const std::string& format, state::Random& random) {
  if (format == "date-time") return state::to_iso(static_cast<int64_t>(random.below(4'102'444'800'000)));
  if (format == "date") return state::to_iso(static_cast<int64_t>(random.below(4'102'444'800'000))).substr(0, 10);
  if (format == "time") return "12:30:00Z";
  if (format == "duration") return "P1D";
  if (format == "email" || format == "idn-email") return "someone@example.com";
  if (format == "hostname" || format == "idn-hostname") return "example.com";
  if (format == "uuid") return "7d444840-9dc0-4d1b-b245-5ffdce74fad2";
  if (format == "ipv4") return "192.0.2.1";
  if (format == "ipv6") return "2001:db8::1";
  if (format == "uri" || format == "iri") return "https://example.com/a";
  return "";
}

/// A whole number, or one and a half, within minimum and maximum, their exclusive forms and multipleOf, where they can
/// be met.
Json drawn_number(const Json& keywords, bool integer, state::Random& random) {
  const auto bound = [&](const char* keyword, const char* exclusive, int64_t step) -> std::optional<int64_t> {
    constexpr double number_max = 9e15;  // every whole number up to it is a double's
    const auto value = [&](const char* name) -> std::optional<double> {
      const auto found = keywords.find(name);
      if (found == keywords.end() || !found->is_number()) return std::nullopt;
      return std::clamp(found->get<double>(), -number_max, number_max);
    };
    const auto inner = value(keyword);
    const auto outer = value(exclusive);
    const auto whole = [&](double number) {
      return static_cast<int64_t>(step > 0 ? std::ceil(number) : std::floor(number));
    };
    if (outer) return (step > 0 ? std::floor(*outer) : std::ceil(*outer)) + static_cast<double>(step);
    if (inner) return whole(*inner);
    return std::nullopt;
  };
  const auto least = bound("minimum", "exclusiveMinimum", 1);
  const auto most = bound("maximum", "exclusiveMaximum", -1);
  constexpr int64_t span = 100;
  const int64_t low = least ? *least : (most ? *most - span : 0);
  const int64_t high = std::max(low, most ? *most : low + span);
  const auto step = keywords.find("multipleOf");
  if (step != keywords.end() && step->is_number() && step->get<double>() > 0) {
    const double size = step->get<double>();
    const double first = std::ceil(static_cast<double>(low) / size);
    const double count = std::max(1.0, std::min(std::floor(static_cast<double>(high) / size) - first + 1, 1000.0));
    const double value = (first + static_cast<double>(random.below(static_cast<uint64_t>(count)))) * size;
    return value == std::floor(value) ? Json(static_cast<int64_t>(value)) : Json(value);
  }
  if (random.below(4) == 0) return random.below(2) == 0 ? low : high;
  const int64_t value = low + static_cast<int64_t>(random.below(static_cast<uint64_t>(high - low) + 1));
  if (integer || value == high) return value;
  return static_cast<double>(value) + 0.5;
}

/// Draws one value; nothing is sure of it but that it was made by the keywords.
class Drawing {
 public:
  Drawing(const std::vector<Json>& known, Optionals optionals, state::Random& random)
      : known_(known), optionals_(optionals), random_(random) {}

  std::optional<Json> draw(const Schema& schema, int depth) {
    if (depth > depth_max || ++values_ > values_max) return std::nullopt;
    Applied all = applied(schema);
    choose_alternatives(all);
    const Json& keywords = all.keywords;
    if (const Json* value = member_of(keywords, "const")) return *value;
    if (const Json* values = member_of(keywords, "enum"); values != nullptr && values->is_array() && !values->empty()) {
      return (*values)[random_.below(values->size())];
    }
    const bool is_object = has_type(keywords, "object") || keywords.contains("required") || !all.properties().empty();
    if (is_object && (!keywords.contains("type") || has_type(keywords, "object"))) return draw_object(all, depth);
    if (has_type(keywords, "array") || (!keywords.contains("type") && all.items())) return draw_list(all, depth);
    return draw_scalar(schema, keywords);
  }

 private:
  static constexpr int depth_max = 16, optionals_depth_max = 3;
  static constexpr size_t values_max = 2000;

  /// One of each `anyOf` and `oneOf`.
  void choose_alternatives(Applied& all) {
    for (size_t i = 0; i < all.schemas.size(); ++i) {
      const Schema schema = all.schemas[i];
      for (const char* keyword : {"anyOf", "oneOf"}) {
        const Json* parts = member_of(schema.source(), keyword);
        if (parts == nullptr || !parts->is_array() || parts->empty()) continue;
        if (const auto part = schema.part((*parts)[random_.below(parts->size())])) apply(*part, all);
      }
    }
  }

  std::optional<Json> draw_object(const Applied& all, int depth) {
    Json object = Json::object();
    const Json none = Json::array();
    const Json& required = all.keywords.contains("required") ? all.keywords.at("required") : none;
    const auto is_required = [&](const std::string& name) {
      return std::find(required.begin(), required.end(), Json(name)) != required.end();
    };
    for (const std::string& name : all.properties()) {
      const bool may = optionals_ == Optionals::some && depth < optionals_depth_max;
      if (!is_required(name) && (!may || random_.below(2) == 0)) continue;
      const auto property = all.property(name);
      auto value = property ? draw(*property, depth + 1) : std::nullopt;
      if (!value && is_required(name)) return std::nullopt;
      if (value) object[name] = *std::move(value);
    }
    for (const Json& name : required) {
      if (name.is_string() && !object.contains(name)) object[name.get<std::string>()] = "x";
    }
    const Json* least = member_of(all.keywords, "minProperties");
    for (size_t i = 1; least != nullptr && least->is_number_unsigned() && object.size() < *least && i < 100; ++i) {
      object["counterpart" + std::to_string(i)] = "x";
    }
    return object;
  }

  std::optional<Json> draw_list(const Applied& all, int depth) {
    const auto count = [&](const char* keyword) -> std::optional<size_t> {
      const Json* value = member_of(all.keywords, keyword);
      if (value == nullptr || !value->is_number_unsigned()) return std::nullopt;
      return value->get<size_t>();
    };
    constexpr size_t items_max = 1000;
    const size_t least = std::min(count("minItems").value_or(0), items_max);
    const size_t most = std::max(least, std::min(count("maxItems").value_or(least + 2), least + 2));
    const size_t wanted = optionals_ == Optionals::none ? least : least + random_.below(most - least + 1);
    const bool unique = all.keywords.value("uniqueItems", Json(false)) == true;
    const auto items = all.items();
    Json list = Json::array();
    for (size_t tries = 0; list.size() < wanted && tries < 4 * wanted; ++tries) {
      auto item = items ? draw(*items, depth + 1) : std::optional<Json>(static_cast<int64_t>(list.size()));
      if (!item) return std::nullopt;
      if (!unique || std::find(list.begin(), list.end(), *item) == list.end()) list.push_back(*std::move(item));
    }
    return list;
  }

  Json draw_scalar(const Schema& schema, const Json& keywords) {
    constexpr int draws_max = 8;
    const bool is_number = has_type(keywords, "integer") || has_type(keywords, "number");
    const int draws = known_.empty() || random_.below(4) == 0 || has_type(keywords, "boolean") ? 0 : draws_max;
    for (int i = 0; i < draws; ++i) {
      const Json& value = known_[random_.below(known_.size())];
      const bool is_kind = is_number ? value.is_number() : value.is_string();
      if (is_kind && schema.validate(value).empty()) return value;
    }
    return drawn_scalar(keywords, random_);
  }

  const std::vector<Json>& known_;
  const Optionals optionals_;
  state::Random& random_;
  size_t values_ = 0;
};

}  // namespace

std::optional<Schema> Applied::property(const std::string& name) const {
  const auto find = [](const Json& source, const std::string& sought) {
    const Json* properties = member_of(source, "properties");
    return properties == nullptr || !properties->is_object() ? nullptr : member_of(*properties, sought.c_str());
  };
  return first_part(*this, find, name);
}

std::vector<std::string> Applied::properties() const {
  std::vector<std::string> names;
  for (const Schema& schema : schemas) {
    const Json* properties = member_of(schema.source(), "properties");
    if (properties == nullptr || !properties->is_object()) continue;
    for (const auto& [name, unused] : properties->items()) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

std::optional<Schema> Applied::items() const {
  const auto find = [](const Json& source, const std::string&) {
    const Json* items = member_of(source, "items");
    return items != nullptr && items->is_object() ? items : nullptr;
  };
  return first_part(*this, find, "");
}

Applied applied(const Schema& schema) {
  Applied all;
  apply(schema, all);
  return all;
}

Json drawn_scalar(const Json& keywords, state::Random& random) {
  if (has_type(keywords, "boolean")) return random.below(2) == 0;
  if (has_type(keywords, "integer") || has_type(keywords, "number")) {
    return drawn_number(keywords, has_type(keywords, "integer"), random);
  }
  if (has_type(keywords, "null")) return nullptr;
  if (const auto pattern = keywords.find("pattern"); pattern != keywords.end() && pattern->is_string()) {
    if (auto text = text_of_pattern(pattern->get<std::string>(), random)) return *std::move(text);
  }
  if (const auto format = keywords.find("format"); format != keywords.end() && format->is_string()) {
    if (std::string text = formatted(format->get<std::string>(), random); !text.empty()) return text;
  }
  return random_text(keywords, random);
}

std::vector<Json> different_values(const Schema& schema, size_t count, state::Random& random) {
  std::vector<Json> values;
  for (size_t tries = 0; values.size() < count && tries < 4 * count; ++tries) {
    auto value = legal_json(schema, {}, Optionals::some, random);
    if (!value) break;
    if (std::find(values.begin(), values.end(), *value) == values.end()) values.push_back(*std::move(value));
  }
  return values;
}

std::optional<Json> legal_json(const Schema& schema, const std::vector<Json>& known, Optionals optionals,
                               state::Random& random) {
  constexpr int tries_max = 16;
  for (int i = 0; i < tries_max; ++i) {
    auto value = Drawing(known, optionals, random).draw(schema, 0);
    if (value && schema.validate(*value).empty()) return value;
  }
  return std::nullopt;
}

}  // namespace counterpart::conformance

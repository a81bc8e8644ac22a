#include "conformance/values.h"

#include <algorithm>

#include "engine/state/time_text.h"

namespace counterpart::conformance {

namespace {

bool has_type(const Json& schema, const char* type) {
  const auto found = schema.find("type");
  if (found == schema.end()) return false;
  if (found->is_array()) return std::find(found->begin(), found->end(), type) != found->end();
  return *found == type;
}

const Json& schema_of(const contract::Parameter& parameter) {
  static const Json none = Json::object();
  const Json& source = parameter.schema.source();
  return source.is_object() ? source : none;
}

std::string text_of_length(size_t length) { return std::string(length, 'x'); }

constexpr size_t long_text_max = 4096;  // longer texts would be judged by the server's limit for a target

void add_number_probes(const Json& schema, std::vector<Probe>& probes) {
  const auto add = [&](const char* keyword, int64_t step, const char* at, const char* past) {
    const auto found = schema.find(keyword);
    if (found == schema.end() || !found->is_number()) return;
    if (found->is_number_integer()) {
      probes.push_back({at, *found});
      probes.push_back({past, found->get<int64_t>() + step});
    } else {
      probes.push_back({at, *found});
      probes.push_back({past, found->get<double>() + 0.5 * static_cast<double>(step)});
    }
  };
  add("minimum", -1, "at minimum", "below minimum");
  add("maximum", 1, "at maximum", "above maximum");
  add("exclusiveMinimum", 1, "at exclusive minimum", "above exclusive minimum");
  add("exclusiveMaximum", -1, "at exclusive maximum", "below exclusive maximum");
}

void add_length_probes(const Json& schema, std::vector<Probe>& probes) {
  const auto length = [&](const char* keyword) -> std::optional<size_t> {
    const auto found = schema.find(keyword);
    if (found == schema.end() || !found->is_number_unsigned() || *found > long_text_max) return std::nullopt;
    return found->get<size_t>();
  };
  if (const auto least = length("minLength")) {
    probes.push_back({"at minimum length", text_of_length(*least)});
    if (*least > 0) probes.push_back({"below minimum length", text_of_length(*least - 1)});
  }
  if (const auto most = length("maxLength")) {
    probes.push_back({"at maximum length", text_of_length(*most)});
    probes.push_back({"above maximum length", text_of_length(*most + 1)});
  }
}

std::string random_text(const Json& schema, state::Random& random) {
  const auto number = [&](const char* keyword, size_t otherwise) {
    const auto found = schema.find(keyword);
    return found != schema.end() && found->is_number_unsigned() ? std::min(found->get<size_t>(), long_text_max)
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
  if (format == "uuid") return "7d444840-9dc0-4d1b-b245-5ffdce74fad2";
  if (format == "ipv4") return "192.0.2.1";
  if (format == "uri") return "https://example.com/a";
  return "";
}

Json legal_number(const Json& schema, bool integer, state::Random& random) {
  const auto bound = [&](const char* keyword) -> std::optional<int64_t> {
    const auto found = schema.find(keyword);
    if (found == schema.end() || !found->is_number()) return std::nullopt;
    return found->get<int64_t>();
  };
  const auto least = bound("minimum");
  const auto most = bound("maximum");
  constexpr int64_t span = 100;
  const int64_t low = least ? *least : (most ? *most - span : 0);
  const int64_t high = std::max(low, most ? *most : low + span);
  if (random.below(4) == 0) return random.below(2) == 0 ? low : high;
  const int64_t value = low + static_cast<int64_t>(random.below(static_cast<uint64_t>(high - low) + 1));
  if (integer || value == high) return value;
  return static_cast<double>(value) + 0.5;
}

}  // namespace

std::vector<Probe> probes_of(const contract::Parameter& parameter) {
  const Json& schema = schema_of(parameter);
  std::vector<Probe> probes;
  if (parameter.literal) {
    probes.push_back({"another value", "counterpart-other"});
  } else {
    add_number_probes(schema, probes);
    add_length_probes(schema, probes);
    if (const auto values = schema.find("enum"); values != schema.end() && values->is_array()) {
      for (const Json& value : *values) probes.push_back({"enum " + value.dump(), value});
      probes.push_back({"not in enum", "counterpart-other"});
    }
    if (has_type(schema, "boolean")) {
      probes.push_back({"true", true});
      probes.push_back({"false", false});
    }
    const bool has_shape = schema.contains("pattern") || schema.contains("format");
    if (has_shape) probes.push_back({"wrong format", "counterpart other"});
    if (!has_type(schema, "string") && schema.contains("type")) probes.push_back({"wrong type", "counterpart"});
    if (has_type(schema, "integer")) probes.push_back({"not an integer", 1.5});
  }
  // An empty segment of a path is another path, and a path has no repeated parameters.
  if (parameter.in != contract::Place::path || parameter.allow_empty) probes.push_back({"empty", ""});
  if (parameter.in == contract::Place::query && !has_type(schema, "array")) {
    const Json one = parameter.literal ? *parameter.literal : schema.value("default", Json("1"));
    probes.push_back({"repeated", Json::array({one, one})});
  }
  return probes;
}

Json legal_value(const contract::Parameter& parameter, const std::vector<Json>& known, state::Random& random) {
  const Json& schema = schema_of(parameter);
  if (parameter.literal) return *parameter.literal;
  if (const auto values = schema.find("enum"); values != schema.end() && values->is_array() && !values->empty()) {
    return (*values)[random.below(values->size())];
  }
  if (has_type(schema, "boolean")) return random.below(2) == 0;
  const bool is_number = has_type(schema, "integer") || has_type(schema, "number");
  constexpr int draws_max = 8;
  const int draws = known.empty() || random.below(4) == 0 ? 0 : draws_max;
  for (int i = 0; i < draws; ++i) {
    const Json& value = known[random.below(known.size())];
    const bool is_kind = is_number ? value.is_number() : value.is_string();
    if (is_kind && parameter.schema.validate(value).empty()) return value;
  }
  if (is_number) return legal_number(schema, has_type(schema, "integer"), random);
  if (const auto format = schema.find("format"); format != schema.end() && format->is_string()) {
    if (std::string text = formatted(format->get<std::string>(), random); !text.empty()) return text;
  }
  return random_text(schema, random);
}

std::vector<Json> known_values(const Suite& suite, const state::Space& space) {
  constexpr size_t items_max = 8;  // of a collection: its first ones and its last ones
  std::vector<Json> values;
  const auto add = [&](const Json& value) {
    const bool is_plain = value.is_string() || value.is_number();
    if (is_plain && std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
  };
  for (const auto& [name, value] : suite.contract().variables.items()) {
    if (!suite.undefined.contains(name)) add(value);
  }
  for (size_t i = 0; i < suite.contract().state.size(); ++i) {
    const state::Collection& collection = space.shared(i);
    const size_t size = collection.all().size();
    const auto take = [&](size_t from, size_t count) {
      for (const state::Item* item : collection.all().slice(from, count)) {
        const auto key = item->value.find(collection.spec().key);
        if (key != item->value.end()) add(*key);
      }
    };
    take(0, std::min(size, items_max));
    if (size > items_max) take(size - std::min(size - items_max, items_max), items_max);
  }
  return values;
}

}  // namespace counterpart::conformance

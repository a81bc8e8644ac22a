#include "conformance/values.h"

#include <algorithm>

#include "conformance/json_values.h"

namespace counterpart::conformance {

namespace {

const Json& schema_of(const contract::Parameter& parameter) {
  static const Json none = Json::object();
  const Json& source = parameter.schema.source();
  return source.is_object() ? source : none;
}

/// Items for a list, all different as far as they can be drawn so.
std::vector<Json> items_of(const contract::Parameter& parameter, size_t count) {
  const auto schema = applied(parameter.schema).items();
  state::SeededRandom random(1);
  return schema ? different_values(*schema, count, random) : std::vector<Json>();
}

}  // namespace

std::vector<Probe> probes_of(const contract::Parameter& parameter) {
  const Json& schema = schema_of(parameter);
  std::vector<Probe> probes;
  if (parameter.literal) {
    probes.push_back({"another value", "counterpart-other"});
  } else {
    add_keyword_probes(schema, false, probes);
    if (has_type(schema, "array")) add_list_probes(schema, items_of(parameter, list_probe_items(schema)), probes);
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
  if (has_type(schema, "array")) {
    auto list = legal_json(parameter.schema, known, Optionals::some, random);
    return list ? *std::move(list) : Json::array();
  }
  const bool is_number = has_type(schema, "integer") || has_type(schema, "number");
  constexpr int draws_max = 8;
  const int draws = known.empty() || random.below(4) == 0 ? 0 : draws_max;
  for (int i = 0; i < draws; ++i) {
    const Json& value = known[random.below(known.size())];
    const bool is_kind = is_number ? value.is_number() : value.is_string();
    if (is_kind && parameter.schema.validate(value).empty()) return value;
  }
  return drawn_scalar(schema, random);
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

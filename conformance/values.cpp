#include "conformance/values.h"

#include <algorithm>

#include "conformance/json_values.h"
#include "engine/contract/request_builder.h"
#include "engine/request_values.h"

namespace counterpart::conformance {

namespace {

const Json& schema_of(const contract::Parameter& parameter) {
  static const Json none = Json::object();
  const Json& source = parameter.schema.source();
  return source.is_object() ? source : none;
}

/// The bounds of a list's number of items, and of each of them.
void add_probes_of_list(const contract::Parameter& parameter, std::vector<Probe>& probes) {
  const Json& keywords = schema_of(parameter);
  const auto schema = applied(parameter.schema).items();
  state::SeededRandom random(1);
  const auto items = schema ? different_values(*schema, list_probe_items(keywords), random) : std::vector<Json>();
  add_list_probes(keywords, items, probes);
  if (schema) add_item_probes(keywords, applied(*schema).keywords, items, probes);
}

/// Reads values as the contract does once they are sent: as text, a list without items as nothing at all.
class Reader {
 public:
  explicit Reader(const contract::Parameter& parameter) {
    operation_.method = "GET";
    operation_.parameters.push_back(parameter);
    operation_.segments.push_back({parameter.in == contract::Place::path, true, parameter.name});
  }

  /// Whether it reads what the probe is called: what lies past a bound as illegal, what is legal as legal.
  bool reads(const Probe& probe) const {
    const contract::Parameter& parameter = operation_.parameters.front();
    contract::RequestParts parts;
    parts.parameters.emplace_back(parameter.name, probe.value);
    const http::Request request = contract::build_request(contract_, operation_, parts);
    const auto target = http::parse_target(request.target);
    if (!target) return false;
    engine::RequestValues values(request, *target);
    values.set_operation(contract_, operation_);
    const bool is_there = parameter.in == contract::Place::path || values.value(parameter.in, parameter.name);
    const bool is_legal = values.invalid().empty();
    if (probe.is_past) return is_there && !is_legal;
    return is_there && (is_legal || !parameter.schema.validate(probe.value).empty());
  }

 private:
  const contract::Contract contract_;
  contract::Operation operation_;
};

/// What the schema bounds: what is read as it is meant, or the rest.
std::vector<Probe> schema_probes(const contract::Parameter& parameter, bool can_be_sent) {
  std::vector<Probe> probes;
  if (parameter.literal) return probes;
  const Json& schema = schema_of(parameter);
  add_keyword_probes(schema, false, probes);
  if (has_type(schema, "array")) add_probes_of_list(parameter, probes);
  const Reader reader(parameter);
  std::erase_if(probes, [&](const Probe& probe) { return reader.reads(probe) != can_be_sent; });
  return probes;
}

}  // namespace

std::vector<Probe> probes_of(const contract::Parameter& parameter) {
  const Json& schema = schema_of(parameter);
  std::vector<Probe> probes = schema_probes(parameter, true);
  if (parameter.literal) probes.push_back({"another value", "counterpart-other"});
  // An empty segment of a path is another path, and a path has no repeated parameters.
  if (parameter.in != contract::Place::path || parameter.allow_empty) probes.push_back({"empty", ""});
  if (parameter.in == contract::Place::query && !has_type(schema, "array")) {
    const Json one = parameter.literal ? *parameter.literal : schema.value("default", Json("1"));
    probes.push_back({"repeated", Json::array({one, one})});
  }
  return probes;
}

std::vector<Probe> unsendable_probes_of(const contract::Parameter& parameter) {
  return schema_probes(parameter, false);
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

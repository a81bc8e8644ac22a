#include "conformance/keyword_probes.h"

#include <algorithm>
#include <optional>

#include "conformance/pattern_text.h"

namespace counterpart::conformance {

namespace {

constexpr size_t long_list_max = 1000;

std::optional<size_t> count_of(const Json& keywords, const char* keyword, size_t most) {
  const auto found = keywords.find(keyword);
  if (found == keywords.end() || !found->is_number_unsigned() || *found > most) return std::nullopt;
  return found->get<size_t>();
}

void add_number_probes(const Json& keywords, std::vector<Probe>& probes) {
  const auto add = [&](const char* keyword, int64_t step, const char* at, const char* past) {
    const auto found = keywords.find(keyword);
    if (found == keywords.end() || !found->is_number()) return;
    const bool is_exclusive = std::string_view(keyword).starts_with("exclusive");
    probes.push_back({at, *found, is_exclusive});
    if (found->is_number_integer()) {
      const auto value = found->get<int64_t>();
      const bool is_beyond = found->is_number_unsigned() && found->get<uint64_t>() > INT64_MAX;
      const bool has_past = !is_beyond && (step > 0 ? value < INT64_MAX : value > INT64_MIN);
      if (has_past) probes.push_back({past, value + step, !is_exclusive});
    } else {
      probes.push_back({past, found->get<double>() + 0.5 * static_cast<double>(step), !is_exclusive});
    }
  };
  add("minimum", -1, "at minimum", "below minimum");
  add("maximum", 1, "at maximum", "above maximum");
  add("exclusiveMinimum", 1, "at exclusive minimum", "above exclusive minimum");
  add("exclusiveMaximum", -1, "at exclusive maximum", "below exclusive maximum");
}

/// A multiple, within the other bounds where one is, and what lies half-way (of integers: one) past it.
void add_multiple_probes(const Json& keywords, std::vector<Probe>& probes) {
  constexpr double times_max = 1e9, step_max = 1e9;  // their product is an integer
  const auto found = keywords.find("multipleOf");
  const double step = found != keywords.end() && found->is_number() ? found->get<double>() : 0;
  if (step <= 0 || step > step_max) return;
  const auto least = keywords.find("minimum");
  const double from = least != keywords.end() && least->is_number() ? least->get<double>() / step : 1;
  const auto times = static_cast<int64_t>(std::clamp(from, -times_max, times_max)) + 1;
  if (found->is_number_integer()) {
    const int64_t multiple = times * found->get<int64_t>();
    probes.push_back({"a multiple", multiple});
    probes.push_back({"no multiple", step > 1 ? Json(multiple + 1) : Json(static_cast<double>(multiple) + 0.5), true});
  } else {
    probes.push_back({"a multiple", static_cast<double>(times) * step});
    probes.push_back({"no multiple", (static_cast<double>(times) + 0.5) * step, true});
  }
}

void add_length_probes(const Json& keywords, std::vector<Probe>& probes) {
  const auto text = [](size_t length) { return std::string(length, 'x'); };
  if (const auto least = count_of(keywords, "minLength", long_text_max)) {
    probes.push_back({"at minimum length", text(*least)});
    if (*least > 0) probes.push_back({"below minimum length", text(*least - 1), true});
  }
  if (const auto most = count_of(keywords, "maxLength", long_text_max)) {
    probes.push_back({"at maximum length", text(*most)});
    probes.push_back({"above maximum length", text(*most + 1), true});
  }
}

void add_shape_probes(const Json& keywords, std::vector<Probe>& probes) {
  if (const auto pattern = keywords.find("pattern"); pattern != keywords.end() && pattern->is_string()) {
    state::SeededRandom random(1);
    if (auto text = text_of_pattern(pattern->get<std::string>(), random)) probes.push_back({"right format", *text});
  }
  if (keywords.contains("pattern") || keywords.contains("format")) {
    probes.push_back({"wrong format", "counterpart other", true});
  }
}

/// How many items a list has to have that is not empty.
size_t shortest_list(const Json& keywords) {
  return std::max<size_t>(1, count_of(keywords, "minItems", long_list_max).value_or(1));
}

}  // namespace

bool has_type(const Json& keywords, const char* type) {
  const auto found = keywords.find("type");
  if (found == keywords.end()) return false;
  if (found->is_array()) return std::find(found->begin(), found->end(), type) != found->end();
  return *found == type;
}

void add_keyword_probes(const Json& keywords, bool is_json, std::vector<Probe>& probes) {
  add_number_probes(keywords, probes);
  add_multiple_probes(keywords, probes);
  add_length_probes(keywords, probes);
  if (const auto values = keywords.find("enum"); values != keywords.end() && values->is_array()) {
    for (const Json& value : *values) probes.push_back({"enum " + value.dump(), value});
    probes.push_back({"not in enum", "counterpart-other", true});
  }
  if (const auto value = keywords.find("const"); is_json && value != keywords.end()) {
    probes.push_back({"another value", "counterpart-other", true});
  }
  if (has_type(keywords, "boolean")) {
    probes.push_back({"true", true});
    probes.push_back({"false", false});
  }
  add_shape_probes(keywords, probes);
  if (has_type(keywords, "string")) {
    if (is_json && !has_type(keywords, "integer") && !has_type(keywords, "number"))
      probes.push_back({"wrong type", 1, true});
  } else if (keywords.contains("type")) {
    probes.push_back({"wrong type", "counterpart", true});
  }
  if (has_type(keywords, "integer")) probes.push_back({"not an integer", 1.5, true});
  if (is_json && keywords.contains("type") && !has_type(keywords, "null")) probes.push_back({"null", nullptr, true});
}

size_t list_probe_items(const Json& keywords) {
  const auto most = count_of(keywords, "maxItems", long_list_max);
  return std::max(shortest_list(keywords) + 1, most ? *most + 1 : 0);
}

void add_list_probes(const Json& keywords, const std::vector<Json>& items, std::vector<Probe>& probes) {
  const auto first = [&](size_t count) {
    Json list = Json::array();
    for (size_t i = 0; i < count && !items.empty(); ++i) list.push_back(items[std::min(i, items.size() - 1)]);
    return list;
  };
  if (const auto least = count_of(keywords, "minItems", long_list_max)) {
    probes.push_back({"at minimum items", first(*least)});
    if (*least > 0) probes.push_back({"below minimum items", first(*least - 1), true});
  }
  if (const auto most = count_of(keywords, "maxItems", long_list_max)) {
    probes.push_back({"at maximum items", first(*most)});
    probes.push_back({"above maximum items", first(*most + 1), true});
  }
  if (const auto unique = keywords.find("uniqueItems"); unique != keywords.end() && *unique == true && !items.empty()) {
    Json list = first(shortest_list(keywords));
    if (list.size() > 1) {
      list.back() = list.front();
    } else {
      list.push_back(list.front());
    }
    probes.push_back({"an item twice", std::move(list), true});
  }
}

void add_item_probes(const Json& keywords, const Json& item_keywords, const std::vector<Json>& items,
                     std::vector<Probe>& probes) {
  std::vector<Probe> of_item;
  add_keyword_probes(item_keywords, false, of_item);
  for (Probe& probe : of_item) {
    Json list = Json::array({probe.value});
    for (const Json& item : items) {
      if (list.size() < shortest_list(keywords) && item != probe.value) list.push_back(item);
    }
    probes.push_back({"item " + probe.bound, std::move(list), probe.is_past});
  }
}

}  // namespace counterpart::conformance

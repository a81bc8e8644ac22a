#pragma once
/// The values around each bound that the keywords of a schema set: at it, and one past it. Used for parameters
/// (values.h) and for the members of bodies (bodies.h).

#include <string>
#include <vector>

#include "conformance/report.h"

namespace counterpart::conformance {

inline constexpr size_t long_text_max = 4096;  ///< longer texts would be judged by the server's limit for a target

/// One way of sending a parameter, or a member of a body.
struct Probe {
  std::string bound;     ///< "at minimum", "below minimum", "wrong type", "empty", "repeated", ...
  Json value;            ///< a list is sent as a repeated parameter
  bool is_past = false;  ///< what it is called is illegal: it lies past a bound
};

/// Whether `type` is that type, or a list with it.
bool has_type(const Json& keywords, const char* type);

/// What minimum, maximum, multipleOf, minLength, enum, pattern, format and the like bound, and another type.
/// `is_json`: a text is another type than a number; else everything is sent as text.
void add_keyword_probes(const Json& keywords, bool is_json, std::vector<Probe>& probes);

/// What minItems, maxItems and uniqueItems bound: lists made of `item`, and of others like it where they must differ.
void add_list_probes(const Json& keywords, const std::vector<Json>& items, std::vector<Probe>& probes);
/// What the schema of the items bounds: each of its probes as the first of a list that is as short as one may be, all sent
/// as text. The other items are of `items`.
void add_item_probes(const Json& keywords, const Json& item_keywords, const std::vector<Json>& items,
                     std::vector<Probe>& probes);
/// How many items, all different where they must be, these two need: one past the bounds, and two at least.
size_t list_probe_items(const Json& keywords);

}  // namespace counterpart::conformance

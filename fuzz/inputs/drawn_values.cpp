#include "fuzz/inputs/drawn_values.h"

#include "conformance/json_values.h"
#include "fuzz/inputs/input.h"

namespace counterpart::fuzz {

void require_drawn_fit(const schema::Schema& schema, const std::vector<document::Json>& known, uint64_t seed) {
  state::SeededRandom random(seed);
  for (const auto optionals : {conformance::Optionals::none, conformance::Optionals::some}) {
    const auto value = conformance::legal_json(schema, known, optionals, random);
    require(!value || schema.validate(*value).empty(), "what is drawn from a schema fits it");
  }
  const auto values = conformance::different_values(schema, 3, random);
  for (size_t i = 0; i < values.size(); ++i) {
    require(schema.validate(values[i]).empty(), "each of several values fits");
    for (size_t j = 0; j < i; ++j) require(values[i] != values[j], "each is another");
  }
}

}  // namespace counterpart::fuzz

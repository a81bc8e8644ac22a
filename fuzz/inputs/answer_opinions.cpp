#include "fuzz/inputs/answer_opinions.h"

#include "conformance/identify.h"
#include "engine/document/json.h"
#include "fuzz/inputs/input.h"

namespace counterpart::fuzz {

void require_agreement(const ShippedContract& contract, const contract::Operation& operation, int status,
                       std::string_view body, const ParsedAnswer& parsed) {
  const auto json = document::parse_json(body);
  if (!json) return require(parsed.response.empty(), "a parser takes what is no JSON", body);
  engine::Answer predicted;
  predicted.operation = &operation;
  predicted.documented = operation.responses.front().get();
  predicted.response.status = status;
  conformance::Expectation expectation;
  expectation.operation = &operation;
  expectation.predicted = &predicted;
  const contract::Response* identified = conformance::identified(*contract.shapes, expectation, status, *json);
  if (parsed.response.empty()) return;
  const contract::Response* documented = operation.find_response(parsed.response);
  if (documented == nullptr) return;  // another operation's
  require(documented->status == status, "a response with another status", body);
  require(!contract.shapes->of(*documented).difference(*json), "a parser takes what has not the response's shape",
          body);
  require(identified == documented, "conformance takes it for another response", body);
}

}  // namespace counterpart::fuzz

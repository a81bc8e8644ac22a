#include "fuzz/inputs/first_requests.h"

#include <algorithm>

#include "engine/contract/request_builder.h"

namespace counterpart::fuzz {

namespace {

using contract::Json;

constexpr size_t operations_max = 4;
constexpr size_t preferences_max = 3;

contract::RequestParts everything(const contract::Operation& operation, const Json& value, const Json& body) {
  contract::RequestParts parts;
  parts.credential = "a";
  parts.body = body;
  for (const contract::Parameter& parameter : operation.parameters) {
    parts.parameters.emplace_back(parameter.name, parameter.literal ? *parameter.literal : value);
  }
  return parts;
}

void add_variations(const http::Request& request, std::vector<http::Request>& all) {
  for (const char* method : {"HEAD", "OPTIONS", "PATCH"}) {
    all.push_back(request);
    all.back().method = method;
  }
  all.push_back(request);
  all.back().target.insert(
      all.back().target.find('?') == std::string::npos ? all.back().target.size() : all.back().target.find('?'), "x");
  all.push_back(request);
  all.back().headers.set("Content-Type", "text/plain; charset=utf-8");
  all.back().headers.add("Cookie", "a=b; c=%20; c; d=\"e\"");
  all.back().target += all.back().target.find('?') == std::string::npos ? "?a=1&a=2&b" : "&a=1&page=x&&b";
  all.push_back(request);
  all.back().body = "{";
}

}  // namespace

std::vector<http::Request> first_requests(const contract::Contract& contract) {
  std::vector<http::Request> all;
  for (size_t i = 0; i < std::min(contract.operations.size(), operations_max); ++i) {
    const contract::Operation& operation = contract.operations[i];
    all.push_back(contract::build_request(contract, operation, {}));
    all.push_back(contract::build_request(contract, operation, everything(operation, "x", Json{{"id", "x"}})));
    all.push_back(contract::build_request(contract, operation, everything(operation, Json::array({1, 2}), 7)));
    all.push_back(contract::build_request(contract, operation, everything(operation, 1, Json::array())));
    const http::Request whole = all.back();
    add_variations(whole, all);
    for (size_t response = 0; response < std::min(operation.responses.size(), preferences_max); ++response) {
      for (const std::string& preference :
           {"example=" + operation.responses[response]->name,
            "code=" + std::to_string(operation.responses[response]->status) + ", example=none"}) {
        all.push_back(whole);
        all.back().headers.add("Prefer", preference);
      }
    }
  }
  return all;
}

}  // namespace counterpart::fuzz

/// What the mock has to tell of itself: health, contracts, coverage.
#include "mock/admin/endpoint.h"

namespace counterpart::mock::admin {

namespace {

http::Response health(Call& call) {
  const auto stage = call.spaces.stage();
  Json contracts = Json::array();
  for (const Seat& seat : stage->seats()) contracts.push_back(seat.name());
  return answer({{"status", "ok"},
                 {"contracts", std::move(contracts)},
                 {"spaces", call.spaces.size()},
                 {"seed", call.spaces.options().seed}});
}

Json operation_json(const contract::Operation& operation) {
  Json responses = Json::array();
  for (const auto& response : operation.responses) {
    responses.push_back({{"name", response->name},
                         {"status", response->status},
                         {"description", response->description},
                         {"documented", operation.documents(*response)}});
  }
  return {{"id", operation.id},
          {"summary", operation.summary},
          {"method", operation.method},
          {"path", operation.path},
          {"responses", std::move(responses)}};
}

Json contract_json(const Seat& seat) {
  const contract::Contract& contract = seat.engine->contract();
  Json operations = Json::array();
  for (const contract::Operation& operation : contract.operations) operations.push_back(operation_json(operation));
  Json scenarios = Json::array();
  for (const LoadedScenario& loaded : seat.scenarios()) {
    scenarios.push_back({{"name", loaded.scenario->name},
                         {"summary", loaded.scenario->summary},
                         {"steps", loaded.scenario->steps.size()},
                         {"play", loaded.cues == nullptr ? 0 : loaded.cues->entries().size()}});
  }
  return {{"name", contract.name},
          {"title", contract.title},
          {"operations", std::move(operations)},
          {"scenarios", std::move(scenarios)}};
}

http::Response contracts(Call& call) {
  const auto stage = call.spaces.stage();
  Json list = Json::array();
  for (const Seat& seat : stage->seats()) list.push_back(contract_json(seat));
  return answer({{"contracts", std::move(list)}});
}

/// Counts a documented response in each of the maps it is part of.
void count(const Tally::Row& row, std::initializer_list<Json*> maps) {
  for (Json* map : maps) {
    if (row.served > 0) (*map)["covered"] = map->at("covered").get<uint64_t>() + 1;
    (*map)["documented"] = map->at("documented").get<uint64_t>() + 1;
  }
}

http::Response coverage(Call& call) {
  const Tally tally = call.query.value("total", false) ? call.spaces.total() : call.space().tally();
  Json all = {{"covered", 0}, {"documented", 0}, {"contracts", Json::array()}};
  for (const Tally::Row& row : tally.rows) {
    Json& list = all["contracts"];
    if (list.empty() || list.back()["name"] != row.contract) {
      list.push_back({{"name", row.contract}, {"covered", 0}, {"documented", 0}, {"operations", Json::array()}});
    }
    Json& contract = list.back();
    Json& operations = contract["operations"];
    if (operations.empty() || operations.back()["id"] != row.operation) {
      operations.push_back({{"id", row.operation}, {"covered", 0}, {"documented", 0}, {"responses", Json::array()}});
    }
    if (!row.documented) continue;
    count(row, {&all, &contract, &operations.back()});
    operations.back()["responses"].push_back({{"name", row.response}, {"served", row.served}});
  }
  return answer(all);
}

}  // namespace

std::vector<Endpoint> report_endpoints() {
  return {
      {.method = "GET",
       .path = "health",
       .id = "getHealth",
       .summary = "Whether the mock answers, and what it serves",
       .replies = {{200, "It does", "Health"}},
       .handle = health},
      {.method = "GET",
       .path = "contracts",
       .id = "listContracts",
       .summary = "The contracts: their operations, responses and scenarios",
       .replies = {{200, "Every contract", "Contracts"}},
       .handle = contracts},
      {.method = "GET",
       .path = "coverage",
       .id = "getCoverage",
       .summary = "How often each documented response was served",
       .query_parameters = {{"total", R"({"type":"boolean","default":false})",
                             "Of all spaces together, also of those that are gone"}},
       .replies = {{200, "By contract and operation", "Coverage"}, problem(503, "There are as many spaces as may be")},
       .handle = coverage},
  };
}

}  // namespace counterpart::mock::admin

#include "fuzz/inputs/expression_world.h"

#include "engine/http/message.h"

namespace counterpart::fuzz {

namespace {

using Json = nlohmann::ordered_json;

const Json& query() {
  static const Json value = Json::parse(
      R"({"page":2,"limit":1.5,"text":"a b","big":9007199254740993,"none":null,"yes":true,"list":[1,"two",{"x":[]}],)"
      R"("map":{"insert":"method","a":{"b":[]}},"sessid":"s1"})");
  return value;
}

const http::Headers& fields() {
  static const http::Headers headers{{"X-Token", "t1"}, {"X-Count", "7"}};
  return headers;
}

const expression::HeaderValues& headers() {
  static const expression::HeaderValues values{&fields(), Json{{"x-count", 7}}};
  return values;
}

state::CollectionSpec spec_of_sessions() { return {"sessions", "id", {"owner", "kind"}, "issued", ""}; }

}  // namespace

ExpressionWorld::ExpressionWorld()
    : sessions_(std::make_shared<const state::CollectionSpec>(spec_of_sessions())),
      users_(std::make_shared<const state::CollectionSpec>(state::CollectionSpec{"users", "name", {}, "", ""})) {
  for (int i = 0; i < 6; ++i) {
    sessions_.insert({{"id", "s" + std::to_string(i)},
                      {"owner", i % 2 == 0 ? "ada" : "bob"},
                      {"kind", i % 3},
                      {"issued", "2024-01-0" + std::to_string(6 - i) + "T00:00:00Z"}});
  }
  users_.insert({{"name", "ada"}, {"plan", "seller"}});
  users_.insert({{"name", "bob"}, {"plan", nullptr}});
}

std::optional<expression::Value> ExpressionWorld::find(std::string_view name) {
  if (name == "query" || name == "variables" || name == "body") return &query();
  if (name == "headers") return &headers();
  if (name == "sessions") return &sessions_;
  if (name == "users" || name == "accounts" || name == "applications") return &users_;
  if (name == "credential") return std::string_view("ada");
  if (name == "now") return int64_t{1'700'000'000'000};
  if (name == "flag") return true;
  if (name == "absent") return expression::Absent{};
  return std::nullopt;
}

std::vector<std::string> ExpressionWorld::names() const {
  return {"query", "variables", "body", "headers", "sessions", "users", "credential", "now", "flag", "absent"};
}

}  // namespace counterpart::fuzz
